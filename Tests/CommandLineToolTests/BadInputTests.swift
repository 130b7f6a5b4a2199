import Foundation
import Testing
import TestSupport

/// What users' files may have wrong with them: one line of error, its status, and nothing written.
@Suite struct BadInputTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let columns = ["--user-column", "user", "--item-column", "item"]

  private func fit(_ data: String, _ more: String...) throws -> Outcome {
    try twotower(["fit", "--data", data, "--epochs", "1", "--dimension", "4", "--output", folder("run")] + more)
  }

  private func expectTableRefusal(
    _ text: String, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try expectTableRefusal(bytes: Array(text.utf8), words, sourceLocation: sourceLocation)
  }

  private func expectTableRefusal(bytes: [UInt8], _ words: [String], sourceLocation: SourceLocation) throws {
    let table = try folder.write("table.csv", bytes: bytes)
    let outcome = try twotower(["fit", "--data", table, "--output", folder("run")] + columns)
    expectRefusal(outcome, status: 65, "table.csv", sourceLocation: sourceLocation)
    for word in words {
      #expect(outcome.errorLines.first?.contains(word) == true, "\(word): \(outcome)", sourceLocation: sourceLocation)
    }
    #expect(folder.names == ["table.csv"], sourceLocation: sourceLocation)
  }

  // MARK: - Files

  @Test func missingFilesAndFolders() throws {
    expectRefusal(try fit(folder("none")), status: 66, folder("none"), "no such")
    expectRefusal(try fit(folder("none.csv")), status: 66, folder("none.csv"), "no such")
    expectRefusal(try fit(Tool.sample, "--train", folder("a"), "--test", folder("b")), status: 66, "no such file")
    expectRefusal(try fit(folder.path), status: 66, "no user_artists.dat", "no u.data")
    for verb in [["evaluate"], ["recommend", "--user", "2"], ["export", "--output", folder("npy")]] {
      expectRefusal(try twotower([verb[0], folder("none")] + verb.dropFirst()), status: 66, folder("none"))
    }
    #expect(folder.names.isEmpty)
  }

  @Test func filesThatAreNoTables() throws {
    expectRefusal(try fit("/dev/null"), status: 66, "/dev/null", "device")
    expectRefusal(try fit("/dev/zero"), status: 66, "/dev/zero", "device")
    #expect(folder.names.isEmpty)
  }

  // MARK: - Tables

  @Test func emptyTables() throws {
    try expectTableRefusal("", "empty")
    try expectTableRefusal("\n\n\n", "table.csv")
    try expectTableRefusal("user,item\n", "no rows")
  }

  @Test func missingColumns() throws {
    try expectTableRefusal("usr,item\na,b\n", "table.csv:1", "\"user\"", "usr, item", "did you mean \"usr\"?")
    try expectTableRefusal("user,item,user\na,b,c\n", "table.csv:1", "twice")
  }

  @Test func raggedRows() throws {
    try expectTableRefusal("user,item\na,b\nc\n", "table.csv:3", "1 field", "expected 2")
    try expectTableRefusal("user,item\na,b\nc,d,e\n", "table.csv:3", "3 fields", "expected 2")
    try expectTableRefusal("user,item\na,b\n\"c,d\n", "table.csv:3", "quote")
  }

  @Test(arguments: ["x", "-1", "-0.5", "nan", "NaN", "inf", "-inf", "Infinity", "1e400", "", "1 2", "0x1p3", "١"])
  func weightsThatAreNoneRefuse(weight: String) throws {
    try expectTableRefusal("user,item,weight\na,b,1\nc,d,\(weight)\n", "table.csv:3", "weight is \"\(weight)\"", "expected")
  }

  @Test func identifiersMustBeThereAndBeText() throws {
    try expectTableRefusal("user,item\na,b\n,d\n", "table.csv:3", "user")
    try expectTableRefusal(
      bytes: Array("user,item\na,b\nc,".utf8) + [0xFF, 0x0A], ["table.csv:3", "not UTF-8"],
      sourceLocation: #_sourceLocation)
  }

  @Test func repeatedPairsAreRefusedOrMergedByRule() throws {
    let text = "user,item,weight\na,x,1\na,y,2\nb,x,3\na,x,4\nb,z,1\nc,y,1\nc,z,1\n"
    try expectTableRefusal(text, "table.csv:5", "line 2", "\"a\"", "\"x\"")
    let table = try folder.write("table.csv", text)
    let outcome = try twotower(
      ["fit", "--data", table, "--set", "data.duplicates=sum", "--epochs", "1", "--output", folder("run")] + columns)
    expectSuccess(outcome)
    #expect(outcome.errors.contains("note: 1 row repeated a user and item: merged by the rule sum"))
  }

  @Test func nothingToTrainOrTestOn() throws {
    expectRefusal(
      try twotower(["fit", "--data", try folder.write("one.csv", "user,item\na,b\n"), "--output", folder("run")] + columns),
      status: 64, "share")
    #expect(folder.names == ["one.csv"])
  }

  // MARK: - HetRec folders

  @Test func tagsMayBeInAnotherEncodingAndOtherFilesMayNot() throws {
    let data = try folder.copy(Tool.sample, as: "data")
    let tags = try FileHandle(forWritingTo: URL(fileURLWithPath: data + "/tags.dat"))
    try tags.seekToEnd()
    try tags.write(contentsOf: Data(Array("9999\tm".utf8) + [0xFA, 0x0A]))
    try tags.close()
    let accepted = try fit(data, "--recipe", "retrieval")
    expectSuccess(accepted)
    #expect(accepted.errors.contains("note: tags.dat is not UTF-8: read as ISO-8859-1"))
    try FileManager.default.removeItem(atPath: folder("run"))

    let artists = try lines(of: data + "/artists.dat")
    try Data(Array((artists.prefix(10).joined(separator: "\n") + "\n").utf8) + Array("5000\t".utf8) + [0xE9, 0x09, 0x09, 0x0A])
      .write(to: URL(fileURLWithPath: data + "/artists.dat"))
    expectRefusal(try fit(data), status: 65, "artists.dat:11", "UTF-8")
    #expect(folder.names == ["data"])
  }

  @Test(arguments: [
    ("user_artists.dat", "2\t51\t-3", "weight is \"-3\""), ("user_artists.dat", "2\t51", "2 fields"),
    ("artists.dat", "77777", "1 field"), ("user_friends.dat", "2", "1 field"),
    ("user_taggedartists-timestamps.dat", "2\t1\t1\tnoon", "timestamp"),
  ])
  func aBadRowOfAnyFileIsNamed(file: String, row: String, words: String) throws {
    let data = try folder.copy(Tool.sample, as: "data")
    let text = try lines(of: "\(data)/\(file)")
    try Data((text.joined(separator: "\n") + "\n\(row)\n").utf8).write(to: URL(fileURLWithPath: "\(data)/\(file)"))
    expectRefusal(try fit(data), status: 65, "\(file):\(text.count + 1)", words)
    #expect(folder.names == ["data"])
  }

  @Test func aFileOfTheFolderMayNotBeMissing() throws {
    let data = try folder.copy(Tool.sample, as: "data")
    try FileManager.default.removeItem(atPath: data + "/user_artists.dat")
    expectRefusal(try fit(data), status: 66, "user_artists.dat")
    #expect(folder.names == ["data"])
  }

  @Test func splitFilesMustBelongToTheData() throws {
    let train = try folder.write("train.tsv", "userID\tartistID\tweight\n2\t1\t1\n")
    let test = try folder.write("test.tsv", "userID\tartistID\tweight\n2\tnobody\t1\n")
    expectRefusal(try fit(Tool.sample, "--train", train, "--test", test), status: 65, ".tsv:2", "user \"2\"")
    #expect(folder.names == ["test.tsv", "train.tsv"])
  }

  // MARK: - Training that cannot go well

  @Test(arguments: [
    ["--recipe", "reference-retrieval", "--learning-rate", "1e30"], ["--recipe", "two-stage", "--learning-rate", "1e30"],
    ["--recipe", "ranking", "--learning-rate", "1e30"], ["--recipe", "two-stage", "--set", "ranking.training.learning-rate=1e25"],
  ])
  func aLearningRateThatDivergesStopsAtTheFirstStep(arguments: [String]) throws {
    let outcome = try twotower(["fit", "--data", Tool.sample, "--output", folder("run"), "--epochs", "2"] + arguments)
    expectRefusal(outcome, status: 65, "diverged in epoch", "step", "is not finite", "learning-rate")
    #expect(folder.names.isEmpty)
  }

  // MARK: - Runs that were altered

  @Test(arguments: [
    "model.safetensors", "data.safetensors", "embeddings.safetensors", "recipe.yaml", "users.txt", "items.tsv", "run.json",
    "seen.safetensors", "held-out.safetensors", "metrics.json", "history.tsv", "item-genres.tsv", "model.json",
    "encoder.safetensors", "checksums.txt",
  ])
  func alteredOrTruncatedFilesAreRefused(name: String) throws {
    let run = try folder.copy(try SampleRun.shared.get().path, as: "run")
    let whole = try contents(of: "\(run)/\(name)")
    // evaluate checks every file, the quick verbs those that they read.
    let shared = ["users.txt", "items.tsv", "run.json", "model.json", "checksums.txt"]
    var verbs = [["evaluate", run]]
    if (shared + ["embeddings.safetensors", "seen.safetensors", "held-out.safetensors"]).contains(name) {
      verbs.append(["recommend", run, "--user", "2"])
    }
    if (shared + ["model.safetensors", "data.safetensors", "encoder.safetensors"]).contains(name) {
      verbs.append(["rank", run, "--user", "2", "--artists", "1"])
    }
    var altered = whole
    // In the list of checksums the last is that of users.txt, which every verb reads.
    altered[name == "checksums.txt" ? whole.count - 20 : whole.count / 2] ^= 1
    for damaged in [altered, whole.dropLast(7), Data()] {
      try damaged.write(to: URL(fileURLWithPath: "\(run)/\(name)"))
      for verb in verbs { expectRefusal(try twotower(verb), status: 65, run) }
    }
    try FileManager.default.removeItem(atPath: "\(run)/\(name)")
    expectRefusal(try twotower(verbs[0]), status: 65, name)
    expectRefusal(try twotower("export", run, "--output", folder("npy")), status: 65, name)
    #expect(folder.names == ["run"])
  }

  @Test func weightsThatClaimGiganticSizesAreRefusedThoughTheirChecksumIsRight() throws {
    let run = try folder.copy(try SampleRun.shared.get().path, as: "run")
    let header = #"{"embeddings":{"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,8]}}"#
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init)
    try Data(length + Array(header.utf8) + [UInt8](repeating: 0, count: 8))
      .write(to: URL(fileURLWithPath: run + "/model.safetensors"))
    let sum = try ToolProcess(
      [], shell: "cd '\(run)' && sha256sum model.safetensors").finish().output.trimmingCharacters(in: .newlines)
    let sums = try lines(of: run + "/checksums.txt").map { $0.hasSuffix("  model.safetensors") ? sum : $0 }
    try Data((sums.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: run + "/checksums.txt"))
    expectRefusal(
      try twotower("rank", run, "--user", "2", "--artists", "1"), status: 65, "model.safetensors")
  }
}
