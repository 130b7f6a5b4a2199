import Foundation
import RunTestSupport
import Testing
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerTraining

struct ComparisonTests {
  private let seconds = #""seconds": {"reading": 4, "search": 0, "features": 1, "training": 2, "evaluation": 1, "writing": 0}"#

  private func fit(_ members: String) throws -> FitReport { try FitReport(json: Data("{\(members), \(seconds)}".utf8)) }

  /// The report of a retrieval run with `recall` at 20.
  private func retrieval(_ recall: Double, cold: Double? = nil) throws -> FitReport {
    let cold = cold.map { #", "cold": {"seen_excluded": {"top_k_categorical_accuracy": {"100": \#($0)}}}"# } ?? ""
    return try fit(
      """
      "retrieval": {"seen_included": {}, "seen_excluded": {"recall": {"20": \(recall)},
        "top_k_categorical_accuracy": {"5": 0.1, "10": 0.2, "100": 0.3}},
        "intervals": {"seen_included": {}, "seen_excluded": {"recall": {"20": [\(recall - 0.1), \(recall + 0.1)]}}}},
       "popularity": {"seen_included": {}, "seen_excluded": {"recall": {"20": 0.05}}},
       "chance": {"seen_excluded": {"recall": {"20": 0.01}}, "cold": {"top_k_categorical_accuracy": {"100": 0.02}}},
       "peak_memory_bytes": 1000\(cold)
      """)
  }

  private func ranking(_ rmse: Double, plain: Double) throws -> FitReport {
    try fit(
      #"""
      "ranking": {"rmse": \#(rmse), "pairwise_accuracy": 0.6, "rmse_without_pair_features": \#(plain),
        "constant_rmse": 0.9}
      """#)
  }

  private func column(_ title: String, of comparison: Comparison) throws -> Comparison.Column {
    try #require(comparison.columns.first { $0.title == title }, "\(comparison.columns.map(\.title))")
  }

  @Test func aNumberIsAMeanOverSeedsWithItsDeviation() throws {
    let path = "retrieval.seen_excluded.recall.20"
    let entry = Comparison.Entry(
      label: "a", labels: "log", fits: try [0.25, 0.5, 0.75].map { try retrieval($0) })
    let statistic = try #require(entry.statistic(path: path))
    #expect(statistic.mean == 0.5 && statistic.values == [0.25, 0.5, 0.75])
    #expect(statistic.deviation == 0.25)
    let interval = try #require(statistic.interval)
    #expect(abs(interval.low - 0.4) < 1e-12 && abs(interval.high - 0.6) < 1e-12)
    #expect(entry.statistic(path: "peak_memory_bytes")?.interval == nil)

    let one = Comparison.Entry(label: "a", labels: "log", fits: [try retrieval(0.25)])
    #expect(one.statistic(path: path)?.mean == 0.25 && one.statistic(path: path)?.deviation == nil)
    #expect(Comparison.Entry(label: "a", labels: "log", fits: []).statistic(path: path) == nil)
  }

  @Test func aNumberThatOneSeedLacksIsAbsent() throws {
    let entry = Comparison.Entry(label: "a", labels: "log", fits: [try retrieval(0.3, cold: 0.1), try retrieval(0.3)])
    #expect(entry.statistic(path: "cold.seen_excluded.top_k_categorical_accuracy.100") == nil)
    #expect(entry.statistic(path: "retrieval.seen_excluded.recall.20")?.mean == 0.3)
  }

  @Test func columnsAreThoseThatAnEntryHas() throws {
    let found = Comparison(
      seeds: [1],
      entries: [
        .init(label: "a", labels: "log", fits: [try retrieval(0.3)]),
        .init(label: "b", labels: "log", fits: [try retrieval(0.4, cold: 0.1)]),
      ])
    #expect(found.columns.map(\.title) == ["top-100", "recall@20", "cold top-100"])
    #expect(found.best(by: try column("recall@20", of: found)) == [1])
    #expect(found.best(by: try column("top-100", of: found)) == [], "the same everywhere")
    #expect(found.best(by: try column("cold top-100", of: found)) == [], "nothing to compare with")
    let recall = try column("recall@20", of: found)
    #expect(found.popularity(recall) == 0.05 && found.chance(recall) == 0.01)
    let cold = try column("cold top-100", of: found)
    #expect(found.popularity(cold) == nil && found.chance(cold) == 0.02)
    #expect(found.alwaysTheMean(recall) == nil)
    for column in found.columns {
      for entry in found.entries {
        #expect(entry.statistic(column) == entry.statistic(path: column.path), "\(column.path)")
      }
    }
    #expect(found.entries[0].statistic(recall)?.interval != nil)
    #expect(Comparison(seeds: [1], entries: []).columns.isEmpty)
  }

  @Test func theBestErrorIsTheLowest() throws {
    func comparison(_ labels: String) throws -> Comparison {
      Comparison(
        seeds: [1],
        entries: [
          .init(label: "a", labels: "log", fits: [try ranking(0.3, plain: 0.3)]),
          .init(label: "b", labels: labels, fits: [try ranking(0.2, plain: 0.4)]),
          .init(label: "c", labels: "none", fits: [try retrieval(0.4)]),
        ])
    }
    let same = try comparison("log")
    #expect(same.columns.map(\.title) == ["top-100", "recall@20", "RMSE", "pairwise", "plain RMSE"])
    #expect(same.best(by: try column("RMSE", of: same)) == [1])
    #expect(same.best(by: try column("plain RMSE", of: same)) == [0])
    #expect(same.alwaysTheMean(try column("RMSE", of: same)) == 0.9)
    #expect(same.alwaysTheMean(try column("pairwise", of: same)) == 0.5)
    let other = try comparison("binary")
    let error = try column("RMSE", of: other)
    #expect(other.hasSeveralLabels(error) && other.best(by: error) == [], "errors on other labels do not compare")
    #expect(other.alwaysTheMean(error) == nil)
  }

  @Test func modelsWithoutPairFeaturesNeedNoPlainColumns() throws {
    let comparison = Comparison(
      seeds: [1], entries: [.init(label: "a", labels: "log", fits: [try ranking(0.3, plain: 0.3)])])
    #expect(comparison.columns.map(\.title) == ["RMSE", "pairwise"])
  }

  @Test func jsonHoldsEveryNumber() throws {
    let comparison = Comparison(
      seeds: [1, 2],
      entries: [
        .init(label: "a", labels: "log", fits: [try retrieval(0.25), try retrieval(0.75)]),
        .init(label: "b", labels: "log", fits: [try retrieval(0.25), try retrieval(0.5)]),
      ])
    let json = comparison.json
    guard case .array(let recipes)? = json["recipes"] else { throw RecipeError(place: "json", message: json.text()) }
    let recall = recipes[0]["figures"]?["retrieval.seen_excluded.recall.20"]
    #expect(recall?["mean"] == .number(0.5) && recall?["values"] == .array([.number(0.25), .number(0.75)]))
    #expect(json["best"]?["retrieval.seen_excluded.recall.20"] == .array([.string("a")]))
    guard case .object(let figures)? = recipes[0]["figures"] else { throw RecipeError(place: "json", message: json.text()) }
    let accuracies = figures.map(\.key).filter { $0.hasPrefix("retrieval.seen_excluded.top_k") }.map { $0.split(separator: ".").last! }
    #expect(accuracies == ["5", "10", "100"])
  }

  @Test func unseenUsersAndRerankedListsHaveColumns() throws {
    func group(_ recall: Double) -> String { #"{"seen_excluded": {"recall": {"20": \#(recall)}}}"# }
    let report = try fit(
      """
      "reranked": {"recall": {"20": 0.5}, "ndcg": {"20": 0.25}, "mrr": 0.1},
      "unseen_users": {"users": 3, "model": {"seen_excluded": {"recall": {"20": 0.4}},
        "intervals": {"seen_excluded": {"recall": {"20": [0.3, 0.5]}}}},
        "popularity": \(group(0.2)), "ials_fold_in": \(group(0.1)), "chance": \(group(0.01))}
      """)
    let found = Comparison(seeds: [1], entries: [.init(label: "a", labels: "log", fits: [report])])
    #expect(found.columns.map(\.title) == ["reranked recall@20", "reranked NDCG@20", "unseen recall@20"])
    let unseen = try column("unseen recall@20", of: found)
    let entry = found.entries[0]
    #expect(entry.statistic(unseen)?.mean == 0.4 && entry.statistic(unseen)?.interval?.low == 0.3)
    #expect(found.popularity(unseen) == 0.2 && found.chance(unseen) == 0.01)
    for column in found.columns { #expect(entry.statistic(column)?.mean == entry.statistic(path: column.path)?.mean) }
  }

  @Test func anEvaluationHasNoSeconds() throws {
    let json = Data(#"{"ranking": {"rmse": 0.5}}"#.utf8)
    #expect(try FitReport(json: json, isOfFit: false).seconds == nil)
    #expect(throws: FitReportError.self) { try FitReport(json: json) }
  }

  @Test func entriesAreComparedUserByUserWithTheFirst() throws {
    func users(_ values: [Double], _ names: [String] = ["a", "b", "c", "d"]) -> UserFigures {
      UserFigures(users: names, values: ["recall.20": values])
    }
    let comparison = Comparison(
      seeds: [1, 2],
      entries: [
        .init(
          label: "first", labels: "log", fits: [try retrieval(0.3), try retrieval(0.3)],
          userFigures: [users([0.1, 0.2, 0.3, 0.4]), users([0.3, 0.4, 0.5, 0.6])]),
        .init(
          label: "better", labels: "log", fits: [try retrieval(0.4)], userFigures: [users([0.3, 0.4, 0.4, 0.5])],
          isRun: true),
        .init(
          label: "others", labels: "log", fits: [try retrieval(0.4)],
          userFigures: [users([0.3, 0.4, 0.4, 0.5], ["a", "b", "c", "e"])]),
        .init(label: "unknown", labels: "log", fits: [try retrieval(0.4)]),
      ])
    let found = comparison.differencesFromFirst(of: 1)
    #expect(found.map(\.metric.title) == ["recall@20"])
    // Against the means over the first one's seeds, .2 .3 .4 .5.
    #expect(abs(found[0].difference.mean - 0.05) < 1e-12)
    #expect(found[0].difference == PairedDifference([0.3, 0.4, 0.4, 0.5], against: [0.2, 0.30000000000000004, 0.4, 0.5]))
    for place in [0, 2, 3] { #expect(comparison.differencesFromFirst(of: place).isEmpty, "entry \(place)") }
    guard case .array(let recipes)? = comparison.json["recipes"] else { throw CocoaError(.coderInvalidValue) }
    #expect(recipes[1]["against_first"]?["recall.20"] == found[0].difference.json)
    #expect(recipes[0]["against_first"] == nil && recipes[2]["against_first"] == nil)
  }
}

struct ComparedRowsTests {
  @Test func otherRowsAreTold() throws {
    let (dataset, split) = try smallSample.get()
    let rows = ComparedRows(dataset, split: split)
    let recipe = try smallRecipe([("validation.share", "0.2")])
    #expect(try rows.difference(from: ComparedRows(prepare(dataset, split: split, recipe: recipe))) == nil)
    #expect(rows.areMeasured)
    var other = split
    other.test.removeLast()
    #expect(ComparedRows(dataset, split: other).difference(from: rows) == "its held-out rows")
    other = split
    other.train.removeLast()
    #expect(ComparedRows(dataset, split: other).difference(from: rows) == "its training rows")
    let (others, otherSplit) = Checkerboard.dataset()
    #expect(ComparedRows(others, split: otherSplit).difference(from: rows) == "its users or items")
    other.test = []
    #expect(!ComparedRows(dataset, split: other).areMeasured)
  }
}
