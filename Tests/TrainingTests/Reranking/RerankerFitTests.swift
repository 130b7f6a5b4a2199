import Foundation
import RunTestSupport
import Testing
import TwoTowerDatasets
import TwoTowerEvaluation
import TwoTowerKernels
import TwoTowerRecommenders

import TwoTowerTraining

struct RerankerFitTests {
  /// Lists of 12 whose relevant candidates are drawn by `weights`.
  private func judged(_ weights: [Double], lists: Int, seed: UInt64) -> JudgedLists {
    var generator = SeededGenerator(seed: seed, purpose: .bootstrap)
    func number() -> Double { Double(generator.below(2001)) / 1000 - 1 }
    var judged = JudgedLists(width: weights.count)
    for _ in 0..<lists {
      let values = (0..<12).map { _ in weights.map { _ in number() } }
      let sums = values.map { zip($0, weights).reduce(0) { $0 + $1.0 * $1.1 } }
      let best = sums.indices.sorted { sums[$0] > sums[$1] }.prefix(3)
      judged.append(
        JudgedLists.List(
          values: values.flatMap { $0.map(Float.init) }, isRelevant: sums.indices.map(best.contains), idealGain: 1))
    }
    return judged
  }

  @Test func theWeightsThatMadeTheListsAreFound() {
    let found = judged([1, 0, -2], lists: 300, seed: 3).weights()
    #expect(found[0] > 0.1 && abs(found[1]) < 0.1 * found[0])
    #expect(abs(found[2] / found[0] + 2) < 0.2, "\(found)")
  }

  @Test func theyAreWhereTheLossIsLeast() {
    let judged = judged([1, 0.5], lists: 40, seed: 5)
    let found = judged.weights(decay: 0.05)
    func loss(_ weights: [Double]) -> Double {
      let losses = judged.lists.map { list -> Double in
        let sums = list.isRelevant.indices.map { row in
          weights.indices.reduce(0.0) { $0 + weights[$1] * Double(list.values[row * 2 + $1]) }
        }
        let total = sums.reduce(0.0) { $0 + exp($1) }
        let relevant = zip(sums, list.isRelevant).filter(\.1).map(\.0)
        return -relevant.reduce(0) { $0 + log(exp($1) / total) } / Double(relevant.count)
      }
      return losses.reduce(0, +) / Double(losses.count) + 0.05 * weights.reduce(0) { $0 + $1 * $1 }
    }
    let best = loss(found.map(Double.init))
    for (axis, step) in [(0, 0.02), (0, -0.02), (1, 0.02), (1, -0.02)] {
      var moved = found.map(Double.init)
      moved[axis] += step
      #expect(loss(moved) > best, "axis \(axis), step \(step)")
    }
  }

  @Test func listsThatAreLeftOutDoNotCount() {
    let judged = judged([1, -1], lists: 40, seed: 7)
    var half = JudgedLists(width: 2)
    for list in judged.lists.prefix(20) { half.append(list) }
    #expect(judged.weights { $0 < 20 } == half.weights())
    #expect(judged.weights() != half.weights())
    #expect(JudgedLists(width: 2).weights() == [1, 0], "nothing to learn from: as retrieved")
  }

  // MARK: - Of a recipe

  private func found(_ recipe: Recipe, _ change: (inout Dataset) -> Void = { _ in }) throws -> RerankerFit? {
    var (dataset, split) = try smallSample.get()
    change(&dataset)
    return try findReranker(dataset, split: split, recipe: recipe)
  }

  @Test func heldOutRowsAreNotLearntFrom() throws {
    let recipe = try smallRecipe()
    let plain = try #require(try found(recipe))
    let (_, split) = try smallSample.get()
    let heavy = try #require(
      try found(recipe) { dataset in for row in split.test { dataset.interactions.weights[Int(row)] *= 1000 } })
    #expect(plain.reranker == heavy.reranker)
    #expect(plain.retrieved == heavy.retrieved && plain.reranked == heavy.reranked)
    #expect(plain.reranker.names.prefix(3) == ["retrieval-score", "prediction", "popularity"])
    #expect(plain.reranker.names.contains("mean-similarity") && !plain.reranker.names.contains("tagged"))
  }

  @Test func whatDoesNotHelpOthersLeavesTheOrder() {
    let (names, gains) = (["retrieval-score", "prediction", "popularity"], DiscountedGains(length: 3))
    /// The lists in the order of their first number, as retrieval gives them.
    func retrieved(_ weights: [Double]) -> JudgedLists {
      var lists = JudgedLists(width: 3)
      for list in judged(weights, lists: 60, seed: 11).lists {
        let rows = list.isRelevant.indices.sorted { list.values[$0 * 3] > list.values[$1 * 3] }
        lists.append(
          JudgedLists.List(
            values: rows.flatMap { list.values[$0 * 3..<$0 * 3 + 3] }, isRelevant: rows.map { list.isRelevant[$0] },
            idealGain: gains.idealGains[3]))
      }
      return lists
    }
    let perfect = RerankerFit(retrieved([1, 0, 0]), names: names, gains: gains)
    #expect(perfect.retrieved == 1 && perfect.reranked <= 1)
    #expect(perfect.reranker == Reranker(keepingOrderOf: names))
    let helped = RerankerFit(retrieved([1, 2, 0]), names: names, gains: gains)
    #expect(helped.reranked > helped.retrieved + 0.1 && helped.reranked > 0.9)
    #expect(!helped.reranker.changesNothing)
  }

  @Test func onlyWhereThereIsSomethingToRerank() throws {
    #expect(try found(modelRecipe("retrieval", [("retrieval.training.epochs", "1")])) == nil)
    #expect(try found(modelRecipe("ranking", [("ranking.training.epochs", "1")])) == nil)
    // The fit learns from its own validation rows.
    let recipe = try smallRecipe([("validation.share", "0.2")])
    #expect(try found(recipe) == nil)
    let (dataset, split) = try smallSample.get()
    var fit = try ModelFit(recipe, on: prepare(dataset, split: split, recipe: recipe))
    var reported: [RerankerFit] = []
    try fit.run(
      stopSignal: { nil },
      report: { if case .rerankerFitted(let found) = $0 { reported.append(found) } })
    #expect(fit.reranker != nil && reported.map(\.reranker) == [fit.reranker])
  }

  @Test func aFewRowsSayTooLittle() throws {
    let dataset = try smallSample.get().dataset
    var split = try smallSample.get().split
    split.train = Array(split.train.prefix(499))
    #expect(try findReranker(dataset, split: split, recipe: smallRecipe()) == nil)
    split.train = []
    #expect(try findReranker(dataset, split: split, recipe: smallRecipe()) == nil)
  }

  @Test func aSignalStopsIt() throws {
    let (dataset, split) = try smallSample.get()
    #expect(throws: TrainingError.self) {
      try findReranker(dataset, split: split, recipe: smallRecipe(), stopSignal: { 2 })
    }
  }
}
