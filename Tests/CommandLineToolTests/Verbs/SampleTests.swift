import Foundation
import Testing
import TestSupport

@Suite struct SampleTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aSeedWritesTheSameBytes() throws {
    for (name, seed) in [("a", "5"), ("b", "5"), ("c", "6")] {
      let outcome = try twotower(
        "sample", "--users", "40", "--artists", "60", "--seed", seed, "--output", folder(name))
      expectSuccess(outcome)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("40 users, 60 artists"))
    }
    #expect(try files(in: folder("a")) == files(in: folder("b")))
    #expect(try files(in: folder("a")) != files(in: folder("c")))
    #expect(try files(in: folder("a")).keys.contains("user_taggedartists-timestamps.dat"))
    #expect(folder.names == ["a", "b", "c"])
  }

  @Test(arguments: [(1, 1), (1, 5), (2, 2), (12, 3)])
  func evenTinySamplesAreReadBack(users: Int, artists: Int) throws {
    expectSuccess(
      try twotower("sample", "--users", "\(users)", "--artists", "\(artists)", "--output", folder("data")))
    let outcome = try twotower(
      "fit", "--data", folder("data"), "--epochs", "1", "--dimension", "4", "--output", folder("run"))
    if outcome.status == 0 {
      expectSuccess(try twotower("evaluate", folder("run")))
    } else {
      expectRefusal(outcome, status: 64, "share")
      #expect(users * artists == 1)
    }
  }

  @Test func badSizesAndFoldersAreRefused() throws {
    expectRefusal(try twotower("sample", "--users", "0", "--output", folder("x")), status: 64, "number of users is 0")
    expectRefusal(
      try twotower("sample", "--artists", "999999999999", "--output", folder("x")), status: 64, "number of artists")
    try folder.write("notes.txt", "mine")
    expectRefusal(try twotower("sample", "--output", folder.path), status: 73, folder.path)
    expectRefusal(try twotower("sample", "--output", folder("notes.txt")), status: 73, "notes.txt")
    #expect(folder.names == ["notes.txt"])
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func anInterruptedSampleLeavesNothing(signal: Int32, status: Int32) throws {
    let process = try ToolProcess(["sample", "--users", "400000", "--artists", "20000", "--output", folder("data")])
    while folder.names.isEmpty && process.isRunning { usleep(1_000) }  // writing has begun
    process.send(signal)
    expectRefusal(process.finish(), status: status, "interrupted")
    #expect(folder.names.isEmpty)
  }
}
