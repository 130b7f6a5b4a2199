import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerRuns
import TwoTowerTraining

/// Under every recipe of the project, nothing of a held-out row reaches a feature, a label or a trained bit.
struct HeldOutRowsTests {
  private static let recipes = try! FileManager.default.contentsOfDirectory(atPath: repositoryFolder + "/Models")
    .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()

  /// What may be changed of held-out rows.
  enum Change: CaseIterable { case weights, times, tags, order }

  /// A recipe of the project, trained for a moment.
  private func quick(_ name: String) throws -> Recipe {
    let recipe = try modelRecipe(name)
    var settings: Settings = []
    if recipe.retrieval != nil { settings.append(("retrieval.training.epochs", "1")) }
    if recipe.ranking != nil { settings.append(("ranking.training.epochs", "1")) }
    if recipe.matrixFactorization != nil { settings.append(("matrix-factorization.training.epochs", "3")) }
    return try modelRecipe(name, settings)
  }

  /// The sample with times, so that recipes that look at them see some.
  private func timed() throws -> (dataset: Dataset, split: Split) {
    var (dataset, split) = try smallSample.get()
    dataset.interactions.timestamps = dataset.interactions.users.indices.map { 1_200_000_000_000 + Int64($0) * 86_400_000 }
    return (dataset, split)
  }

  private func changed(_ change: Change, _ dataset: Dataset, _ split: Split) -> (dataset: Dataset, split: Split) {
    var (dataset, split) = (dataset, split)
    let heldOut = Set(split.test.map { row in
      [dataset.interactions.users[Int(row)], dataset.interactions.items[Int(row)]]
    })
    switch change {
    case .weights: for row in split.test { dataset.interactions.weights[Int(row)] *= 1000 }
    case .times: for row in split.test { dataset.interactions.timestamps[Int(row)] += 700_000_000_000 }
    case .tags:
      for row in dataset.tagAssignments.users.indices
      where heldOut.contains([dataset.tagAssignments.users[row], dataset.tagAssignments.items[row]]) {
        dataset.tagAssignments.tags[row] = 0
        dataset.tagAssignments.timestamps[row] += 700_000_000_000
      }
    case .order:
      let old = dataset.interactions
      for (row, other) in zip(split.test, split.test.reversed()) {
        dataset.interactions.users[Int(row)] = old.users[Int(other)]
        dataset.interactions.items[Int(row)] = old.items[Int(other)]
        dataset.interactions.weights[Int(row)] = old.weights[Int(other)]
        dataset.interactions.timestamps[Int(row)] = old.timestamps[Int(other)]
      }
      split.test = split.test.shuffled()
    }
    return (dataset, split)
  }

  /// What the run learnt: the data that it trained on, and its weights as bytes.
  private func learnt(_ recipe: Recipe, _ dataset: Dataset, _ split: Split) throws -> (data: TowerData, weights: Data) {
    let folder = try TemporaryFolder()
    let data = try prepare(dataset, split: split, recipe: recipe)
    var run = try TrainingRun(
      folder: folder("run"), recipe: recipe, data: data, dataset: "sample", files: [], replaces: false)
    _ = try run.train(stopSignal: { nil }, report: { _ in }, evaluating: {})
    return (data, try contents(of: folder("run/model.safetensors")))
  }

  @Test(arguments: recipes) func nothingOfThemIsLearnt(name: String) throws {
    let recipe = try quick(name)
    let (dataset, split) = try timed()
    let before = try learnt(recipe, dataset, split)
    for change in Change.allCases {
      let (otherData, otherSplit) = changed(change, dataset, split)
      let after = try learnt(recipe, otherData, otherSplit)
      // Bool hides the values: a difference of long columns would take minutes to print.
      #expect(Bool(after.data.features == before.data.features), "\(name), \(change)")
      #expect(Bool(after.data.training == before.data.training), "\(name), \(change)")
      #expect(Bool(after.data.encoder == before.data.encoder), "\(name), \(change)")
      #expect(Bool(after.data.heldOutFactors == before.data.heldOutFactors), "\(name), \(change)")
      #expect(Bool(after.weights == before.weights), "\(name), \(change)")
    }
  }

  @Test func theSameChangesToTrainingRowsAreLearnt() throws {
    let (dataset, split) = try timed()
    let recipe = try quick("two-stage")
    let before = try learnt(recipe, dataset, split).weights
    for change in [Change.weights, .tags] {
      let (otherData, _) = changed(change, dataset, Split(train: split.test, test: split.train))
      #expect(try learnt(recipe, otherData, split).weights != before, "\(change)")
    }
  }
}
