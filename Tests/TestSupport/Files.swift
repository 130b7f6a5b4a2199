import Foundation

/// The checkout that the tests belong to.
package let repositoryFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// The bytes of a file.
package func contents(of path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

/// All names in a folder, hidden ones too.
package func names(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

/// Every file of a folder by name.
package func files(in folder: String) throws -> [String: Data] {
  try Dictionary(uniqueKeysWithValues: names(in: folder).map { ($0, try contents(of: "\(folder)/\($0)")) })
}
