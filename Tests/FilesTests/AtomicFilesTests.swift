import Foundation
import Testing
import TestSupport
import TwoTowerFiles

private struct Interruption: Error {}

struct AtomicFilesTests {
  @Test func filesAreReplacedWhole() throws {
    try withTemporaryFolder { folder in
      try AtomicFiles.write("old", to: "\(folder)/f")
      try AtomicFiles.write("new and longer", to: "\(folder)/f")
      #expect(try String(decoding: contents(of: "\(folder)/f"), as: UTF8.self) == "new and longer")
      #expect(try names(in: folder) == ["f"])
    }
  }

  @Test func aFailureLeavesTheOldFileAndNothingElse() throws {
    try withTemporaryFolder { folder in
      try AtomicFiles.write("old", to: "\(folder)/f")
      #expect(throws: FileError.cannotWrite(path: "x", reason: "y")) {
        try AtomicFiles.write(to: "\(folder)/f") { file throws(FileError) in
          try file.write("half")
          throw .cannotWrite(path: "x", reason: "y")
        }
      }
      #expect(try String(decoding: contents(of: "\(folder)/f"), as: UTF8.self) == "old")
      #expect(try names(in: folder) == ["f"])
    }
  }

  @Test func linksStayLinks() throws {
    try withTemporaryFolder { folder in
      try AtomicFiles.write("old", to: "\(folder)/file")
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "file")
      try AtomicFiles.write("new", to: "\(folder)/link")
      #expect(try String(decoding: contents(of: "\(folder)/file"), as: UTF8.self) == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/link") == "file")
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"))) func aFullDiskIsReported() throws {
    let error = #expect(throws: FileError.self) { try AtomicFiles.write("x", to: "/dev/full") }
    #expect(error?.description == "/dev/full: cannot write: No space left on device")
    // The device is still there, not replaced by a file.
    #expect(try FileManager.default.attributesOfItem(atPath: "/dev/full")[.type] as? FileAttributeType == .typeCharacterSpecial)
  }

  @Test func placesThatCannotBeWrittenAreNamed() throws {
    try withTemporaryFolder { folder in
      try AtomicFiles.write("x", to: "\(folder)/file")
      for path in ["\(folder)/file/below", "\(folder)/missing/f", folder] {
        let error = #expect(throws: FileError.self) { try AtomicFiles.write("x", to: path) }
        #expect(error?.description.hasPrefix("\(path): cannot write: ") == true)
      }
      for path in ["\(folder)/file", "\(folder)/file/below", "\(folder)/file/far/below"] {
        #expect(throws: FileError.self) { try AtomicFiles.checkFolder(at: path) }
        #expect(throws: FileError.self) { try AtomicFiles.writeFolder(at: path) { _ in Issue.record("called") } }
      }
      #expect(try names(in: folder) == ["file"])
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may write anywhere")) func foldersWithoutPermissionAreNamed() throws {
    try withTemporaryFolder { folder in
      chmod(folder, 0o500)
      defer { chmod(folder, 0o700) }
      #expect(throws: FileError.cannotWrite(path: "\(folder)/f", reason: "Permission denied")) {
        try AtomicFiles.write("x", to: "\(folder)/f")
      }
      #expect(throws: FileError.self) { try AtomicFiles.checkFolder(at: "\(folder)/run") }
    }
  }

  @Test func foldersAreMadeWithThoseAbove() throws {
    try withTemporaryFolder { folder in
      try AtomicFiles.writeFolder(at: "\(folder)/a/b/run/") { try AtomicFiles.write("1", to: "\($0)/one") }
      #expect(try names(in: "\(folder)/a/b/run") == ["one"])
      #expect(try names(in: "\(folder)/a/b") == ["run"])
    }
  }

  @Test func aFailureLeavesTheOldFolderAndNothingElse() throws {
    try withTemporaryFolder { folder in
      try AtomicFiles.writeFolder(at: "\(folder)/run") { try AtomicFiles.write("1", to: "\($0)/one") }
      for path in ["\(folder)/run", "\(folder)/new/deep/run"] {
        #expect(throws: Interruption.self) {
          try AtomicFiles.writeFolder(at: path, mayReplace: { _ in true }) {
            try AtomicFiles.write("2", to: "\($0)/two")
            throw Interruption()
          }
        }
      }
      #expect(try names(in: folder) == ["run"])
      #expect(try names(in: "\(folder)/run") == ["one"])
    }
  }

  @Test func onlyFoldersOfOursAreReplaced() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: "\(folder)/run", withIntermediateDirectories: false)
      // An empty folder may be filled.
      try AtomicFiles.writeFolder(at: "\(folder)/run") { try AtomicFiles.write("1", to: "\($0)/one") }
      #expect(throws: FileError.self) { try AtomicFiles.writeFolder(at: "\(folder)/run") { _ in } }
      #expect(try names(in: "\(folder)/run") == ["one"])
      try AtomicFiles.writeFolder(at: "\(folder)/run", mayReplace: { $0.hasSuffix("/run") }) {
        try AtomicFiles.write("2", to: "\($0)/two")
      }
      #expect(try names(in: "\(folder)/run") == ["two"])
      #expect(try names(in: folder) == ["run"])
    }
  }
}
