import Foundation
import Testing
import TestSupport

@Suite struct CompareTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder("scratch"), withIntermediateDirectories: true)
  }

  private let quick = """
    retrieval:
      query-tower: {features: [{feature: user-id, dimension: 8}]}
      candidate-tower: {features: [{feature: item-id, dimension: 8}]}
      training: {epochs: 2, batch-size: 512, learning-rate: 0.02}
    """
  private let ranking = """
    ranking:
      query-tower: {features: [{feature: user-statistics}]}
      candidate-tower: {features: [{feature: item-statistics}]}
      hidden-layers: [8]
      training: {epochs: 1, batch-size: 512}
    """

  private func compare(_ arguments: String...) throws -> Outcome {
    try twotower(["compare", "--data", Tool.sample] + arguments, environment: ["TMPDIR": folder("scratch")])
  }

  private func scratch() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder("scratch")) }

  private func recipes(_ outcome: Outcome) throws -> [[String: Any]] {
    try #require(outcome.json?["recipes"] as? [[String: Any]], "\(outcome)")
  }

  private func statistic(_ path: String, of recipe: [String: Any]) -> [String: Any]? {
    (recipe["figures"] as? [String: Any])?[path] as? [String: Any]
  }

  @Test func everySeedHasTheFiguresThatFitPrints() throws {
    let file = try folder.write("quick.yaml", quick)
    let outcome = try compare(file, "popularity", "--seeds", "2", "--json")
    expectSuccess(outcome)
    let compared = try recipes(outcome)
    #expect(compared.map { $0["recipe"] as? String } == ["quick", "popularity"])
    let path = "retrieval.seen_excluded.ndcg.20"
    let values = try #require(statistic(path, of: compared[0])?["values"] as? [Double])
    for seed in 1...2 {
      let fit = try twotower(
        "fit", "--data", Tool.sample, "--recipe", file, "--seed", "\(seed)", "--set", "data.holdout-seed=1", "--output",
        folder("run \(seed)"), "--json")
      expectSuccess(fit)
      #expect(try figure(try #require(fit.json), "retrieval", "seen_excluded", "ndcg", "20") == values[seed - 1])
      #expect(try figure(try #require(fit.json), "peak_memory_bytes") > 1e6)
    }
    #expect(values[0] != values[1])
    // One split: what does not depend on the model is the same with every seed.
    let chance = statistic("chance.seen_excluded.recall.20", of: compared[0])
    #expect(chance?["deviation"] as? Double == 0)
    let best = try #require(outcome.json?["best"] as? [String: [String]])
    let popularity = try #require(statistic(path, of: compared[1])?["mean"] as? Double)
    #expect(best[path] == [values.reduce(0, +) / 2 > popularity ? "quick" : "popularity"])
    #expect(try scratch().isEmpty, "nothing is left")
  }

  @Test func theTableShowsTheBestBesidePopularityAndChance() throws {
    let file = try folder.write("stars.yaml", ranking)
    let text = try compare("ease", file, "implicit-als", "--seeds", "2")
    expectSuccess(text)
    #expect(!text.output.contains("\u{1B}") && !text.output.contains("**"), "plain where there is no terminal")
    let lines = text.outputLines
    for title in ["top-100", "recall@20", "NDCG@20", "coverage@20", "RMSE", "pairwise", "fit s", "MB"] {
      #expect(lines.contains { $0.contains(" \(title)") }, "\(text.output)")
    }
    for row in ["ease", "stars", "implicit-als", "popularity", "chance", "always the mean"] {
      #expect(lines.contains { $0.hasPrefix(row + " ") }, "\(text.output)")
    }
    #expect(lines.filter { !$0.hasPrefix("Means") && !$0.hasPrefix("fit s") }.allSatisfy { $0.count <= 80 })
    let stars = lines.filter { $0.hasPrefix("stars") }.joined()
    #expect(stars.contains("–") && stars.contains("±"), "no retrieval figures: not 0")
    #expect(text.output.contains("Means of seeds 1, 2"))

    let markdown = try compare("ease", file, "popularity", "--seeds", "1", "--markdown")
    expectSuccess(markdown)
    let rows = markdown.outputLines.filter { $0.hasPrefix("|") }
    let cells = rows.map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    #expect(Set(cells.map(\.count)).count == 1 && rows[1].hasPrefix("|---|---:|"))
    #expect(cells.count { $0[0] == "popularity" } == 1, "popularity itself is compared")
    #expect(cells.first { $0[0] == "ease" }?.contains { $0.hasPrefix("**.") && $0.contains("<br>.") } == true)
    #expect(!markdown.output.contains("±"), "one seed has no spread")
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"), "needs script of util-linux"))
  func theBestIsBoldOnATerminal() throws {
    func shown(_ environment: [String: String]) throws -> String {
      let command = "\(Tool.path) compare --data \(Tool.sample) popularity ease --seeds 1"
      try folder.write("command", "exec \(command)\n")
      return try twotower(
        shell: "script --quiet --return --command 'sh \(folder("command"))' /dev/null",
        environment: ["TERM": "xterm", "NO_COLOR": ""].merging(environment) { $1 }).output
    }
    let bold = try shown([:])
    let ease = try #require(bold.split(whereSeparator: \.isNewline).first { $0.contains("ease ") && $0.contains("\u{1B}[1m.") })
    let popularity = try #require(
      bold.split(whereSeparator: \.isNewline).first { $0.hasPrefix("popularity ") })
    #expect(ease.contains("\u{1B}[0m") && !popularity.contains("\u{1B}"))
    // Escapes take no room: the last columns end in one place.
    #expect(ease.replacing("\u{1B}[1m", with: "").replacing("\u{1B}[0m", with: "").count == popularity.count)
    #expect(!(try shown(["NO_COLOR": "1"])).contains("\u{1B}[1m"))
  }

  @Test func memoryIsTheFitsOwn() throws {
    let large = try folder.write("large.yaml", "baseline: {kind: implicit-als, dimension: 2048, iterations: 1}")
    let outcome = try compare(large, "popularity", "--seeds", "1", "--json")
    expectSuccess(outcome)
    let peaks = try recipes(outcome).map { statistic("peak_memory_bytes", of: $0)?["mean"] as? Double ?? 0 }
    #expect(peaks[1] > 1e6 && peaks[0] > peaks[1] + 1e7, "\(peaks): the small one after the large one")
  }

  @Test func everythingIsCheckedBeforeTheFirstFit() throws {
    let bad = try folder.write("bad.yaml", "baseline: {kind: ease, regularization: 0}")
    let columns = try folder.write("columns.yaml", "data: {holdout: 0.2, user-column: who}\nbaseline: {kind: ease}")
    func refused(_ outcome: Outcome, _ status: Int32, _ words: String) throws {
      expectRefusal(outcome, status: status, words)
      #expect(!outcome.errors.contains("[1/"), "no fit was started: \(outcome)")
      #expect(try scratch().isEmpty)
    }
    try refused(compare("ease", "eas"), 66, "did you mean 'ease'?")
    try refused(compare("ease", bad), 65, "baseline.regularization: found 0")
    try refused(compare("ease", columns), 65, "columns.yaml: its section 'data'")
    try refused(twotower("compare", "ease", "--data", folder("none")), 66, "none")
    // Matches neither the data nor its own second tower.
    let widths = try folder.write("widths.yaml", quick.replacing("item-id, dimension: 8", with: "item-id, dimension: 9"))
    try refused(compare("ease", widths), 65, "widths.yaml")
    let numbers = try folder.write("numbers.yaml", quick.replacing("item-id, dimension: 8", with: "item-statistics"))
    try refused(compare("popularity", numbers), 65, "numbers: ")
  }

  @Test(arguments: [
    ["ease", "ease"], [], ["ease", "--seeds", "0"], ["ease", "--markdown", "--json"], ["ease", "--train", "a"],
    ["ease", "--threads", "0"], ["ease", "--set", "regularization"], ["ease", "--tune", "soon"], ["ease", "--tune", "0"],
    ["ease", "--tune", "ease:"], ["ease", "--tune", ":1m"],
  ])
  func usageErrors(arguments: [String]) throws {
    expectUsageError(try twotower(["compare"] + arguments), "Error: ")
  }

  @Test func aFitThatFailsLeavesTheOthersTheirTable() throws {
    let diverging = try folder.write("diverging.yaml", quick.replacing("0.02}", with: "1e30, optimizer: sgd}"))
    let outcome = try compare(diverging, "popularity", "--seeds", "2")
    #expect(outcome.status == 65, "\(outcome)")
    #expect(outcome.errorLines.count == 1 && outcome.errorLines[0].contains("diverging, seed 1: "), "\(outcome)")
    #expect(outcome.outputLines.contains { $0.hasPrefix("popularity ") })
    #expect(!outcome.output.contains("diverging"))
    #expect(try scratch().isEmpty)
  }

  @Test func filesOfASplitAreUsed() throws {
    let split = try SampleSplit(in: folder)
    for options in [["--data", Tool.sample], []] {
      let outcome = try twotower(
        ["compare", "popularity", "item-neighbors", "--seeds", "1", "--train", split.train, "--test", split.test]
          + options)
      expectSuccess(outcome)
      #expect(outcome.outputLines.contains { $0.hasPrefix("item-neighbors ") })
    }
  }

  @Test func settingsOfOneRecipeStandBesideIt() throws {
    let two = "ease:baseline.regularization=5"
    let outcome = try compare("ease", two, "--seeds", "1", "--json")
    expectSuccess(outcome)
    let path = "retrieval.seen_excluded.ndcg.20"
    let compared = try recipes(outcome)
    #expect(compared.map { $0["recipe"] as? String } == ["ease", two])
    let values = compared.map { statistic(path, of: $0)?["mean"] as? Double }
    #expect(values[0] != nil && values[0] != values[1])
    // The same by an option, of one or of all.
    let named = try compare(
      "item-neighbors", "ease", "--set", "ease:baseline.regularization=5", "--seeds", "1", "--json")
    #expect(statistic(path, of: try recipes(named)[1])?["mean"] as? Double == values[1])
    #expect(try recipes(named)[1]["recipe"] as? String == two)
    let all = try compare("ease", "--set", "baseline.regularization=5", "--seeds", "1", "--json")
    #expect(statistic(path, of: try recipes(all)[0])?["mean"] as? Double == values[1])

    expectRefusal(try compare("ease:baseline.regularisation=5"), status: 65, "did you mean 'regularization'?")
    expectRefusal(try compare("ease:baseline"), status: 66, "no such recipe")
    expectRefusal(try compare("ease:a.b=1,c"), status: 64, "found 'c'")
    expectRefusal(
      try compare("ease", "--set", "eas:baseline.regularization=5"), status: 64, "no recipe 'eas' among ease")
  }

  @Test func recipesAreTunedFirst() throws {
    let worse = try folder.write(
      "worse.yaml",
      "baseline: {kind: ease, regularization: 100000}\ntune: {baseline.regularization: [100, 100000]}\n")
    let arguments = [worse, "popularity", "--seeds", "1", "--tune", "2", "--output", folder("fits")]
    func run(_ more: [String] = []) throws -> Outcome {
      let outcome = try twotower(
        ["compare", "--data", Tool.sample] + arguments + more, environment: ["TMPDIR": folder("scratch")])
      expectSuccess(outcome)
      return outcome
    }
    let first = try run(["--json"])
    #expect(first.errors.contains("note: popularity has no values to try: it is fitted as it is"))
    let compared = try recipes(first)
    let tuned = try #require(compared[0]["tuned"] as? [String: Any])
    #expect(tuned["settings"] as? String == "baseline.regularization=100" && compared[1]["tuned"] == nil)
    #expect((tuned["trials"] as? [Any])?.count == 2)
    let before = try #require(tuned["validation_ndcg_at_20_as_it_is"] as? Double)
    #expect(try #require(tuned["validation_ndcg_at_20"] as? Double) > before)
    // It is fitted with what was found.
    let path = "retrieval.seen_excluded.ndcg.20"
    let value = statistic(path, of: compared[0])?["mean"] as? Double
    let found = try recipes(compare(worse, "--set", "baseline.regularization=100", "--seeds", "1", "--json"))
    #expect(value != nil && value == statistic(path, of: found[0])?["mean"] as? Double)

    let second = try run(["--json"])
    #expect(second.errors.contains("worse, tuned before") && second.output == first.output)
    let table = try run()
    #expect(table.outputLines.contains { $0.hasPrefix("worse") && $0.contains("  2  ") }, "\(table.output)")
    #expect(table.outputLines.contains("  baseline.regularization=100"))
    #expect(try run(["--markdown"]).output.contains("`baseline.regularization=100`"))
    // Another limit goes on from the trials that there are.
    let longer = try run(["--tune", worse + ":1m", "--json"])
    #expect(longer.errors.components(separatedBy: "known").count == 3, "\(longer.errors)")
  }

  /// The validation rows, the proposals and the values of trials know nothing of the test rows.
  @Test func tuningDoesNotLookAtTestRows() throws {
    let split = try SampleSplit(in: folder)
    let lines = try String(contentsOfFile: split.test, encoding: .utf8).split(separator: "\n")
    let fewer = try folder.write("fewer.tsv", lines.prefix(lines.count / 2).joined(separator: "\n") + "\n")
    let trials = try [split.test, fewer].map { test in
      let outcome = try twotower(
        "compare", "ease", "--data", Tool.sample, "--train", split.train, "--test", test, "--seeds", "1", "--tune", "4",
        "--json")
      expectSuccess(outcome)
      let tuned = try #require(try recipes(outcome)[0]["tuned"] as? [String: Any])
      return try #require(tuned["trials"] as? [[String: Any]]).map { "\($0["settings"]!) \($0["validation_ndcg_at_20"]!)" }
    }
    #expect(trials[0].count == 4 && trials[0] == trials[1])
  }

  @Test func whatCannotBeTunedIsRefusedBeforeAnythingIsTried() throws {
    func refused(_ arguments: [String], status: Int32 = 64, _ words: String) throws {
      let outcome = try twotower(["compare", "--data", Tool.sample] + arguments)
      expectRefusal(outcome, status: status, words)
      #expect(!outcome.errors.contains("tuning"), "\(outcome)")
    }
    try refused(["ease", "--tune", "eas:1m"], "found no recipe 'eas' among ease")
    try refused(["popularity", "--tune", "popularity:1m"], "popularity has no values to try")
    try refused(["ease", "--tune", "1m", "--tune", "2m"], "a second limit of all recipes")
    try refused(["ease", "--tune", "ease:1m", "--tune", "ease:3"], "a second limit of ease")
    let misspelt = try folder.write("misspelt.yaml", "baseline: {kind: ease}\ntune: {baseline.regularisation: [1]}\n")
    try refused([misspelt, "--tune", "2"], status: 65, "did you mean 'regularization'?")
    let run = folder("run")
    expectSuccess(try twotower("fit", "--data", Tool.sample, "--recipe", "ease", "--output", run))
    try refused([run, "ease", "--tune", run + ":1m"], "is a run")
    try refused([run, "--tune", "1m"], "runs alone")
  }

  @Test func interruptedTuningGoesOn() throws {
    let long = try folder.write(
      "long.yaml",
      quick.replacing("epochs: 2", with: "epochs: 100000") + "\ntune: {retrieval.temperature: [0.1, 0.2]}\n")
    let process = try ToolProcess(
      ["compare", "ease", long, "--data", Tool.sample, "--seeds", "1", "--tune", "2", "--output", folder("fits")],
      environment: ["TMPDIR": folder("scratch")])
    let isTuned = {
      ((try? FileManager.default.contentsOfDirectory(atPath: folder("fits"))) ?? []).contains { $0.contains("-tuned-") }
    }
    #expect(process.waits(until: isTuned))
    process.send(SIGINT)
    let outcome = process.finish()
    #expect(outcome.status == 130 && outcome.output.isEmpty, "\(outcome)")
    #expect(outcome.errors.contains("finished trials and fits are kept in"))
    let rest = try compare("ease", "--seeds", "1", "--tune", "2", "--output", folder("fits"))
    expectSuccess(rest)
    #expect(rest.errors.contains("ease, tuned before") && rest.output.contains("tuned"))
  }

  @Test func runsStandBesideRecipes() throws {
    let run = folder("my run")
    let fit = ["fit", "--data", Tool.sample, "--set", "data.holdout-seed=1", "--recipe"]
    expectSuccess(try twotower(fit + ["ease", "--output", run]))
    let outcome = try compare(run, "ease", "item-neighbors", "--seeds", "1", "--json")
    expectSuccess(outcome)
    let compared = try recipes(outcome)
    let path = "retrieval.seen_excluded.recall.20"
    let values = compared.map { statistic(path, of: $0)?["mean"] as? Double }
    #expect(values[0] != nil && values[0] == values[1], "the recipe of the run")
    #expect(compared[0]["recipe"] as? String == "my run" && compared[0]["against_first"] == nil)
    let same = try #require((compared[1]["against_first"] as? [String: [String: Any]])?["recall.20"])
    #expect(same["difference"] as? Double == 0 && same["p"] as? Double == 1)
    let other = try #require((compared[2]["against_first"] as? [String: [String: Any]])?["recall.20"])
    #expect(abs(try #require(other["difference"] as? Double) - (values[2]! - values[0]!)) < 1e-9)

    let alone = try twotower("compare", run, folder("my run") + "/", "--data", folder("none"))
    expectSuccess(alone)
    #expect(alone.outputLines.contains { $0.hasPrefix("against my run") } && !alone.errors.contains("reading"))
    expectRefusal(try compare(run, "ease", "--holdout", "0.2"), status: 65, "its held-out rows are not those of ease")
    expectRefusal(try compare(folder("scratch")), status: 66, "no run")
  }

  @Test func finishedFitsAreFoundAgain() throws {
    let arguments = ["ease", "popularity", "--seeds", "2", "--output", folder("fits"), "--json"]
    func run(_ more: [String] = []) throws -> Outcome {
      let outcome = try twotower(
        ["compare", "--data", Tool.sample] + arguments + more, environment: ["TMPDIR": folder("scratch")])
      expectSuccess(outcome)
      return outcome
    }
    let first = try run()
    #expect(!first.errors.contains("fitted before"))
    let second = try run()
    #expect(second.errors.components(separatedBy: "fitted before").count == 5 && second.output == first.output)
    let other = try run(["--set", "ease:baseline.regularization=5"])
    #expect(other.errors.components(separatedBy: "fitted before").count == 3, "popularity's two")
    #expect(!(try run(["--holdout", "0.2"])).errors.contains("fitted before"))
    expectRefusal(
      try compare("ease", "--output", Tool.sample + "/user_artists.dat"), status: 73, "cannot write")
  }

  @Test func unseenUsersHaveAColumn() throws {
    let outcome = try compare("ease", "popularity", "--holdout-users", "0.2", "--seeds", "1", "--markdown")
    expectSuccess(outcome)
    #expect(outcome.outputLines[0].contains("| unseen recall@20 | unseen NDCG@20 |"))
    #expect(outcome.output.contains("unseen: of users held out whole"))
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func aSignalPrintsWhatIsFinishedAndKeepsIt(signal: Int32, status: Int32) throws {
    let long = try folder.write("long.yaml", quick.replacing("epochs: 2", with: "epochs: 100000"))
    let process = try ToolProcess(
      ["compare", "popularity", long, "--data", Tool.sample, "--seeds", "1", "--output", folder("fits")],
      environment: ["TMPDIR": folder("scratch")])
    // The second fit says in the scratch folder that it trains.
    let isTraining = {
      let scratch = FileManager.default.enumerator(atPath: folder("scratch"))?.compactMap { $0 as? String } ?? []
      return scratch.contains { name in
        (try? String(contentsOfFile: folder("scratch/\(name)"), encoding: .utf8))?.contains("training retrieval") == true
      }
    }
    #expect(process.waits(until: isTraining))
    process.send(signal)
    let outcome = process.finish()
    #expect(outcome.status == status && outcome.errorLines.count == 1, "\(outcome)")
    #expect(outcome.errorLines.last?.contains("interrupted") == true)
    #expect(outcome.outputLines.contains { $0.hasPrefix("popularity ") } && !outcome.output.contains("long"))
    #expect(outcome.errors.contains("the same command goes on"))
    #expect(try scratch().isEmpty)
    let rest = try compare("popularity", "ease", "--seeds", "1", "--output", folder("fits"))
    expectSuccess(rest)
    #expect(rest.errors.contains("popularity, seed 1, fitted before"))
  }
}
