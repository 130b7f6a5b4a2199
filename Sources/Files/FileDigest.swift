/// A file as it was read.
public struct FileDigest: Sendable, Codable, Equatable {
  public var name: String
  public var byteCount: Int
  /// Lower-case hexadecimal SHA-256 of the bytes.
  public var sha256: String

  public init(name: String, byteCount: Int, sha256: String) {
    self.name = name
    self.byteCount = byteCount
    self.sha256 = sha256
  }
}
