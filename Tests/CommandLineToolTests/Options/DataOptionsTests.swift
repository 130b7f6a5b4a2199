import Foundation
import Testing
import TestSupport

@Suite struct DataOptionsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let columns = ["--user-column", "who", "--item-column", "what"]

  /// Listeners with awkward identifiers; each plays three of four tracks.
  private func plays(lineEnd: String = "\n", start: String = "", weights: Bool = true) throws -> String {
    let users = ["Zoë K", "7", "007", "a,b", "李雷", "x\"y"]
    let items = ["Simon, Garfunkel", "naïve", "0", "tab less"]
    func quoted(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }
    var rows = [weights ? "when,who,what,plays" : "when,who,what"]
    for (u, user) in users.enumerated() {
      for (i, item) in items.enumerated() where (u + i) % 4 != 0 {
        rows.append("2009,\(quoted(user)),\(quoted(item))" + (weights ? ",\(u + i + 1)" : ""))
      }
    }
    return try folder.write("plays.csv", start + rows.joined(separator: lineEnd) + lineEnd)
  }

  private func fit(_ table: String, _ more: String...) throws -> Outcome {
    try twotower(["fit", "--data", table, "--epochs", "3", "--dimension", "4", "--output", folder("run")] + columns + more)
  }

  @Test func aTableOfOnesOwnGoesAllTheWay() throws {
    let outcome = try fit(try plays(), "--weight-column", "plays")
    expectSuccess(outcome)
    #expect(outcome.errors.contains("6 users, 4 items"))
    let users = try lines(of: folder("run/users.txt"))
    #expect(Set(users) == ["Zoë K", "7", "007", "a,b", "李雷", "x\"y"])

    for user in users {
      let answer = try twotower("recommend", folder("run"), "--user", user, "--include-seen", "--json")
      expectSuccess(answer)
      let entries = try #require(answer.json?["recommendations"] as? [[String: Any]])
      #expect(Set(entries.compactMap { $0["id"] as? String }) == ["Simon, Garfunkel", "naïve", "0", "tab less"])
    }
    let ranked = try twotower(
      "rank", folder("run"), "--user", "李雷", "--candidates", "-", "--json", input: "0\nSimon, Garfunkel\n")
    expectSuccess(ranked)
    #expect((ranked.json?["ranking"] as? [Any])?.count == 2)
    expectRefusal(
      try twotower("recommend", folder("run"), "--user", "Zoe K"), status: 65, "user 'Zoe K'", "'Zoë K'")
    expectSuccess(try twotower("export", folder("run"), "--output", folder("npy")))
    #expect(try lines(of: folder("npy/query_ids.txt")) == users)
    let figures = try #require(try twotower("evaluate", folder("run"), "--json").json)
    #expect(figures["retrieval"] != nil)
    let accuracy = ((figures["retrieval"] as? [String: Any])?["seen_included"] as? [String: Any])?[
      "top_k_categorical_accuracy"] as? [String: Any]
    #expect(accuracy?.keys.sorted() == ["1"], "k beyond the catalogue of 4 is absent")
  }

  @Test func carriageReturnsAndAByteOrderMarkChangeNothing() throws {
    expectSuccess(try fit(try plays(), "--weight-column", "plays"))
    let plain = try contents(of: folder("run/model.safetensors"))
    expectSuccess(try fit(try plays(lineEnd: "\r\n", start: "\u{FEFF}"), "--weight-column", "plays", "--replace"))
    #expect(try contents(of: folder("run/model.safetensors")) == plain)
  }

  @Test func withoutWeightsEveryRowWeighsOne() throws {
    let outcome = try fit(try plays(weights: false), "--recipe", "retrieval")
    expectSuccess(outcome)
    #expect(outcome.errors.contains("no column 'weight': every row weighs 1"))
  }

  @Test func aWeightColumnThatWasAskedForMustBeThere() throws {
    expectRefusal(
      try fit(try plays(), "--weight-column", "playz"), status: 65, "plays.csv:1", "\"playz\"", "when, who, what, plays",
      "did you mean \"plays\"?")
    #expect(folder.names == ["plays.csv"])
  }

  @Test func ofASmallCatalogueAllIsRecommended() throws {
    expectSuccess(try fit(try plays(), "--weight-column", "plays"))
    let answer = try twotower("recommend", folder("run"), "--user", "7", "--include-seen")
    expectSuccess(answer)
    #expect(answer.outputLines.count == 5)
  }

  @Test func tablesForTrainingAndTestingNeedNoOther() throws {
    let train = try folder.write("train.csv", "who,what\nu,a\nu,b\nv,b\nv,c\nw,a\n")
    let test = try folder.write("test.csv", "who,what\nu,c\nw,b\nz,d\n")
    let outcome = try twotower(
      ["fit", "--train", train, "--test", test, "--recipe", "retrieval", "--epochs", "2", "--output", folder("run")]
        + columns)
    expectSuccess(outcome)
    let stranger = try twotower("recommend", folder("run"), "--user", "z", "--top", "2")
    expectSuccess(stranger)
    #expect(stranger.errors.contains("nothing is known of z, no training row: recommended is what most users have"))
  }

  @Test func rowsBelowAMinimumWeightNeitherTrainNorCount() throws {
    let rows = (0..<30).flatMap { user in (0..<8).map { "u\(user),i\((user * 5 + $0 * 7) % 40),\(1 + (user + $0) % 5)" } }
    let file = try folder.write("ratings.csv", "user,item,rating\n" + rows.joined(separator: "\n") + "\n")
    let fit = ["fit", "--data", file, "--recipe", "ease", "--weight-column", "rating", "--output", folder("run")]
    let outcome = try twotower(fit + ["--minimum-weight", "4"])
    expectSuccess(outcome)
    let left = rows.count { $0.hasSuffix(",4") || $0.hasSuffix(",5") }
    #expect(outcome.errors.contains("minimum weight 4: \(rows.count - left) of \(rows.count) interactions weigh less"))
    let record = try JSONSerialization.jsonObject(with: contents(of: folder("run/run.json"))) as? [String: Any]
    let counts = try #require(record?["counts"] as? [String: Int])
    #expect((counts["training_rows"] ?? 0) + (counts["test_rows"] ?? 0) == left)
    #expect(counts["users"] == 30)
    let refit = try twotower("refit", folder("run"), "--data", file)
    expectSuccess(refit)
    #expect(refit.errors.contains("on all \(left) rows"))
    expectRefusal(
      try twotower(fit + ["--replace", "--minimum-weight", "6"]), status: 65, "minimum weight 6.0", "found 5.0 at most")
    expectRefusal(try twotower(fit + ["--replace", "--minimum-weight=-1"]), status: 65, "data.minimum-weight")
  }

  @Test func columnsThatAreNotUsedAreToldWithTheOptionsThatReadThem() throws {
    let rows = (0..<20).flatMap { user in (0..<4).map { "u\(user),m\((user + $0 * 2) % 9),\($0 + 1),\(1000 + $0),x,T" } }
    let file = try folder.write("r.csv", "user,movie,rating,timestamp,mood,movie title\n" + rows.joined(separator: "\n") + "\n")
    let fit = ["fit", "--data", file, "--recipe", "ease", "--item-column", "movie", "--output", folder("run"), "--replace"]
    let plain = try twotower(fit)
    expectSuccess(plain)
    #expect(
      plain.errors.contains(
        "note: columns found and not used: rating, timestamp, mood, movie title "
          + "(say --weight-column rating --timestamp-column timestamp --item-name-column 'movie title')\n"), "\(plain)")
    let told = try twotower(
      fit + ["--weight-column", "rating", "--timestamp-column", "timestamp", "--item-name-column", "movie title"])
    expectSuccess(told)
    #expect(told.errors.contains("note: columns found and not used: mood\n"), "\(told)")
  }

  @Test func optionsOfSplitsThatContradictEachOtherAreRefused() throws {
    expectUsageError(try twotower("fit", "--test", "a.tsv"), "--train")
    expectUsageError(try twotower("fit", "--train", "a", "--test", "b", "--holdout", "0.2"), "--holdout")
    for share in ["1", "-0.5", "nan", "x"] {
      expectUsageError(try twotower("fit", "--holdout=\(share)"), "--holdout")
    }
  }

  @Test func whichDataIsTakenByDefaultIsSaid() throws {
    let home = try TemporaryFolder()
    for name in ["Models", "Data"] { try FileManager.default.createDirectory(atPath: home(name), withIntermediateDirectories: true) }
    try home.copy(Tool.checkout + "/Models/retrieval.yaml", as: "Models/retrieval.yaml")
    try home.copy(Tool.sample, as: "Data/sample")
    let fit = ["fit", "--recipe", "retrieval", "--epochs", "1", "--dimension", "4", "--output", folder("run"), "--replace"]
    let sample = try twotower(fit, environment: ["TWOTOWER_HOME": home.path])
    expectSuccess(sample)
    #expect(sample.errors.contains("using the bundled made-up sample"))
    try home.copy(Tool.sample, as: "Data/hetrec2011-lastfm-2k")
    let real = try twotower(fit, environment: ["TWOTOWER_HOME": home.path])
    expectSuccess(real)
    #expect(real.errors.contains("reading \(home.path)/Data/hetrec2011-lastfm-2k"))
    #expect(!real.errors.contains("sample"))
  }
}
