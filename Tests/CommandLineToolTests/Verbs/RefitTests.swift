import Foundation
import Testing
import TestSupport

/// Runs on all rows, by `fit --holdout 0`, `fit --train FILE` alone and `refit`.
@Suite struct RefitTests {
  let folder: TemporaryFolder
  let total: Int

  init() throws {
    folder = try TemporaryFolder()
    total = try lines(of: Tool.sample + "/user_artists.dat").count - 1
  }

  private func counts(of run: String) throws -> [String: Int] {
    let record = try JSONSerialization.jsonObject(with: try contents(of: folder("\(run)/run.json"))) as? [String: Any]
    return try #require(record?["counts"] as? [String: Int])
  }

  /// A value of a run's recipe that stands on a line of its own, such as an epoch count; all of that name.
  private func values(of key: String, in run: String) throws -> [String] {
    try lines(of: folder(run) + "/recipe.yaml").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { $0.hasPrefix("\(key): ") }.map { String($0.dropFirst(key.count + 2)) }
  }

  /// Every verb that asks a run does so, and none recommends what the user has.
  private func expectAnswers(_ run: String) throws {
    let rows = try lines(of: Tool.sample + "/user_artists.dat").map { $0.split(separator: "\t").map(String.init) }
    let played = Set(rows.filter { $0[0] == "2" }.map { $0[1] })
    let recommended = try twotower("recommend", folder(run), "--user", "2", "--top", "300", "--json")
    expectSuccess(recommended)
    let entries = try #require(recommended.json?["recommendations"] as? [[String: Any]])
    #expect(entries.count == 300 && played.isDisjoint(with: entries.compactMap { $0["id"] as? String }))
    #expect(!recommended.errors.contains("held out"))
    expectSuccess(try twotower("rank", folder(run), "--user", "2", "--artists", "1,2,3"))
    expectSuccess(try twotower("similar", folder(run), "--user", "2"))
    expectSuccess(try twotower("export", folder(run), "--output", folder("\(run)-export")))
    expectRefusal(
      try twotower("evaluate", folder(run)), status: 65, folder(run), "nothing to measure it on", "--holdout 0.3")
  }

  @Test func noRowIsHeldOutWhenAsked() throws {
    let fit = try twotower(["fit"] + quick + ["--holdout", "0", "--output", folder("all")])
    expectSuccess(fit)
    #expect(fit.outputLines == ["Nothing is measured: no row is held out, all were trained on."])
    #expect(fit.errors.contains("split: no row is held out"))
    let counts = try counts(of: "all")
    #expect(counts["training_rows"] == total && counts["test_rows"] == 0)
    try expectAnswers("all")
    expectRefusal(
      try twotower("refit", folder("all"), "--data", Tool.sample), status: 64, "nothing to refit")
    expectUsageError(try twotower("compare", "popularity", "--data", Tool.sample, "--holdout", "0"), "--holdout")
  }

  @Test func aTrainingFileAloneIsTrainedOnWhole() throws {
    let split = try SampleSplit(in: folder)
    let fit = Array(quickRetrieval.dropFirst(2))
    expectSuccess(try twotower(["fit"] + fit + ["--train", split.train, "--output", folder("alone")]))
    #expect(try counts(of: "alone")["training_rows"] == split.trainingCount)
    #expect(try counts(of: "alone")["items"] ?? 0 < 1000)
    expectSuccess(
      try twotower(["fit", "--data", Tool.sample] + fit + ["--train", split.train, "--output", folder("beside")]))
    #expect(try counts(of: "beside")["training_rows"] == split.trainingCount)
    #expect(try counts(of: "beside")["items"] == 1000, "the catalogue is that of the data")
    expectUsageError(try twotower("fit", "--test", split.test), "--train")
  }

  @Test func refitTrainsOnAllRowsAsAFitOfAllRowsDoes() throws {
    let fit = ["fit"] + quick + ["--seed", "3"]
    expectSuccess(try twotower(fit + ["--output", folder("run")]))
    let refit = try twotower("refit", folder("run"), "--data", Tool.sample)
    expectSuccess(refit)
    #expect(refit.errors.contains("on all \(total / 1000),"), "\(refit)")
    expectSuccess(try twotower(fit + ["--holdout", "0", "--output", folder("direct")]))
    #expect(try files(in: folder("run-all")) == files(in: folder("direct")), "every file of the run, byte for byte")
    try expectAnswers("run-all")
    expectRefusal(
      try twotower("refit", folder("run"), "--data", Tool.sample), status: 73, folder("run-all"), "--replace")
  }

  @Test func refitTrainsAsLongAsValidationRowsFoundBest() throws {
    let fit = try twotower(
      ["fit"] + quickRetrieval + [
        "--epochs", "40", "--learning-rate", "0.05", "--set", "validation.share=0.2", "--set", "validation.patience=2",
        "--output", folder("run"),
      ])
    expectSuccess(fit)
    let scores = try lines(of: folder("run") + "/history.tsv").dropFirst().map { line in
      try #require(Double(line.split(separator: "\t")[3]))
    }
    let greatest = try #require(scores.max())
    let best = try #require(scores.firstIndex(of: greatest)) + 1
    #expect(best < 40 && scores.count < 40, "\(fit): training stopped early")
    let refit = try twotower("refit", folder("run"), "--data", Tool.sample, "--output", folder("all"))
    expectSuccess(refit)
    #expect(try values(of: "epochs", in: "all") == ["\(best)"], "\(refit)")
    #expect(refit.errors.contains("retrieval: validation rows were served best after epoch \(best)"))
    #expect(try lines(of: folder("all") + "/history.tsv").count == 1 + best)
    let counts = try counts(of: "all")
    #expect(counts["training_rows"] == total && counts["validation_rows"] == 0 && counts["test_rows"] == 0)
  }

  @Test func refitTakesTheRowsOfBothFilesAndNoOthers() throws {
    let split = try SampleSplit(in: folder)
    let files = ["--data", Tool.sample, "--train", split.train, "--test", split.test]
    expectSuccess(try twotower(["fit"] + quickRetrieval.dropFirst(2) + files + ["--output", folder("run")]))
    expectSuccess(try twotower(["refit", folder("run"), "--output", folder("all")] + files))
    #expect(try counts(of: "all")["training_rows"] == split.trainingCount + split.testCount)
    expectRefusal(
      try twotower("refit", folder("run"), "--data", Tool.sample, "--output", folder("other")), status: 65,
      "train.tsv", "--train")
    try folder.write("test.tsv", try lines(of: split.test).dropLast().joined(separator: "\n") + "\n")
    expectRefusal(
      try twotower(["refit", folder("run"), "--output", folder("other")] + files), status: 65, "test.tsv",
      "has changed since")
  }
}
