import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerKernels
import TwoTowerRecipes
import TwoTowerServing
import TwoTowerTraining

/// What every model must do, on data whose right answer is known (after the tests of the library "implicit").
struct BehaviouralContractTests {
  static let retrieving: [String: String] = [
    "matrix factorisation": """
      name: factorization
      labels: binary
      matrix-factorization:
        dimension: 6
        initial-deviation: 0.1
        gravity: 1
        report-every: 50
        training: {epochs: 400, batch-size: 0, optimizer: sgd, learning-rate: 1}
      """,
    "matrix factorisation in batches": """
      name: factorization-in-batches
      labels: binary
      matrix-factorization:
        dimension: 6
        initial-deviation: 0.1
        regularization: 0.01
        gravity: 1
        training: {epochs: 60, batch-size: 50, optimizer: adam, learning-rate: 0.02}
      """,
    "history": """
      name: history
      retrieval:
        similarity: cosine
        temperature: 0.3
        mask: history
        query-tower: {features: [{feature: history, dimension: 6, identifier-dropout: 0.3}], hidden-layers: [8, 6]}
        candidate-tower: {features: [{feature: item-id, dimension: 6, initial-deviation: 0.1}]}
        training: {epochs: 40, batch-size: 64, optimizer: adam, learning-rate: 0.02}
      """,
    "by users, with popularity": """
      name: by-users
      retrieval:
        loss: user-softmax
        start: implicit-als
        similarity: cosine
        temperature: 0.3
        popularity-weight: 0.2
        query-tower: {features: [{feature: user-id, dimension: 6}]}
        candidate-tower: {features: [{feature: item-id, dimension: 6}]}
        training: {epochs: 40, batch-size: 16, optimizer: adam, learning-rate: 0.02}
      """,
    "bpr, uniform": bpr("uniform"),
    "bpr, popularity": bpr("popularity"),
  ].merging(baselines) { $1 }

  /// Fitted in one go: with no state to resume from and, but for iALS, nothing random.
  static let baselines: [String: String] = [
    "item neighbours": "{name: neighbours, baseline: {kind: item-neighbors, neighbors: 12, shrinkage: 1}}",
    "item neighbours, all": "{name: neighbours, baseline: {kind: item-neighbors}}",
    "ease": "{name: ease, baseline: {kind: ease, regularization: 1}}",
    "ials": "{name: ials, baseline: {kind: implicit-als, dimension: 6}}",
  ]
  /// Blind to who is asking: all but the pattern.
  static let popularity = ["popularity": "{name: popularity, baseline: {kind: popularity}}"]

  private static func text(of model: String) -> String { (retrieving[model] ?? ranking[model] ?? popularity[model])! }
  private static let seeded = (retrieving.keys.filter { baselines[$0] == nil || $0.hasPrefix("ials") } + ranking.keys)
    .sorted()

  static let ranking: [String: String] = [
    "regression, dot product": regression("head: dot"),
    "regression, network": regression("hidden-layers: [32, 16]"),
  ]

  private static func bpr(_ negatives: String) -> String {
    """
    name: bpr
    retrieval:
      loss: bpr
      negatives: \(negatives)
      negative-count: 2
      query-tower: {features: [{feature: user-id, dimension: 6, initial-deviation: 0.1}]}
      candidate-tower: {features: [{feature: item-id, dimension: 6, initial-deviation: 0.1}]}
      training: {epochs: 40, batch-size: 64, optimizer: adam, learning-rate: 0.02}
    """
  }

  private static func regression(_ head: String) -> String {
    """
    name: regression
    labels: log
    ranking:
      \(head)
      pair-features: false
      query-tower: {features: [{feature: user-id, dimension: 5, initial-deviation: 0.3}]}
      candidate-tower: {features: [{feature: item-id, dimension: 5, initial-deviation: 0.3}]}
      training: {epochs: 60, batch-size: 32, optimizer: adam, learning-rate: 0.02}
    """
  }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func recipe(_ text: String) throws -> Recipe { try RecipeReader(text: text, name: "contract").recipe() }

  @discardableResult
  private func fit(_ text: String, in name: String) throws -> Assessment {
    var run = try Checkerboard.run(recipe(text), in: folder(name))
    return try run.train(stopSignal: { nil }, report: { _ in }, evaluating: {})
  }

  private func bytes(_ run: String) throws -> [Data] {
    try ["model.safetensors", "history.tsv", "metrics.json"].map {
      try Data(contentsOf: URL(fileURLWithPath: folder("\(run)/\($0)")))
    }
  }

