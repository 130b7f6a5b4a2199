import Foundation
import TwoTowerAutodiff
import TwoTowerEvaluation
import TwoTowerKernels
import TwoTowerRecommenders
import TwoTowerTraining

/// The cost of the same work at growing sizes.
struct Series {
  /// Of the figure's file.
  let name: String
  let title: String
  /// What was held fixed.
  let setting: String
  /// What grows.
  let sizeName: String
  /// What is timed.
  let costName: String
  let sizes: [Int]
  /// Whether the cost should fall as the size grows, as with threads; else it should grow with it.
  var sharesWork = false
  /// The seconds at a size; every call builds what it needs anew.
  let seconds: (_ size: Int) throws -> Double

  /// Measures all sizes in turns.
  func measure(rounds: Int) throws -> Curve {
    var seconds = [[Double]](repeating: [], count: sizes.count)
    for _ in 0..<rounds {
      for (index, size) in sizes.enumerated() { seconds[index].append(try self.seconds(size)) }
    }
    return Curve(series: self, seconds: seconds)
  }

  static func all(_ scale: Scale) -> [Series] {
    [
      Series(
        name: "interactions", title: "Seconds per epoch over interactions",
        setting: "In-batch softmax, batch 1,024, d 32, Adam, 100,000 users, 50,000 artists.",
        sizeName: "interactions", costName: "seconds per epoch",
        sizes: scale.isQuick ? [10_000, 30_000] : [10_000, 100_000, 1_000_000, 10_000_000]
      ) { try epochSeconds(rows: $0, batchSize: 1_024, dimension: 32) },
      Series(
        name: "batch-size", title: "Seconds per epoch over batch size",
        setting: "In-batch softmax, 131,072 interactions, d 64, Adam, 100,000 users, 50,000 artists.",
        sizeName: "batch size", costName: "seconds per epoch",
        sizes: scale.isQuick ? [256, 1_024] : [256, 512, 1_024, 2_048, 4_096, 8_192, 16_384]
      ) { try epochSeconds(rows: scale(131_072, quick: 8_192), batchSize: $0, dimension: 64) },
      Series(
        name: "dimension", title: "Seconds per epoch over the embeddings' dimension",
        setting: "In-batch softmax, 131,072 interactions, batch 4,096, Adam, 100,000 users, 50,000 artists.",
        sizeName: "dimension", costName: "seconds per epoch", sizes: scale.isQuick ? [16, 32] : [8, 16, 32, 64, 128, 256]
      ) { try epochSeconds(rows: scale(131_072, quick: 8_192), batchSize: 4_096, dimension: $0) },
      Series(
        name: "full-softmax", title: "Seconds per step over the catalogue, full softmax",
        setting: "Against the whole catalogue, batch 1,024, d 64, Adagrad, 100,000 users.",
        sizeName: "artists", costName: "seconds per step",
        sizes: scale.isQuick ? [1_000, 10_000] : [1_000, 10_000, 100_000, 1_000_000]
      ) { try fullSoftmaxStepSeconds(items: $0) },
      Series(
        name: "evaluation", title: "Seconds to evaluate over the catalogue",
        setting: "10,000 users with a test row each and 20 training rows, d 32, all metrics and intervals.",
        sizeName: "artists", costName: "seconds",
        sizes: scale.isQuick ? [1_000, 10_000] : [1_000, 10_000, 100_000, 1_000_000]
      ) { try evaluationSeconds(items: $0, users: scale(10_000, quick: 500)) },
      Series(
        name: "threads", title: "Seconds per epoch over threads",
        setting: "In-batch softmax, 131,072 interactions, batch 4,096, d 64, Adam, 100,000 users, 50,000 artists.",
        sizeName: "threads", costName: "seconds per epoch", sizes: Array(1...Parallelism.threadCount),
        sharesWork: true
      ) { threads in
        let all = Parallelism.threadCount
        defer { Parallelism.threadCount = all }
        Parallelism.threadCount = threads
        return try epochSeconds(rows: scale(131_072, quick: 8_192), batchSize: 4_096, dimension: 64)
      },
    ]
  }
}

/// The median epoch of a training on made-up data; small ones are repeated, without their first epoch.
private func epochSeconds(rows: Int, batchSize: Int, dimension: Int) throws -> Double {
  let epochs = rows <= 10_000 ? 10 : rows <= 1_000_000 ? 3 : 1
  let data = TowerData.madeUp(users: 100_000, items: 50_000, rows: rows)
  let recipe = Recipe.identifiersOnly(dimension: dimension, batchSize: batchSize, epochs: epochs)
  return try medianEpochSeconds(recipe: recipe, data: data)
}

private func fullSoftmaxStepSeconds(items: Int) throws -> Double {
  let steps = items <= 100_000 ? 5 : 3
  let data = TowerData.madeUp(users: 100_000, items: items, rows: 1_024)
  let recipe = Recipe.identifiersOnly(
    dimension: 64, batchSize: 1_024, loss: .fullSoftmax, optimizer: .adagrad, epochs: steps)
  return try medianEpochSeconds(recipe: recipe, data: data)
}

private func medianEpochSeconds(recipe: Recipe, data: TowerData) throws -> Double {
  var trainer = Trainer(recipe: recipe, data: data, models: try ModelSet(recipe.models, data: data))
  var epochs: [Double] = []
  var watch = Stopwatch()
  trainer.report = { event in
    switch event {
    case .phaseStarted: _ = watch.lap()
    case .epochEnded: epochs.append(watch.lap())
    default: break
    }
  }
  var state = TrainingState()
  try trainer.run(from: &state)
  return medianOf(epochs.count > 1 ? Array(epochs.dropFirst()) : epochs)
}

private func evaluationSeconds(items: Int, users: Int) throws -> Double {
  let dimension = 32
  let everyone = (0..<Int32(users)).map { $0 }
  let truth = RetrievalTruth(
    userCount: users, candidateCount: items, trainingUsers: everyone.flatMap { [Int32](repeating: $0, count: 20) },
    trainingItems: popularItems(20 * users, of: items, seed: 30), testUsers: everyone,
    testItems: popularItems(users, of: items, seed: 31))
  let queries = Tensor(shape: [users, dimension], buffer: randomBuffer(users * dimension, seed: 32))
  let candidates = Tensor(shape: [items, dimension], buffer: randomBuffer(items * dimension, seed: 33))
  var watch = Stopwatch()
  _ = try evaluateRetrieval(queries: queries, candidates: candidates, truth: truth, seed: 1)
  return watch.lap()
}
