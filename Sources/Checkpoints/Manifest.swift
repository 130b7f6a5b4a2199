import Crypto
import Foundation

/// The SHA-256 of every file of a run folder, in a text file that `sha256sum --check` reads too.
public enum Manifest {
  public static let fileName = "checksums.txt"

  /// Writes the manifest of the files that are in `folder` now.
  ///
  /// - Throws: `CheckpointError`.
  /// - Precondition: `folder` holds plain files only, without line breaks or backslashes in their names.
  public static func write(in folder: String) throws(CheckpointError) {
    var text = ""
    for name in try fileNames(in: folder) where name != fileName {
      precondition(
        !name.contains { $0.isNewline || $0 == "\\" }, "Manifest.write: the name \(name.quoted()) does not fit a line")
      text += "\(digest(of: try mappedBytes(of: "\(folder)/\(name)")))  \(name)\n"
    }
    try AtomicFiles.write(text, to: "\(folder)/\(fileName)")
  }

  /// Checks that `folder` holds exactly the files of its manifest, each unchanged; to be called before any is parsed.
  ///
  /// - Returns: the mapped bytes of the files by name: parse these, so that what was checked is what is read.
  /// - Throws: `CheckpointError.noSuchFile` without the folder, `.altered` naming the first file that is missing,
  ///   extra or changed, `.malformed` with the line when the manifest itself is damaged.
  public static func verify(_ folder: String) throws(CheckpointError) -> [String: Data] {
    let path = "\(folder)/\(fileName)"
    var missing = Set(try fileNames(in: folder))
    guard missing.remove(fileName) != nil else {
      throw .unexpectedContent(path: folder, place: "run folder", found: "no \(fileName)", expected: "a run that was saved")
    }
    let lines = try parse(mappedBytes(of: path), path: path)
    var files: [String: Data] = [:]
    for (name, expected) in lines {
      let file = "\(folder)/\(name)"
      guard missing.remove(name) != nil else { throw .altered(path: file, found: "no file", expected: "one") }
      let bytes = try mappedBytes(of: file)
      let found = digest(of: bytes)
      guard found == expected else {
        throw .altered(
          path: file, found: "SHA-256 \(found.prefix(12))… (\(bytes.count) bytes)", expected: "\(expected.prefix(12))…")
      }
      files[name] = bytes
    }
    if let extra = missing.min() {
      throw .altered(path: "\(folder)/\(extra)", found: "a file that \(fileName) does not list", expected: "none")
    }
    return files
  }

  /// Whether the folder at `path` holds a manifest, and so is one of ours to replace.
  public static func exists(in path: String) -> Bool { PathKind("\(path)/\(fileName)") == .file }

  /// Lower-case hexadecimal SHA-256.
  static func digest(of bytes: Data) -> String {
    SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func fileNames(in folder: String) throws(CheckpointError) -> [String] {
    switch PathKind(folder) {
    case .nothing: throw .noSuchFile(path: folder)
    case .file, .special: throw .cannotRead(path: folder, reason: "it is not a run folder")
    case .folder: break
    }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw .cannotRead(path: folder, reason: error.localizedDescription)
    }
  }

  private static func parse(_ bytes: Data, path: String) throws(CheckpointError) -> [(name: String, digest: String)] {
    func malformed(_ line: Int, _ found: String) -> CheckpointError {
      .malformed(path: path, place: "line \(line)", found: found, expected: "64 hexadecimal digits, two spaces and a name")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .malformed(path: path, place: "text", found: "other bytes", expected: "UTF-8")
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.removeLast().isEmpty else { throw malformed(lines.count + 1, "no line break at the end") }
    var files: [(name: String, digest: String)] = []
    var names = Set<String>()
    for (index, line) in lines.enumerated() {
      let digest = line.prefix(64)
      let name = String(line.dropFirst(66))
      guard digest.count == 64, digest.allSatisfy({ $0.isASCII && $0.isHexDigit && !$0.isUppercase }),
        line.dropFirst(64).hasPrefix("  "), !name.isEmpty, !name.contains("/"), name != ".", name != "..",
        name != fileName, names.insert(name).inserted
      else { throw malformed(index + 1, String(line).quoted()) }
      files.append((name, String(digest)))
    }
    return files
  }
}
