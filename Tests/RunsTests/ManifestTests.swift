import Foundation
import Testing
import TestSupport
import TwoTowerFiles
import TwoTowerRuns

/// A run folder of two files and its manifest.
private func withRun(_ body: (_ run: String) throws -> Void) throws {
  try withTemporaryFolder { folder in
    try AtomicFiles.write("abc", to: "\(folder)/a.txt")
    try AtomicFiles.write("", to: "\(folder)/b c.bin")
    try Manifest.write(in: folder)
    try body(folder)
  }
}

struct ManifestTests {
  @Test func theManifestIsThatOfSha256sum() throws {
    try withRun { run in
      // Digests of "abc" (FIPS 180-4, example) and of nothing.
      #expect(
        try String(decoding: contents(of: "\(run)/checksums.txt"), as: UTF8.self) == """
          ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.txt
          e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b c.bin

          """)
      #expect(Manifest.exists(in: run))
      let files = try Manifest.verify(run)
      #expect(files == ["a.txt": Data("abc".utf8), "b c.bin": Data()])
    }
  }

  @Test func whatWasChangedIsNamed() throws {
    func error(after change: (_ run: String) throws -> Void) throws -> CheckpointError? {
      var found: CheckpointError?
      try withRun { run in
        try change(run)
        found = #expect(throws: CheckpointError.self) { try Manifest.verify(run) }
        #expect(found?.description.contains("\n") == false)
      }
      return found
    }
    let altered = try error { try AtomicFiles.write("abd", to: "\($0)/a.txt") }
    #expect(altered?.description.contains("a.txt: found SHA-256") == true)
    let truncated = try error { try AtomicFiles.write("ab", to: "\($0)/a.txt") }
    #expect(truncated?.description.contains("(2 bytes), expected ba7816bf8f01…") == true)
    let missing = try error { try FileManager.default.removeItem(atPath: "\($0)/b c.bin") }
    #expect(missing?.description.contains("b c.bin: found no file") == true)
    let extra = try error { try AtomicFiles.write("x", to: "\($0)/extra") }
    #expect(extra?.description.contains("extra: found a file that checksums.txt does not list") == true)
    let unsaved = try error { try FileManager.default.removeItem(atPath: "\($0)/checksums.txt") }
    #expect(unsaved?.description.contains("found no checksums.txt") == true)
  }

  @Test(arguments: [
    "ba78  a.txt\n", "\n", "x", String(repeating: "g", count: 64) + "  a.txt\n", String(repeating: "0", count: 64) + " a.txt\n",
    String(repeating: "0", count: 64) + "  ../a.txt\n", String(repeating: "0", count: 64) + "  \n",
    String(repeating: "0", count: 64) + "  ..\n", String(repeating: "0", count: 64) + "  a.txt",
  ])
  func damagedManifestsNameTheLine(text: String) throws {
    try withRun { run in
      try AtomicFiles.write(text, to: "\(run)/checksums.txt")
      let error = #expect(throws: CheckpointError.self) { try Manifest.verify(run) }
      #expect(error?.description.contains("checksums.txt: line ") == true)
    }
  }

  @Test func anEmptyManifestListsNothing() throws {
    try withRun { run in
      try AtomicFiles.write("", to: "\(run)/checksums.txt")
      #expect(throws: CheckpointError.self) { try Manifest.verify(run) }
    }
  }

  @Test func foldersThatAreNotThereAreNamed() {
    #expect(throws: CheckpointError.file(.notFound(path: "/nowhere/run"))) { try Manifest.verify("/nowhere/run") }
    #expect(throws: CheckpointError.file(.cannotRead(path: "/dev/null", reason: "it is not a run folder"))) {
      try Manifest.verify("/dev/null")
    }
  }
}
