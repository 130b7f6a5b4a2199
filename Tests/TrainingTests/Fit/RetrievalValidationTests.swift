import Foundation
import RunTestSupport
import Testing
import TwoTowerAutodiff
import TwoTowerRecommenders
import TwoTowerTraining

struct RetrievalValidationTests {
  /// Two users who hold the first item for the best, the second for the second best and so on; the first of them was
  /// trained on the first item.
  private func score(_ metric: ValidationSettings.Metric, itemCount: Int, users: [Int32], items: [Int32]) throws -> Double {
    let data = TowerData(
      userIdentifiers: ["a", "b"], itemIdentifiers: (0..<itemCount).map { "i\($0)" },
      itemNames: (0..<itemCount).map { "i\($0)" }, training: LabeledPairs(users: [0], items: [0], labels: [1]),
      validation: LabeledPairs(users: users, items: items, labels: users.map { _ in 1 }),
      test: LabeledPairs(users: [0], items: [1], labels: [1]), features: [], pairFeatures: nil)
    let scorer = EmbeddingScorer(
      queries: Tensor([2, 1], [1, 1]), candidates: Tensor([itemCount, 1], (0..<itemCount).map { Float(itemCount - $0) }))
    return try data.validationScore(scorer, metric: metric)
  }

  @Test func everyMetricByHand() throws {
    // Without item 0, user 0's items stand at ranks 2, 49 and 104; user 1's at 4 and 119.
    func score(_ metric: ValidationSettings.Metric) throws -> Double {
      try self.score(metric, itemCount: 120, users: [0, 0, 0, 1, 1], items: [3, 50, 105, 4, 119])
    }
    #expect(abs(try score(.recall20) - (1.0 / 3 + 1.0 / 2) / 2) < 1e-12)
    let ideal = 1 + 1 / log2(3.0)
    #expect(abs(try score(.ndcg20) - (1 / log2(4.0) / (ideal + 1 / log2(4.0)) + 1 / log2(6.0) / ideal) / 2) < 1e-12)
    #expect(abs(try score(.top100) - 3.0 / 5) < 1e-12)
  }

  @Test func onASmallCatalogueNDCGIsOfTheWholeCatalogue() throws {
    let found = try score(.ndcg20, itemCount: 6, users: [1], items: [3])
    #expect(abs(found - 1 / log2(5.0)) < 1e-12)
  }

  @Test(arguments: [(ValidationSettings.Metric.recall20, 20), (.recall20, 6), (.top100, 100), (.top100, 70)])
  func aMetricThatEveryModelHasInFullIsRefused(metric: ValidationSettings.Metric, itemCount: Int) throws {
    let error = #expect(throws: RecipeError.self) { try score(metric, itemCount: itemCount, users: [1], items: [3]) }
    let line = error?.description ?? ""
    #expect(line.contains("validation.metric: found '\(metric.rawValue)'") && line.contains("set 'ndcg@20'"), "\(line)")
    #expect(try score(metric, itemCount: 101, users: [1], items: [3]) == 1)
  }

  @Test(arguments: [true, false]) func theMetricIsCheckedBeforeTraining(isBaseline: Bool) throws {
    let (dataset, split) = try smallSample.get()
    func prepared(_ settings: Settings) throws -> [String] {
      var remarks: [String] = []
      let recipe = try isBaseline ? recipe("baseline: {kind: ease}", settings) : smallRecipe(settings)
      _ = try prepare(dataset, split: split, recipe: recipe) { remarks.append($0) }
      return remarks
    }
    let top100: Settings = [("validation.metric", "top-100")]
    #expect(throws: RecipeError.self) { try prepared(top100 + [("validation.share", "0.2")]) }
    #expect(try prepared(top100) == prepared([]), "nothing is validated")
    #expect(try prepared([("validation.share", "0.2")]) == prepared([]), "the catalogue is large enough")
  }
}
