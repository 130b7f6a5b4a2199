import Foundation
import Testing
import TestSupport
import TwoTowerDatasets

/// `Data/fetch-lastfm` against a local server with a made-up archive.
///
/// One after the other: a server started beside another test's process would keep that one's end from being noticed.
@Suite(
  .serialized,
  .enabled(if: ArchiveServer.isAvailable, "python3 is missing: it serves the archive that these tests download"))
struct FetchTests {
  private let files = try! smallHetRec()
  private let notes = try! TemporaryFolder()
  /// Where the script writes.
  private let place = try! TemporaryFolder()
  private let server: ArchiveServer
  private var target: String { place("set") }
  private var part: String { place("set.zip.part") }

  init() throws {
    let timed = "user_taggedartists-timestamps.dat"
    var checksums = ""
    for name in checkedFiles {
      // Some bulk that does not compress, so that half an archive is more than its directory.
      if name == "artists.dat" {
        let lines = (100..<4_000).map { "\($0)\t\(UUID().uuidString)\tu\tp\n" }.joined()
        try files.write(name, "id\tname\turl\tpictureURL\n7\tFohi\tu\tp\n9\tVopi\tu\t\n12\tÉde\t\t\n\(lines)")
      }
      checksums += try sha256(files(name)) + "  \(name)\n"
    }
    try files.write("readme.txt", "for non-commercial use")
    try notes.write("checksums", checksums + "rows=5  \(timed)\n")
    server = try ArchiveServer(serving: files, notesIn: notes)
  }

  @Test(arguments: ["whole.zip", "nested.zip"]) func downloadsChecksAndUnpacks(archive: String) throws {
    let result = try fetch(archive)
    #expect(result.status == 0, "\(result)")
    #expect(result.output.contains("complete and intact"))
    #expect(result.output.contains("non-commercial"))
    #expect(result.output.contains("cite:"))
    #expect(result.errors.isEmpty)
    #expect(try left() == ["set"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: target).sorted() == (
      checkedFiles + ["readme.txt", "user_taggedartists-timestamps.dat"]).sorted())
    for name in checkedFiles { #expect(try bytes(target + "/\(name)") == bytes(files(name))) }
    #expect(try readDataFolder(target).interactions.count == 4)

    let again = try fetch(archive)
    #expect(again.status == 0)
    #expect(again.output.contains("already there and intact"))
    #expect(server.requests.count == 1)
  }

  @Test func anIncompleteFolderIsLeftAlone() throws {
    #expect(try fetch("whole.zip").status == 0)
    try place.write("set/tags.dat", "tagID\ttagValue\n")
    let result = try fetch("whole.zip")
    #expect(result.status == 65)
    #expect(result.errors.contains("tags.dat: found SHA-256"))
    #expect(try bytes(target + "/tags.dat").count == 15)
    #expect(server.requests.count == 1)
  }

  @Test func anotherChecksumIsRefused() throws {
    let checksums = try String(contentsOfFile: notes("checksums"), encoding: .utf8)
    let real = try sha256(files("tags.dat"))
    try notes.write("checksums", checksums.replacingOccurrences(of: real, with: String(repeating: "0", count: 64)))
    let result = try fetch("whole.zip")
    #expect(result.status == 65)
    #expect(result.errors.contains("tags.dat: found SHA-256 \(real), expected 0000"))
    #expect(try left().isEmpty)
  }

  @Test(arguments: [
    ("userID\tartistID\ttagID\ttimestamp\n1\t1\t1\t1\n", "found 1 rows, expected 5"),
    ("userID\tartistID\ttagID\n" + String(repeating: "1\t1\t1\n", count: 5), "the header is not"),
  ])
  func timesMustHaveTheirHeaderAndRows(text: String, message: String) throws {
    try files.write("user_taggedartists-timestamps.dat", text)
    let other = try ArchiveServer(serving: files, notesIn: TemporaryFolder())
    let result = try fetch("whole.zip", from: other)
    #expect(result.status == 65)
    #expect(result.errors.contains("user_taggedartists-timestamps.dat: \(message)"))
    #expect(try left().isEmpty)
  }

  @Test func aBrokenDownloadGoesOnWhereItEnded() throws {
    let broken = try fetch("truncated.zip")
    #expect(broken.status == 66)
    #expect(broken.errors.contains("the download broke off"))
    #expect(try left() == ["set.zip.part"])
    let count = try bytes(part).count
    #expect(count > 10_000)
    #expect(broken.errors.contains("\(count) bytes are kept in \(part)"))

    #expect(try fetch("truncated.zip").status == 0)
    #expect(server.requests == ["/truncated.zip 0", "/truncated.zip \(count)"])
    #expect(try left() == ["set"])
  }

  @Test func withoutRangesItStartsAgain() throws {
    #expect(try fetch("no-ranges.zip").status == 66)
    #expect(try fetch("no-ranges.zip").status == 0)
    #expect(try left() == ["set"])
  }

  @Test func aPartLongerThanTheArchiveIsThrownAway() throws {
    try place.write("set.zip.part", bytes: Array(repeating: 7, count: 10_000_000))
    #expect(try fetch("whole.zip").status == 0)
    #expect(server.requests == ["/whole.zip 10000000", "/whole.zip 0"])
    #expect(try left() == ["set"])
  }

  @Test func aCompletePartNeedsNoServer() throws {
    #expect(try fetch("truncated.zip").status == 66)
    let rest = try download("\(server.address)/whole.zip")
    try place.write("set.zip.part", bytes: rest)
    server.stop()
    #expect(try fetch("whole.zip").status == 0)
    #expect(try left() == ["set"])
  }

  @Test(arguments: [
    ("absent.zip", 66, "the server answers 404"), ("broken.zip", 65, "no intact zip archive"),
    ("without-tags.zip", 65, "the archive has no tags.dat"),
  ])
  func otherAnswersAreRefused(archive: String, status: Int32, message: String) throws {
    let result = try fetch(archive)
    #expect(result.status == status)
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(try left().isEmpty)
  }

  @Test func aServerThatIsDownIsSaid() throws {
    server.stop()
    let result = try fetch("whole.zip")
    #expect(result.status == 66)
    #expect(result.errors.contains("the server cannot be reached"))
    #expect(try left().isEmpty)
  }

  @Test func aPlaceThatCannotBeWrittenIsSaid() throws {
    try place.write("file", "")
    for folder in [place("file/set"), place("absent/set")] {
      let result = try fetch("whole.zip", to: folder)
      #expect(result.status == 73)
      #expect(result.errors.contains("cannot be written; choose another place"))
    }
    #expect(try left() == ["file"])
    #expect(server.requests.isEmpty)
  }

  /// A limit on the size of files stands for a full disk.
  @Test func noRoomForTheDownloadIsSaid() throws {
    let result = try fetch("whole.zip", fileBlocks: 8)
    #expect(result.status == 73, "\(result)")
    #expect(result.errors.contains("make room"))
    #expect(try left() == ["set.zip.part"])
    #expect(try fetch("whole.zip").status == 0)
  }

  @Test func noRoomForTheFilesIsSaid() throws {
    let rows = String(repeating: "1\t1\t1\t1\n", count: 500_000)
    try files.write("user_taggedartists-timestamps.dat", "userID\tartistID\ttagID\ttimestamp\n\(rows)")
    let other = try ArchiveServer(serving: files, notesIn: TemporaryFolder())
    // The archive is below 1 MB, the file of 4 MB above.
    let result = try fetch("whole.zip", from: other, fileBlocks: 2_048)
    #expect(result.status == 73, "\(result)")
    #expect(result.errors.contains("cannot be written; make room"))
    #expect(try left() == ["set.zip.part"])
  }

  @Test(arguments: [["--to"], ["--speed"], ["--url", "ftp://127.0.0.1/a.zip"], ["--to", ""]])
  func badArgumentsAreUsage(arguments: [String]) throws {
    let result = try run([script] + arguments)
    #expect(result.status == 64)
    #expect(result.errors.contains("--help") || result.errors.contains("expected"))
  }

  @Test func badChecksumsAreRefused() throws {
    for text in ["", "abc  tags.dat\n", "rows=3  ../tags.dat\n"] {
      try notes.write("checksums", text)
      #expect(try fetch("whole.zip").status == 65)
    }
    try notes.remove("checksums")
    #expect(try fetch("whole.zip").status == 66)
    #expect(try left().isEmpty)
  }

  @Test func helpHasAnExample() throws {
    let result = try run([script, "--help"])
    #expect(result.status == 0)
    #expect(result.output.contains("example:\n  Data/fetch-lastfm"))
  }

  @Test(arguments: ["curl", "unzip"]) func missingProgramsAreNamed(name: String) throws {
    let tools = try TemporaryFolder()
    for tool in ["cat", "cut", "grep", "sed", "tr", "sha256sum", "curl", "unzip"] where tool != name {
      try tools.write(tool, "#!/bin/sh\nexit 0\n")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tools(tool))
    }
    let result = try run([script, "--to", target], path: tools.path)
    #expect(result.status == 70)
    #expect(result.errors.contains("install the package \(name)"))
  }

  private func left() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: place.path).sorted() }

  private func fetch(
    _ archive: String, from other: ArchiveServer? = nil, to folder: String? = nil, fileBlocks: Int? = nil
  ) throws -> (status: Int32, output: String, errors: String) {
    let server = other ?? server
    defer { withExtendedLifetime(server) {} }
    let arguments = [
      script, "--url", "\(server.address)/\(archive)", "--checksums", notes("checksums"), "--to",
      folder ?? target,
    ]
    guard let fileBlocks else { return try run(arguments) }
    // Ignored, the signal becomes an error of write().
    return try run(
      ["/bin/sh", "-c", "trap '' XFSZ; ulimit -f \(fileBlocks); exec \"$@\"", "sh"] + arguments)
  }
}

