import Foundation
import Testing
import TestSupport

@Suite struct EvaluateTests {
  let run: SampleRun

  init() throws { run = try SampleRun.shared.get() }

  @Test func jsonHasTheStructureOfTheReferenceMetrics() throws {
    let outcome = try twotower("evaluate", run.path, "--json")
    expectSuccess(outcome)
    let json = try #require(outcome.json)
    for group in ["retrieval", "popularity"] {
      let figures = try #require(json[group] as? [String: Any])
      #expect(try figureNames(figures["seen_included"]) == ["top_k_categorical_accuracy", "mrr"])
      #expect(
        try figureNames(figures["seen_excluded"])
          == ["top_k_categorical_accuracy", "mrr", "recall", "ndcg", "precision", "map", "hit_rate", "coverage"])
    }
    #expect(
      try figureNames(json["reranked"])
        == ["top_k_categorical_accuracy", "mrr", "recall", "ndcg", "precision", "map", "hit_rate", "coverage"])
    for group in ["warm", "cold"] {
      let figures = try #require(json[group] as? [String: Any])
      #expect(Set(figures.keys) == ["seen_excluded"])
      #expect(
        try figureNames(figures["seen_excluded"]) == ["top_k_categorical_accuracy", "mrr", "recall", "ndcg", "precision", "map", "hit_rate"])
    }
    let ranking = try #require(json["ranking"] as? [String: Any])
    let names = [
      "rmse", "pairwise_accuracy", "rmse_without_pair_features", "pairwise_accuracy_without_pair_features",
      "constant_rmse",
    ]
    for name in names {
      let value = try #require(ranking[name] as? Double, "\(name)")
      #expect(value > 0 && value < 1)
    }
    #expect(Set(ranking.keys) == Set(names + ["intervals"]))
  }

  /// The names of a group's figures, having checked that each is a share, by the usual k where it has one.
  private func figureNames(_ group: Any?) throws -> Set<String> {
    let figures = try #require(group as? [String: Any])
    for (name, value) in figures where name != "mrr" {
      let byCutoff = try #require(value as? [String: Double], "\(name)")
      let cutoffs = name == "top_k_categorical_accuracy" ? ["1", "5", "10", "50", "100"] : ["20"]
      #expect(Set(byCutoff.keys) == Set(cutoffs))
      #expect(byCutoff.values.allSatisfy { (0...1).contains($0) })
    }
    #expect(figures["mrr"] is Double)
    return Set(figures.keys)
  }

  @Test func metricsAreTakenAtTheLengthsAskedFor() throws {
    let usual = try #require(run.outcome.json)
    let outcome = try twotower("evaluate", run.path, "--json", "--at", "50,5,20")
    expectSuccess(outcome)
    let json = try #require(outcome.json)
    for name in ["recall", "ndcg", "precision", "map", "hit_rate", "coverage", "top_k_categorical_accuracy"] {
      let values = try ["5", "20", "50"].map { try figure(json, "retrieval", "seen_excluded", name, $0) }
      #expect(Set(values).count == 3 && values.allSatisfy { (0...1).contains($0) }, "\(name)")
      if name == "top_k_categorical_accuracy" { continue }
      #expect(values[1] == (try figure(usual, "retrieval", "seen_excluded", name, "20")), "\(name)")
      if name == "precision" || name == "ndcg" || name == "map" { continue }
      #expect(values == values.sorted(), "\(name) grows with the list")
    }
    #expect((json["recommendations"] as? [String: Any])?["length"] as? Int == 50)
    let table = try twotower("evaluate", run.path, "--at", "5,10")
    expectSuccess(table)
    for name in ["recall@5", "recall@10", "MAP@5", "hit rate@10", "top-5"] {
      #expect(table.output.contains("  \(name) "), "\(table)")
    }
    #expect(!table.output.contains("@20") && table.outputLines.allSatisfy { $0.count <= 80 })
    for bad in ["0", "5,x", "", "5,", "-1"] { expectUsageError(try twotower("evaluate", run.path, "--at=\(bad)"), "--at") }
    expectRefusal(try twotower("evaluate", run.path, "--at", "5,1001"), status: 64, "--at 1001", "1000 items")
  }

  @Test func aModelBelowPopularityIsWarnedOf() throws {
    let folder = try TemporaryFolder()
    let fit = try twotower(
      ["fit"] + quickRetrieval + ["--learning-rate", "1e-9", "--output", folder("run"), "--json"])
    expectSuccess(fit)
    let warnings = try #require(fit.json?["warnings"] as? [[String: String]])
    #expect(warnings.map { $0["kind"] }.contains("below_popularity"))
    for warning in warnings { #expect(fit.errors.contains("warning: \(warning["message"] ?? "?")\n"), "\(fit)") }
    let evaluated = try twotower("evaluate", folder("run"))
    #expect(evaluated.errors.contains("warning: worse than recommending everyone the most popular items: recall@20 is ."))
    #expect((run.outcome.json?["warnings"] as? [Any])?.isEmpty == true, "a good run is warned of nothing")
  }

  @Test func fitPrintsAndStoresTheFiguresThatEvaluateComputes() throws {
    let evaluated = try twotower("evaluate", run.path, "--json")
    var fitted = try #require(run.outcome.json)
    let seconds = try #require(fitted.removeValue(forKey: "seconds") as? [String: Double])
    #expect(seconds["total"] ?? 0 > 0)
    #expect(fitted.removeValue(forKey: "peak_memory_bytes") as? Int ?? 0 > 1_000_000)
    #expect(NSDictionary(dictionary: fitted) == NSDictionary(dictionary: try #require(evaluated.json)))
    #expect(String(decoding: try contents(of: run.path + "/metrics.json"), as: UTF8.self) == evaluated.output)
  }

  @Test func rerankingIsMeasuredAndDoesNotRuin() throws {
    #expect(run.outcome.errors.contains("reranking: NDCG@20 ."))
    let json = try #require(run.outcome.json)
    for metric in ["recall", "ndcg"] {
      let (plain, reranked) = (
        try figure(json, "retrieval", "seen_excluded", metric, "20"), try figure(json, "reranked", metric, "20")
      )
      #expect(reranked >= plain - 0.002, "\(metric) \(plain), reranked \(reranked)")
    }
    let text = try twotower("evaluate", run.path, "--rerank")
    expectSuccess(text)
    #expect(text.outputLines.contains { $0.contains(" reranked ") && $0.contains("as retrieved") })
    let folder = try TemporaryFolder()
    expectSuccess(try twotower(["fit"] + quickRetrieval + ["--output", folder("run")]))
    expectRefusal(try twotower("evaluate", folder("run"), "--rerank"), status: 65, "no ranking task")
  }

  @Test func thePlantedTastesAreFound() throws {
    let json = try #require(run.outcome.json)
    let recall = try figure(json, "retrieval", "seen_excluded", "recall", "20")
    let popular = try figure(json, "popularity", "seen_excluded", "recall", "20")
    #expect(recall >= 2 * popular, "recall@20 \(recall), popularity \(popular)")
    let cold = try figure(json, "cold", "seen_excluded", "top_k_categorical_accuracy", "100")
    let chance = try figure(json, "chance", "cold", "top_k_categorical_accuracy", "100")
    #expect(cold >= 2 * chance, "cold top-100 \(cold), chance \(chance)")
    let (rmse, plain) = (try figure(json, "ranking", "rmse"), try figure(json, "ranking", "rmse_without_pair_features"))
    #expect(rmse < plain)
    #expect(plain < (try figure(json, "ranking", "constant_rmse")))
  }

  @Test func theTableShowsTheSameFiguresBesidePopularityAndChance() throws {
    let outcome = try twotower("evaluate", run.path)
    expectSuccess(outcome)
    let json = try #require(run.outcome.json)
    #expect(outcome.outputLines.first?.hasPrefix("Retrieval, seen excluded (") == true)
    let row = try #require(outcome.outputLines.first { $0.contains("recall@20") })
    let cells = row.split(separator: " ").map(String.init)
    let expected = try ["retrieval", "popularity"].map { try figure(json, $0, "seen_excluded", "recall", "20") }
    #expect(cells.count == 5)
    #expect(cells[1] == String(String(format: "%.4f", expected[0]).dropFirst()))
    #expect(cells[3] == String(String(format: "%.4f", expected[1]).dropFirst()))
    #expect(outcome.output.contains("Cold targets"))
    #expect(outcome.output.contains("with pair features"))
    #expect(!outcome.output.contains("\u{1B}"), "a file is not coloured")
    #expect(outcome.outputLines.allSatisfy { $0.count <= 80 })
  }

  @Test func optionsOfListsAreRefusedBeforeAnythingIsMeasured() throws {
    let folder = try TemporaryFolder()
    let run = folder("run")
    expectSuccess(
      try twotower(
        ["fit", "--data", Tool.sample, "--recipe", "ranking", "--epochs", "1", "--set", "ranking.hidden-layers=[8]", "--output", run]))
    // A file that measuring reads is damaged: whoever measures first says so.
    try folder.write("run/model.safetensors", "damaged")
    expectRefusal(try twotower("evaluate", run), status: 65, "model.safetensors")
    for options in [
      ["--diversity", "0.3"], ["--popularity-penalty", "1"], ["--exclude", "genre:folk"], ["--only", "genre:folk"],
    ] { expectRefusal(try twotower(["evaluate", run] + options), status: 65, run, "the run makes no lists") }

    // The shared run has lists, of some items.
    let items = try folder.write("none.txt", "No Such Band At All\n")
    expectRefusal(
      try twotower("evaluate", self.run.path, "--only", items), status: 65, "--exclude and --only leave no item")
  }

  @Test func threadsChangeNoFigure() throws {
    let one = try twotower("evaluate", run.path, "--json", "--threads", "1")
    let two = try twotower("evaluate", run.path, "--json", "--threads", "2")
    #expect(one.status == 0)
    #expect(one.output == two.output)
  }
}

/// The number at a path of keys.
func figure(
  _ json: [String: Any], _ keys: String..., sourceLocation: SourceLocation = #_sourceLocation
) throws -> Double {
  try figure(json, keys, sourceLocation: sourceLocation)
}

func figure(
  _ json: [String: Any], _ keys: [String], sourceLocation: SourceLocation = #_sourceLocation
) throws -> Double {
  var value: Any? = json
  for key in keys { value = (value as? [String: Any])?[key] }
  return try #require(value as? Double, "\(keys)", sourceLocation: sourceLocation)
}
