import Foundation

/// The text of a file that people write, such as a recipe or a list; `-` is standard input, and pipes are read too.
///
/// - Parameters:
///   - path: what messages call it as well.
///   - expected: what the text should be, for messages.
///   - limit: the most bytes that are read; more is refused, so that a device without an end is.
/// - Throws: `Failure`.
func readText(_ path: String, expected: String, limit: Int = 1 << 26) throws -> String {
  if path != "-" && Home.isFolder(path) { throw Failure(.noInput, "\(path): is a folder, expected \(expected)") }
  let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw Failure(.noInput, "\(path): cannot be read: \(String(cString: strerror(errno))); check the path")
  }
  let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: path != "-")
  var bytes = Data()
  do {
    while bytes.count <= limit, let more = try file.read(upToCount: 1 << 20), !more.isEmpty { bytes.append(more) }
  } catch {
    throw Failure(.noInput, "\(path): cannot be read: \(error.localizedDescription)")
  }
  guard bytes.count <= limit else {
    throw Failure(.badData, "\(path): found more than \(grouped(limit)) bytes, expected \(expected)")
  }
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw Failure(.badData, "\(path): found bytes that are not UTF-8, expected \(expected)")
  }
  // A byte-order mark is no part of the first line.
  return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
}