private let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("Data/fetch-lastfm").path

private let checkedFiles = ["artists.dat", "tags.dat", "user_artists.dat", "user_friends.dat", "user_taggedartists.dat"]

private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

private func sha256(_ path: String) throws -> String {
  String(try run(["/usr/bin/env", "sha256sum", path]).output.prefix(64))
}

private func download(_ url: String) throws -> [UInt8] {
  let file = try TemporaryFolder()
  _ = try run(["/usr/bin/env", "curl", "-s", "-o", file("body"), url])
  return try Array(bytes(file("body")))
}

private func run(_ command: [String], path: String? = nil) throws -> (status: Int32, output: String, errors: String) {
  let process = Process()
  let notes = try TemporaryFolder()
  let output = try FileHandle(forWritingTo: URL(fileURLWithPath: notes.write("output", "")))
  let errors = try FileHandle(forWritingTo: URL(fileURLWithPath: notes.write("errors", "")))
  process.executableURL = URL(fileURLWithPath: command[0])
  process.arguments = Array(command.dropFirst())
  var environment = ProcessInfo.processInfo.environment
  environment["no_proxy"] = "127.0.0.1"
  environment["TWOTOWER_LASTFM_URL"] = nil
  if let path { environment["PATH"] = path }
  process.environment = environment
  process.standardOutput = output
  process.standardError = errors
  process.standardInput = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  return (
    process.terminationStatus, String(decoding: try bytes(notes("output")), as: UTF8.self),
    String(decoding: try bytes(notes("errors")), as: UTF8.self)
  )
}
