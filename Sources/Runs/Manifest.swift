import Foundation
import Synchronization
import TwoTowerFiles
import TwoTowerKernels

/// The SHA-256 of every file of a run folder, in a text file that `sha256sum --check` reads too.
package enum Manifest {
  package static let fileName = "checksums.txt"

  /// Writes the manifest of the files that are in the new folder `folder` now.
  ///
  /// - Throws: `FileError`.
  /// - Precondition: `folder` holds plain files only, without line breaks or backslashes in their names.
  package static func write(in folder: String) throws(FileError) {
    let names = try fileNames(in: folder).filter { $0 != fileName }
    var files: [MappedFile] = []
    for name in names {
      precondition(
        !name.contains { $0.isNewline || $0 == "\\" }, "Manifest.write: the name \(name.quoted()) does not fit a line")
      files.append(try MappedFile(path: "\(folder)/\(name)"))
    }
    let digests = Mutex([String](repeating: "", count: names.count))
    parallelForEach(chunkCount: names.count) { [files] place in
      let digest = files[place].digest.sha256
      digests.withLock { $0[place] = digest }
    }
    let lines = zip(digests.withLock { $0 }, names).map { "\($0)  \($1)\n" }
    try AtomicFiles.write(lines.joined(), to: "\(folder)/\(fileName)", inNewFolder: true)
  }

  /// Checks that `folder` holds exactly the files of its manifest, each unchanged; to be called before any is parsed.
  ///
  /// - Returns: the mapped bytes of the files by name: parse these, so that what was checked is what is read.
  /// - Throws: as `CheckedFiles`, for all files.
  package static func verify(_ folder: String) throws(CheckpointError) -> [String: Data] {
    let checked = try CheckedFiles(in: folder)
    var files: [String: Data] = [:]
    for name in checked.names { files[name] = try checked.bytes(of: name) }
    return files
  }

  /// Whether the folder at `path` holds a manifest, and so is one of ours to replace.
  package static func exists(in path: String) -> Bool { PathKind("\(path)/\(fileName)") == .file }

  static func fileNames(in folder: String) throws(FileError) -> [String] {
    switch PathKind(folder) {
    case .nothing: throw .notFound(path: folder)
    case .file, .special, .pipe: throw .cannotRead(path: folder, reason: "it is not a run folder")
    case .folder: break
    }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw .cannotRead(path: folder, reason: error.localizedDescription)
    }
  }

  static func parse(_ bytes: Data, path: String) throws(CheckpointError) -> [(name: String, digest: String)] {
    func malformed(_ line: Int, _ found: String) -> CheckpointError {
      .malformed(
        path: path, place: "line \(line)", found: found, expected: "64 hexadecimal digits, two spaces and a name")
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