  @Test(arguments: retrieving.keys.sorted()) func theHeldOutItemIsFoundAndWhatIsSeenIsNot(model: String) throws {
    try fit(Self.retrieving[model]!, in: "run")
    let run = try Answerer(opening: folder("run"))
    for user in 0..<Int32(Checkerboard.size) {
      let seen = try run.seenItems(of: user)
      let items = try run.recommend(to: .user(user), request(top: Checkerboard.size))
      #expect(items.first?.item == user, "user \(user)")
      #expect(Set(items.map(\.item)).isDisjoint(with: seen))
      #expect(items.count == Checkerboard.size - seen.count)
      let all = try run.recommend(to: .user(user), request(top: Checkerboard.size, includesSeen: true))
      #expect(all.prefix(Checkerboard.size / 2).allSatisfy { $0.item % 2 == user % 2 }, "user \(user)")
    }
  }

  @Test(arguments: ranking.keys.sorted()) func pairsOfTheRightColourArePredictedHigher(model: String) throws {
    let report = try #require(try fit(Self.ranking[model]!, in: "run").ranking)
    #expect(report.rmse! < 0.5 * report.constantRMSE!, "\(report.rmse!), constant \(report.constantRMSE!)")
    #expect(report.pairwiseAccuracy! > 0.95)
    let run = try Answerer(opening: folder("run"))
    let neighbour = Int32(1)
    #expect(try run.rank([neighbour, 0], for: .user(0)).map(\.item) == [0, neighbour])
  }

  @Test func popularityRecommendsWhatMostHaveAndNothingSeen() throws {
    try fit(Self.text(of: "popularity"), in: "run")
    let run = try Answerer(opening: folder("run"))
    for user in 0..<Int32(Checkerboard.size) {
      let seen = try run.seenItems(of: user)
      let items = try run.recommend(to: .user(user), request(top: Checkerboard.size))
      #expect(Set(items.map(\.item)).union(seen).count == Checkerboard.size && items.count == Checkerboard.size - seen.count)
      #expect(items.allSatisfy { $0.score == 11 })
    }
  }

  @Test(arguments: retrieving.keys.sorted() + ranking.keys.sorted() + ["popularity"])
  func aLoadedRunGivesTheSameAnswers(model: String) throws {
    let fitted = try fit(Self.text(of: model), in: "run")
    let run = try Answerer(opening: folder("run"))
    #expect(try run.evaluate().json.text() == fitted.json.text())
    #expect(run.userIdentifiers.firstIndex(of: "user 24") == nil)
  }

  @Test(arguments: retrieving.keys.sorted() + ranking.keys.sorted() + ["popularity"])
  func theSeedGivesTheSameRunOnAnyNumberOfThreads(model: String) throws {
    let text = Self.text(of: model)
    try onThreadCounts { try fit(text, in: "\(Parallelism.threadCount)") }
    #expect(try bytes("1") == bytes("2"))
    #expect(try bytes("1") == bytes("3"))
    var other = try recipe(text)
    other.seed = 2
    try fit(try other.yaml, in: "other")
    #expect(try (bytes("1")[0] != bytes("other")[0]) == Self.seeded.contains(model))
  }

  @Test(arguments: baselines.keys.sorted() + ["popularity"])
  func anInterruptedBaselineLeavesNothing(model: String) throws {
    for asks in 0..<3 {
      var asked = 0
      var run = try Checkerboard.run(recipe(Self.text(of: model)), in: folder("run"))
      let interrupts = {
        asked += 1
        return asked > asks ? Int32(2) : nil
      }
      do {
        _ = try run.train(stopSignal: interrupts, report: { _ in }, evaluating: {})
        // Those that do not iterate are asked before and after.
        #expect(asks == 2 && !model.hasPrefix("ials"))
      } catch TrainingError.interruptedBaseline(let signal) {
        #expect(signal == 2)
        #expect(!FileManager.default.fileExists(atPath: folder("run")))
      }
    }
  }

  @Test(arguments: (retrieving.keys.filter { baselines[$0] == nil } + ranking.keys).sorted())
  func aResumedRunEndsWithTheSameBytes(model: String) throws {
    let text = Self.text(of: model)
    try fit(text, in: "whole")
    var run = try Checkerboard.run(recipe(text), in: folder("resumed"))
    for steps in [7, 31] {
      var asked = 0
      #expect(throws: TrainingError.self) {
        try run.train(
          stopSignal: {
            asked += 1
            return asked > steps ? 2 : nil
          }, report: { _ in }, evaluating: {})
      }
      run = try TrainingRun(resuming: folder("resumed"))
    }
    _ = try run.train(stopSignal: { nil }, report: { _ in }, evaluating: {})
    #expect(try bytes("whole") == bytes("resumed"))
  }
}
