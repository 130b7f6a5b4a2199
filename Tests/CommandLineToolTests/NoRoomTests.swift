import Foundation
import Testing
import TestSupport

/// A disk that fills up: status 73, one line, nothing left; what was there stays.
@Suite struct NoRoomTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A limit on the size of files fails writes as a full disk does, wherever the tests run.
  private static let limited = "trap '' XFSZ; ulimit -f 16; exec \"$@\""

  @Test func fitExportAndSampleLeaveNothing() throws {
    let run = try SampleRun.shared.get()
    expectRefusal(
      try twotower(["fit"] + quick + ["--output", folder("run")], shell: Self.limited), status: 73, folder("run/"),
      "cannot write")
    expectRefusal(
      try twotower("export", run.path, "--output", folder("npy"), shell: Self.limited), status: 73, folder("npy/"), "cannot write")
    expectRefusal(
      try twotower("sample", "--users", "300", "--artists", "500", "--output", folder("data"), shell: Self.limited),
      status: 73, folder("data/"), "cannot be written")
    #expect(folder.names.isEmpty)
  }

  @Test func anOldRunStaysWhole() throws {
    let run = try folder.copy(try SampleRun.shared.get().path, as: "run")
    let before = try files(in: run)
    expectRefusal(
      try twotower(["fit"] + quick + ["--output", run, "--replace", "--seed", "9"], shell: Self.limited), status: 73, run)
    #expect(try files(in: run) == before)
    #expect(folder.names == ["run"])
  }

  @Test func aStoppedFitThatCannotBeSavedSaysSo() throws {
    let process = try ToolProcess(
      ["fit", "--data", Tool.sample, "--epochs", "500", "--output", folder("run")], shell: Self.limited)
    #expect(process.waits(forError: "epoch 1/500"))
    process.send(SIGINT)
    expectRefusal(process.finish(), status: 73, "cannot write")
    #expect(folder.names.isEmpty)
  }

  @Test(.enabled(if: SmallFileSystem.canBeMounted, "needs the right to mount a file system"))
  func aFullFileSystemLeavesNothing() throws {
    let mount = try #require(try SmallFileSystem(at: folder.path))
    defer { mount.unmount() }
    expectRefusal(
      try twotower(["fit"] + quick + ["--output", folder("run")]), status: 73, folder("run"), "No space left on device")
    expectRefusal(
      try twotower("sample", "--users", "300", "--artists", "500", "--output", folder("data")), status: 73,
      "No space left on device")
    #expect(folder.names.isEmpty)
  }
}

/// 64 kB of memory mounted as a file system.
private struct SmallFileSystem {
  private let path: String

  /// Nil where the tests may not mount it.
  init?(at path: String) throws {
    self.path = path
    guard try twotower(shell: "mount -t tmpfs -o size=64k tmpfs '\(path)' 2>/dev/null").status == 0 else { return nil }
  }

  func unmount() { _ = try? twotower(shell: "umount '\(path)'") }

  /// Found out by mounting one.
  static let canBeMounted: Bool = {
    guard let folder = try? TemporaryFolder(), let mount = try? SmallFileSystem(at: folder.path) else { return false }
    mount.unmount()
    return true
  }()
}
