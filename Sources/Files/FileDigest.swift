/// A file as it was read.
package struct FileDigest: Sendable, Codable, Equatable {
  package var name: String
  package var byteCount: Int
  /// Lower-case hexadecimal SHA-256 of the bytes.
  package var sha256: String

  package init(name: String, byteCount: Int, sha256: String) {
    self.name = name
    self.byteCount = byteCount
    self.sha256 = sha256
  }
}
