import Foundation
import Testing
import TestSupport

@Suite struct FitTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: - What a run folder is

  @Test func aRunFolderHoldsAllThatLaterVerbsNeed() throws {
    let run = try SampleRun.shared.get()
    let files = try files(in: run.path)
    #expect(
      files.keys.sorted() == [
        "checksums.txt", "data.safetensors", "embeddings.safetensors", "encoder.safetensors", "held-out.safetensors",
        "history.tsv", "item-genres.tsv", "items.tsv", "metrics.json", "model.json", "model.safetensors", "recipe.yaml", "run.json",
        "seen.safetensors", "users.txt",
      ])
    #expect(run.folder.names == ["run"], "nothing else is left beside it")
    let record = try #require(try JSONSerialization.jsonObject(with: files["run.json"] ?? Data()) as? [String: Any])
    #expect(record["seed"] as? Int == 1)
    let digests = try #require(record["files"] as? [[String: Any]])
    #expect(digests.contains { $0["name"] as? String == "user_artists.dat" })
    let history = try lines(of: run.path + "/history.tsv")
    #expect(history[0] == "phase\tepoch\tloss\tvalidation")
    let recipe = try lines(of: run.path + "/recipe.yaml").map { $0.trimmingCharacters(in: .whitespaces) }
    let epochs = recipe.filter { $0.hasPrefix("epochs: ") }.map { Int($0.dropFirst(8)) }
    let written = ["retrieval\t", "ranking\t"].map { phase in history.count { $0.hasPrefix(phase) } }
    #expect(Set(epochs) == Set(written), "a line for every epoch")
    for name in files.keys {
      let mode = try FileManager.default.attributesOfItem(atPath: "\(run.path)/\(name)")[.posixPermissions] as? Int
      #expect((mode ?? 0) & 0o111 == 0, "\(name) is not executable")
    }
  }

  @Test func aRunThatExistsIsReplacedOnlyWhenAsked() throws {
    let fit = ["fit"] + quick + ["--output", folder("run")]
    expectSuccess(try twotower(fit))
    let before = try files(in: folder("run"))
    expectRefusal(try twotower(fit + ["--seed", "9"]), status: 73, folder("run"), "--replace")
    #expect(try files(in: folder("run")) == before)
    expectSuccess(try twotower(fit + ["--seed", "9", "--replace"]))
    #expect(try files(in: folder("run"))["model.safetensors"] != before["model.safetensors"])
    #expect(folder.names == ["run"])
  }

  @Test func aSplitMayHaveASeedOfItsOwn() throws {
    func popularity(_ name: String, _ options: [String]) throws -> Data {
      let outcome = try twotower(["fit"] + quickRetrieval + ["--json", "--output", folder(name)] + options)
      expectSuccess(outcome)
      let figures = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      return try JSONSerialization.data(withJSONObject: try #require(figures["popularity"]), options: .sortedKeys)
    }
    let own = ["--set", "data.holdout-seed=5"]
    let found = try popularity("a", own + ["--seed", "1"])
    #expect(try popularity("b", own + ["--seed", "2"]) == found)
    #expect(try popularity("c", ["--seed", "2"]) != found)
  }

  @Test func aPlainTableGetsModelsThatAreSearchedForIt() throws {
    let split = try SampleSplit(in: folder, header: "user\titem\tweight")
    let outcome = try twotower(["fit", "--train", split.train, "--test", split.test, "--output", folder("run"), "--json"])
    expectSuccess(outcome)
    for words in ["users are in column 'user'", "items are in column 'item'", "recipe: none named", "item-exponent", "chosen: "] {
      #expect(outcome.errors.contains(words), "\(outcome)")
    }
    let figures = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(figures["ranking"] == nil, "labels that are all alike train no ranking model")
    let recipe = try String(contentsOfFile: folder("run") + "/recipe.yaml", encoding: .utf8)
    #expect(recipe.contains("name: default") && (recipe.contains("baseline:") || recipe.contains("retrieval:")))
    expectSuccess(try twotower("recommend", folder("run"), "--user", try #require(split.trainingItems.keys.sorted().first)))
    // The same again by the recipe that the run spells out.
    let again = try twotower([
      "fit", "--train", split.train, "--test", split.test, "--recipe", folder("run") + "/recipe.yaml",
      "--user-column", "user", "--item-column", "item", "--output", folder("again"),
    ])
    expectSuccess(again)
    #expect(
      try files(in: folder("run"))["model.safetensors"] == files(in: folder("again"))["model.safetensors"])
    expectRefusal(
      try twotower(["fit", "--train", split.train, "--test", split.test, "--output", folder("run")]), status: 73,
      "there is a run already")
  }

  @Test func aFolderThatIsNoRunIsNeverReplaced() throws {
    try folder.write("notes.txt", "mine")
    expectRefusal(
      try twotower(["fit"] + quick + ["--output", folder.path, "--replace"]), status: 73, folder.path)
    #expect(folder.names == ["notes.txt"])
    expectRefusal(
      try twotower(["fit"] + quick + ["--output", folder("notes.txt"), "--replace"]), status: 73, "notes.txt")
    expectRefusal(
      try twotower(["fit"] + quick + ["--output", folder("notes.txt/run")]), status: 73, "notes.txt")
    #expect(try contents(of: folder("notes.txt")) == Data("mine".utf8))
  }

  // MARK: - What is printed

  @Test func aFitEndsWithASummaryAndWithAllFiguresWhenAsked() throws {
    let fit = ["fit"] + quick + ["--output", folder("run"), "--replace"]
    let summary = try twotower(fit)
    expectSuccess(summary)
    #expect((5...9).contains(summary.outputLines.count), "\(summary)")
    #expect(summary.outputLines.allSatisfy { $0.count <= 80 })
    #expect(summary.errors.hasSuffix("\nevery figure: twotower evaluate \(folder("run"))\n"))
    let full = try twotower(fit + ["--full"])
    expectSuccess(full)
    let evaluated = try twotower("evaluate", folder("run"))
    #expect(full.output == evaluated.output)
    // The figures of the summary are those of the tables: name, value, interval, popularity, chance.
    for name in ["recall@20", "NDCG@20", "top-100", "coverage@20"] {
      let row = try #require(summary.outputLines.first { $0.hasPrefix("  \(name) ") }, "\(name)")
      let table = try #require(full.outputLines.first { $0.hasPrefix("  \(name) ") })
      #expect(row.split(separator: " ") == table.split(separator: " "))
      #expect(row.split(separator: " ").count == 5)
    }
    #expect(summary.output.contains("Ranking: RMSE ") && summary.output.contains("  cold items' top-100 "))
    expectUsageError(try twotower(fit + ["--full", "--json"]), "--full and --json")
  }

  // MARK: - Validation

  @Test func aCatalogueTooSmallForTheValidationMetricIsSaidBeforeTraining() throws {
    // 30 users with 6 of 12 items each.
    let rows = (0..<30).flatMap { user in (0..<6).map { "u\(user),i\((user * 5 + $0 * 7) % 12)" } }
    let file = try folder.write("plays.csv", "userID,artistID\n" + rows.joined(separator: "\n") + "\n")
    func fit(_ metric: String, _ name: String) throws -> Outcome {
      try twotower(
        "fit", "--data", file, "--recipe", "ease", "--holdout", "0.2", "--set", "validation.share=0.2", "--set",
        "validation.metric=\(metric)", "--output", folder(name))
    }
    let outcome = try fit("ndcg@20", "run")
    expectSuccess(outcome)
    let note = "note: validation.metric: 'ndcg@20' is taken as NDCG@12: there are only 12 items"
    #expect(outcome.errors.contains(note) && outcome.errors.contains("validation 0."), "\(outcome)")
    for metric in ["recall@20", "top-100"] {
      let refused = try fit(metric, "refused")
      expectRefusal(refused, status: 65, "validation.metric: found '\(metric)'", "set 'ndcg@20'")
      #expect(!refused.errors.contains("fitting"), "before training: \(refused)")
    }
    #expect(folder.names == ["plays.csv", "run"])
  }

  // MARK: - Which rows

  @Test func rowsInNeitherFileAreNotUsed() throws {
    let split = try SampleSplit(in: folder)
    let files = ["--train", split.train, "--test", split.test]
    expectSuccess(try twotower(["fit"] + quickRetrieval + files + ["--output", folder("with")]))
    let counts = try counts(of: "with")
    #expect(counts["training_rows"] == split.trainingCount)
    #expect(counts["test_rows"] == split.testCount)
    #expect(counts["items"] == 1000, "the catalogue is that of the data")

    let alone = quickRetrieval.dropFirst(2)
    expectSuccess(try twotower(["fit"] + alone + files + ["--output", folder("without")]))
    let own = try self.counts(of: "without")
    #expect(own["training_rows"] == split.trainingCount)
    #expect(own["test_rows"] == split.testCount)
    #expect(own["users"] == Set(split.trainingItems.keys).union(split.testItems.keys).count)
    #expect(
      own["items"] == Set(split.trainingItems.values.joined()).union(split.testItems.values.joined()).count)
  }

  @Test func aShareIsHeldOutBySeed() throws {
    let total = try lines(of: Tool.sample + "/user_artists.dat").count - 1
    var tests: [Int] = []
    for (name, seed) in [("a", "1"), ("b", "1"), ("c", "2")] {
      expectSuccess(
        try twotower(
          ["fit"] + quickRetrieval + ["--holdout", "0.1", "--seed", seed, "--output", folder(name)]))
      tests.append(try #require(try counts(of: name)["test_rows"]))
      let training = try #require(try counts(of: name)["training_rows"])
      #expect(training + tests.last! == total)
    }
    #expect(abs(Double(tests[0]) / Double(total) - 0.1) < 0.01)
    #expect(try files(in: folder("a"))["data.safetensors"] == files(in: folder("b"))["data.safetensors"])
    #expect(try files(in: folder("a"))["data.safetensors"] != files(in: folder("c"))["data.safetensors"])
  }

  @Test func usersAreHeldOutWholeWhenAsked() throws {
    let fit = ["fit", "--data", Tool.sample, "--recipe", "history", "--epochs", "2", "--output", folder("run"), "--full"]
    let outcome = try twotower(fit + ["--holdout-users", "0.2", "--given", "0.5", "--set", "features.minimum-tag-count=1"])
    expectSuccess(outcome)
    let short = try twotower(
      fit.dropLast() + ["--replace", "--holdout-users", "0.2", "--given", "0.5", "--set", "features.minimum-tag-count=1"])
    #expect(short.output.contains("Unseen users: recall@20 .") && short.outputLines.count <= 10, "\(short)")
    #expect(outcome.output.contains("Unseen users") && outcome.output.contains("iALS fold-in"))
    #expect(outcome.errors.contains("users held out whole"))
    let counts = try counts(of: "run")
    let (given, hidden) = (try #require(counts["given_rows"]), try #require(counts["hidden_rows"]))
    #expect(abs(Double(given) / Double(given + hidden) - 0.5) < 0.02)
    let total = try lines(of: Tool.sample + "/user_artists.dat").count - 1
    #expect(given + hidden + counts["training_rows"]! + counts["test_rows"]! == total)
    let evaluated = try twotower("evaluate", folder("run"), "--json")
    expectSuccess(evaluated)
    #expect(evaluated.json?["unseen_users"] != nil)
    expectRefusal(try twotower(fit + ["--replace", "--holdout-users", "1.5"]), status: 65, "data.holdout-users")
  }

  private func counts(of run: String) throws -> [String: Int] {
    let record = try JSONSerialization.jsonObject(with: try contents(of: folder("\(run)/run.json"))) as? [String: Any]
    return try #require(record?["counts"] as? [String: Int])
  }

  // MARK: - The same bits

  @Test func aSeedGivesTheSameRunOnAnyNumberOfThreads() throws {
    let runs = [("one", "1", "1"), ("two", "1", "2"), ("again", "1", "2"), ("other", "2", "2")]
    for (name, seed, threads) in runs {
      expectSuccess(
        try twotower(["fit"] + quick + ["--seed", seed, "--threads", threads, "--output", folder(name)]))
    }
    let one = try files(in: folder("one"))
    #expect(one["model.safetensors"] != nil)
    #expect(try files(in: folder("two")) == one, "every file of the run, byte for byte")
    #expect(try files(in: folder("again")) == one)
    #expect(try files(in: folder("other"))["model.safetensors"] != one["model.safetensors"])
  }
}
