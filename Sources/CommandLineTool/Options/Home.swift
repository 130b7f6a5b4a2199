import Foundation

/// The checkout that holds `Data/` and `Models/`.
enum Home {
  /// From the launcher; else the folder that holds the binary's build folder; else the working folder.
  static let folder: String = {
    if let named = ProcessInfo.processInfo.environment["TWOTOWER_HOME"], !named.isEmpty { return named }
    // The system knows the binary's place even when it was found on the PATH.
    let binary = (Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])).resolvingSymlinksInPath()
    var folder = binary.deletingLastPathComponent()
    for _ in 0..<4 {
      if isFolder(folder.path + "/Models") && isFolder(folder.path + "/Data") { return folder.path }
      folder.deleteLastPathComponent()
    }
    return FileManager.default.currentDirectoryPath
  }()

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
  }
}
