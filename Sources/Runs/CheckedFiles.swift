import Foundation
import Synchronization
import TwoTowerFiles

/// The files of a run folder by its manifest: all of them are there, and each is checked against its checksum before
/// its bytes are given away for the first time.
package struct CheckedFiles: Sendable {
  private final class Cache: Sendable {
    let bytes = Mutex<[String: Data]>([:])
  }

  package let folder: String
  private let digests: [String: String]
  private let cache = Cache()

  /// - Throws: `CheckpointError.file` without the folder, `.altered` naming the first file that is missing or
  ///   extra, `.malformed` with the line when the manifest itself is damaged.
  package init(in folder: String) throws(CheckpointError) {
    self.folder = folder
    var present: Set<String>
    do throws(FileError) { present = Set(try Manifest.fileNames(in: folder)) } catch { throw .file(error) }
    guard present.remove(Manifest.fileName) != nil else {
      throw .unexpectedContent(
        path: folder, place: "run folder", found: "no \(Manifest.fileName)", expected: "a run that was saved")
    }
    let path = "\(folder)/\(Manifest.fileName)"
    var digests: [String: String] = [:]
    for (name, digest) in try Manifest.parse(mappedBytes(of: path), path: path) {
      guard present.remove(name) != nil else {
        throw .altered(path: "\(folder)/\(name)", found: "no file", expected: "one")
      }
      digests[name] = digest
    }
    if let extra = present.min() {
      throw .altered(
        path: "\(folder)/\(extra)", found: "a file that \(Manifest.fileName) does not list", expected: "none")
    }
    self.digests = digests
  }

  /// The names that the manifest lists, sorted.
  package var names: [String] { digests.keys.sorted() }

  package func contains(_ name: String) -> Bool { digests[name] != nil }

  /// The mapped bytes of a file: parse these, so that what was checked is what is read.
  ///
  /// Nil when it is not listed.
  ///
  /// - Throws: `CheckpointError.altered` when the file is not the one that was saved.
  package func bytes(of name: String) throws(CheckpointError) -> Data? {
    guard let expected = digests[name] else { return nil }
    if let known = cache.bytes.withLock({ $0[name] }) { return known }
    let path = "\(folder)/\(name)"
    let bytes = try mappedBytes(of: path)
    let found = SHA256.digest(of: bytes.bytes)
    guard found == expected else {
      throw .altered(
        path: path, found: "SHA-256 \(found.prefix(12))… (\(bytes.count) bytes)", expected: "\(expected.prefix(12))…")
    }
    cache.bytes.withLock { $0[name] = bytes }
    return bytes
  }
}
