import Foundation

/// A folder that goes away with this object.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("twotower-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file and returns its path.
  @discardableResult
  package func write(_ name: String, _ text: String) throws -> String { try write(name, bytes: text.utf8) }

  @discardableResult
  package func write(_ name: String, bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: self(name)))
    return self(name)
  }

  /// Copies a file or folder into this one.
  @discardableResult
  package func copy(_ path: String, as name: String) throws -> String {
    try FileManager.default.copyItem(atPath: path, toPath: self(name))
    return self(name)
  }

  /// All names in it, hidden ones too.
  package var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? [] }

  package func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: self(name)) }
}

/// A new folder, removed with everything in it at the end of `body`.
package func withTemporaryFolder<Result>(_ body: (_ path: String) throws -> Result) throws -> Result {
  let folder = try TemporaryFolder()
  return try withExtendedLifetime(folder) { try body(folder.path) }
}
