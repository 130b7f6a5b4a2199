import Foundation

/// All bytes up to the end of what `descriptor` reads; `path` names it in errors.
///
/// - Parameter limit: where there are more bytes than this, one more than `limit` is returned.
func readBytes(from descriptor: Int32, path: String, limit: Int = .max - 1) throws(FileError) -> [UInt8] {
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while bytes.count <= limit {
    let wanted = min(piece.count, limit + 1 - bytes.count)
    let received = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, wanted) }
    if received < 0 && errno == EINTR { continue }
    guard received >= 0 else { throw .cannotRead(path: path, reason: systemErrorText()) }
    if received == 0 { break }
    bytes += piece[..<received]
  }
  return bytes
}

/// The text of a file in UTF-8 that people write, such as a recipe or a list; pipes and devices are read too.
///
/// - Parameters:
///   - path: what messages call it as well; `-` is standard input.
///   - expected: what the text should be, for messages.
///   - limit: the most bytes that are read; more is refused, so that a device without an end is.
package func readText(_ path: String, expected: String, limit: Int = 1 << 26) throws(FileError) -> String {
  let isInput = path == "-"
  if !isInput && PathKind(path) == .folder {
    throw .cannotRead(path: path, reason: "it is a folder, expected \(expected)")
  }
  let descriptor = isInput ? 0 : open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw errno == ENOENT || errno == ENOTDIR
      ? .notFound(path: path) : .cannotRead(path: path, reason: systemErrorText())
  }
  defer { if !isInput { close(descriptor) } }
  let bytes = try readBytes(from: descriptor, path: path, limit: limit)
  guard bytes.count <= limit else {
    throw .unexpectedContent(path: path, found: "more than \(limit) bytes", expected: expected)
  }
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw .unexpectedContent(path: path, found: "bytes that are not UTF-8", expected: expected)
  }
  // A byte-order mark is no part of the first line.
  return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
}
