import Foundation
import Testing
import TestSupport

/// Baselines through the verbs that all models go through.
@Suite struct BaselineTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let recipes = ["popularity", "item-neighbors", "ease", "implicit-als"]

  private func fit(_ recipe: String, _ options: [String] = [], to name: String = "run") throws -> Outcome {
    try twotower(["fit", "--data", Tool.sample, "--recipe", recipe, "--output", folder(name)] + options)
  }

  @Test(arguments: recipes) func itIsFittedMeasuredAndAsked(recipe: String) throws {
    let fitted = try fit(recipe, ["--json"])
    expectSuccess(fitted)
    #expect(fitted.errors.contains("fitting \(recipe)") && fitted.errors.contains("Ctrl-C writes nothing"))
    let figures = try #require(fitted.json)
    let recall = try figure(figures, "retrieval", "seen_excluded", "recall", "20")
    let popularity = try figure(figures, "popularity", "seen_excluded", "recall", "20")
    #expect(recipe == "popularity" ? recall == popularity : recall > 1.5 * popularity)
    // That everyone gets the same is what popularity is.
    #expect((figures["warnings"] as? [Any])?.isEmpty == true && !fitted.errors.contains("warning:"))

    let evaluated = try twotower("evaluate", folder("run"), "--json")
    expectSuccess(evaluated)
    #expect(try figure(try #require(evaluated.json), "retrieval", "seen_excluded", "recall", "20") == recall)

    let recommended = try twotower("recommend", folder("run"), "--user", "2", "--top", "5", "--json")
    expectSuccess(recommended)
    let answers = try #require(recommended.json?["recommendations"] as? [[String: Any]])
    #expect(answers.count == 5)
    let ids = try answers.map { try #require($0["id"] as? String) }
    let scores = try answers.map { try #require($0["score"] as? Double) }
    #expect(zip(scores, scores.dropFirst()).allSatisfy { $0 >= $1 })
    // Given items are ordered by the same scores.
    let ranked = try twotower(
      "rank", folder("run"), "--user", "2", "--artists", ids.reversed().joined(separator: ","), "--json")
    expectSuccess(ranked)
    let order = try #require(ranked.json?["ranking"] as? [[String: Any]])
    for (answer, entry) in zip(answers, order) {
      #expect(abs((entry["score"] as? Double ?? .nan) - (answer["score"] as? Double ?? 0)) < 1e-5)
    }
    expectRefusal(
      try twotower("recommend", folder("run"), "--user", "2", "--rerank"), status: 65, "no ranking task")
    expectRefusal(try twotower("recommend", folder("run"), "--user", "nobody"), status: 65, "nobody")
    expectRefusal(try twotower("rank", folder("run"), "--user", "2", "--artists", "No Such"), status: 65, "No Such")
  }

  @Test func validationRowsTellOneSettingFromAnother() throws {
    func validation(_ regularization: String) throws -> Double {
      let outcome = try fit(
        "ease", ["--set", "validation.share=0.2", "--set", "baseline.regularization=\(regularization)"],
        to: regularization)
      expectSuccess(outcome)
      let score = try #require(outcome.errors.firstMatch(of: /validation (0\.\d+)/))
      return try #require(Double(score.1))
    }
    #expect(try validation("30") > validation("0.0001"))
  }

  @Test(arguments: recipes) func onlyEmbeddingsAreExported(recipe: String) throws {
    expectSuccess(try fit(recipe))
    let exported = try twotower("export", folder("run"), "--output", folder("npy"))
    if recipe == "implicit-als" {
      expectSuccess(exported)
      #expect(try files(in: folder("npy")).count == 4)
    } else {
      expectRefusal(exported, status: 65, recipe, "no embeddings", "implicit-als")
      #expect(folder.names == ["run"])
    }
  }

  @Test(arguments: recipes) func aSeedGivesTheSameRunOnAnyNumberOfThreads(recipe: String) throws {
    expectSuccess(try fit(recipe, ["--threads", "1"], to: "one"))
    expectSuccess(try fit(recipe, ["--threads", "3"], to: "three"))
    let one = try files(in: folder("one"))
    #expect(one["model.safetensors"] != nil)
    #expect(try files(in: folder("three")) == one, "every file of the run, byte for byte")
  }

  @Test func aStoppedFitWritesNothing() throws {
    let process = try ToolProcess([
      "fit", "--data", Tool.sample, "--recipe", "implicit-als", "--set", "baseline.iterations=1000000", "--output",
      folder("run"),
    ])
    #expect(process.waits(forError: "fitting implicit-als"))
    process.send(SIGINT)
    let outcome = process.finish()
    expectRefusal(outcome, status: 130, "interrupted")
    #expect(outcome.errors.contains("nothing is written"))
    #expect(folder.names.isEmpty)
  }

  @Test func badSettingsAreRefusedBeforeAnythingIsRead() throws {
    let refusals: [(options: [String], words: String)] = [
      (["--set", "baseline.regularization=0"], "baseline.regularization: found 0"),
      (["--set", "baseline.regularisation=1"], "did you mean 'regularization'?"),
      (["--set", "baseline.kind=esae"], "did you mean 'ease'?"),
      (["--dimension", "8"], "no setting 'dimension'"), (["--epochs", "8"], "no setting 'training'"),
    ]
    for (options, words) in refusals {
      let outcome = try fit("ease", options)
      expectRefusal(outcome, status: 65, words)
      #expect(!outcome.errors.contains("reading"))
    }
    #expect(folder.names.isEmpty)
  }

  @Test func aDamagedModelIsRefused() throws {
    expectSuccess(try fit("ease"))
    let path = folder("run/model.safetensors")
    try folder.write("run/model.safetensors", bytes: try contents(of: path).dropLast(4))
    expectRefusal(try twotower("recommend", folder("run"), "--user", "2"), status: 65, "model.safetensors")
  }
}
