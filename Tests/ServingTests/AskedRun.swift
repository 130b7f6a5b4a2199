import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerServing
import TwoTowerTraining

/// A finished run and the data that it was trained on, shared by the tests that only ask it.
final class AskedRun: Sendable {
  let folder: TemporaryFolder
  let run: Answerer
  let data: TowerData
  private let dataset: Dataset
  private let split: Split

  init(_ recipe: Recipe, dataset: Dataset, split: Split) throws {
    folder = try TemporaryFolder()
    var training = try TrainingRun(
      folder: folder("run"), recipe: recipe, data: prepare(dataset, split: split, recipe: recipe),
      dataset: dataset.name, files: dataset.files, replaces: false)
    _ = try training.train()
    run = try Answerer(opening: folder("run"))
    data = training.data
    (self.dataset, self.split) = (dataset, split)
  }

  var path: String { folder("run") }

  /// The retrieval recipe on the bundled sample.
  static let sample = Result {
    let (dataset, split) = try bundledSample.get()
    return try AskedRun(modelRecipe("retrieval"), dataset: dataset, split: split)
  }

  /// A recipe that knows users by their history alone, on the bundled sample.
  static let history = Result {
    let (dataset, split) = try bundledSample.get()
    let text = """
      name: history
      retrieval:
        query-tower:
          features: [{feature: history, dimension: 32}, {feature: history-tags, dimension: 16}]
          hidden-layers: [32]
        candidate-tower: {features: [{feature: item-id, dimension: 32}]}
        similarity: cosine
        temperature: 0.15
        training: {epochs: 15, batch-size: 256, learning-rate: 0.005}
      """
    return try AskedRun(recipe(text), dataset: dataset, split: split)
  }

  /// What is known of a user, training rows or what is given of one held out whole: each item liked as much as its row
  /// weighs.
  func likes(of user: Int32) -> [Like] {
    (split.train + split.given).map(Int.init).filter { dataset.interactions.users[$0] == user }
      .map { Like(item: dataset.interactions.items[$0], weight: dataset.interactions.weights[$0]) }
  }

  /// The mean share of 200 users' test items in lists of 20: asked as users, as people who like their training items,
  /// and answered by popularity.
  func recalls() throws -> (user: Double, person: Double, popularity: Double) {
    var tests: [Int32: Set<Int32>] = [:]
    for (user, item) in zip(data.test.users, data.test.items) { tests[user, default: []].insert(item) }
    let asked = tests.keys.sorted().filter { !likes(of: $0).isEmpty }.prefix(200)
    let counts = data.trainingCounts
    let popular = (0..<Int32(data.itemCount)).sorted { (-counts[Int($0)], $0) < (-counts[Int($1)], $1) }
    func mean(_ list: (Int32) throws -> [Int32]) throws -> Double {
      try asked.reduce(0.0) { sum, user in
        sum + Double(tests[user]!.intersection(try list(user)).count) / Double(tests[user]!.count)
      } / Double(asked.count)
    }
    let request = RecommendationRequest(top: 20)
    return (
      try mean { try run.recommend(to: .user($0), request).map(\.item) },
      try mean { try run.recommend(to: .likes(likes(of: $0)), request).map(\.item) },
      try mean { user in
        let seen = Set(likes(of: user).map(\.item))
        return Array(popular.lazy.filter { !seen.contains($0) }.prefix(20))
      }
    )
  }
}
