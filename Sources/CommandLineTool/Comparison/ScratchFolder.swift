import Foundation
import TwoTowerFiles

/// A folder for what is not kept.
struct ScratchFolder {
  private let path: String

  /// - Throws: `Failure` where no folder can be made.
  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/twotower-compare-\(UUID().uuidString)"
    try Self.make(path)
  }

  /// A new folder in it.
  func makeFolder() throws -> String {
    let folder = "\(path)/\(UUID().uuidString)"
    try Self.make(folder)
    return folder
  }

  func remove() { remove(path) }

  func remove(_ folder: String) { try? FileManager.default.removeItem(atPath: folder) }

  private static func make(_ folder: String) throws {
    guard mkdir(folder, 0o700) == 0 else {
      throw Failure(
        .cannotWrite, "\(folder): cannot write: \(systemErrorText()); set TMPDIR to a folder with room")
    }
  }
}
