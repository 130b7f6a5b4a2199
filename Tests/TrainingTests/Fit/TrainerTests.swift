import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerAutodiff
import TwoTowerEvaluation
import TwoTowerKernels
import TwoTowerRecommenders
import TwoTowerTraining

struct TrainerTests {
  /// Recipes that differ in everything that training keeps from step to step.
  static let variants: [Settings] = [
    [],
    [("retrieval.training.optimizer", "sgd"), ("retrieval.training.momentum", "0.9"), ("retrieval.loss", "full-softmax")],
    [("retrieval.training.optimizer", "adagrad"), ("ranking.training.optimizer", "adamw"),
     ("ranking.training.weight-decay", "0.01"), ("retrieval.training.clip-norm", "0.5")],
    [("retrieval.training.schedule", "cosine"), ("retrieval.training.warmup", "0.3")],
    [("ranking.towers", "shared"), ("tasks.order", "joint")],
    [("validation.share", "0.2"), ("validation.patience", "1"), ("retrieval.training.epochs", "6")],
  ]

  @Test(arguments: variants.indices) func theSameSeedGivesTheSameBits(variant: Int) throws {
    let recipe = try smallRecipe(Self.variants[variant])
    let first = try train(recipe)
    #expect(try train(recipe).bits == first.bits)
    #expect(try train(smallRecipe(Self.variants[variant] + [("seed", "2")])).bits != first.bits)
  }

  @Test func everyParameterLearns() throws {
    let recipe = try smallRecipe()
    let outcome = try train(recipe)
    let initial = try ModelSet(recipe.models, data: outcome.data)
    for parameter in initial.parameters {
      #expect(outcome.state.parameters[parameter.name]?.array != parameter.value.array, "\(parameter.name)")
    }
  }

  @Test func thePhasesComeInOrderAndTheHistoryHasEveryEpoch() throws {
    let outcome = try train(smallRecipe())
    let expected: [(Phase, Int)] = [
      (.retrieval, 1), (.retrieval, 2), (.retrieval, 3), (.ranking, 1), (.ranking, 2), (.rankingWithPairs, 1),
      (.rankingWithPairs, 2),
    ]
    #expect(outcome.history.map(\.phase) == expected.map(\.0) && outcome.history.map(\.epoch) == expected.map(\.1))
    #expect(outcome.history.allSatisfy { $0.validation == nil && $0.loss > 0 })
    var rowsDone: [Int] = []
    for case .step(.retrieval, 1, 3, let done, let rows, _) in outcome.events {
      rowsDone.append(done)
      #expect(rows == outcome.data.training.count)
    }
    #expect(rowsDone.last == outcome.data.training.count && rowsDone == rowsDone.sorted())
    #expect(rowsDone.count == (outcome.data.training.count + 199) / 200)
  }

  @Test(arguments: [Reduction.mean, .sum]) func reportedLossesDoNotDependOnTheBatchSize(reduction: Reduction) throws {
    // Learning next to nothing, over the whole catalogue, every batch size has the mean loss per row.
    let losses = try ["50", "100000"].map { size in
      try train(
        smallRecipe([
          ("retrieval.training.batch-size", size), ("retrieval.training.learning-rate", "1e-20"),
          ("retrieval.training.optimizer", "sgd"), ("retrieval.loss", "full-softmax"),
          ("retrieval.reduction", reduction.rawValue), ("retrieval.training.epochs", "1"),
          ("retrieval.candidate-tower.features", "[{feature: item-id, dimension: 8}]"),
        ])
      ).history[0].loss
    }
    #expect(abs(losses[0] - losses[1]) < 1e-4 * losses[1], "\(losses)")
  }

  // MARK: - Validation

  @Test func earlyStoppingKeepsTheBestEpoch() throws {
    let recipe = try smallRecipe([
      ("validation.share", "0.3"), ("validation.patience", "2"), ("retrieval.training.epochs", "60"),
      ("retrieval.training.learning-rate", "0.1"), ("ranking.training.epochs", "60"),
      ("ranking.training.learning-rate", "0.1"),
    ])
    let outcome = try train(recipe)
    var stopped: [Phase: Int] = [:]
    for case .stoppedEarly(let phase, let bestEpoch) in outcome.events { stopped[phase] = bestEpoch }
    for phase in [Phase.retrieval, .ranking, .rankingWithPairs] {
      let scores = outcome.history.filter { $0.phase == phase }.compactMap(\.validation)
      let best = try #require(scores.max())
      #expect(scores.count < 60 && stopped[phase] == scores.firstIndex(of: best)! + 1, "\(phase)")
      #expect(scores.count == stopped[phase]! + 2, "\(phase)")
      #expect(abs(try score(of: outcome, phase) - best) < 1e-9, "\(phase)")
    }
  }

  /// The validation metric of the parameters that a training ended with.
  private func score(of outcome: Outcome, _ phase: Phase) throws -> Double {
    let data = outcome.data
    if phase == .retrieval {
      let model = outcome.models.retrieval!
      let truth = RetrievalTruth(
        userCount: data.userCount, candidateCount: data.itemCount, trainingUsers: data.training.users,
        trainingItems: data.training.items, testUsers: data.validation.users, testItems: data.validation.items)
      return try evaluateRetrieval(
        queries: model.queryEmbeddings(count: data.userCount), candidates: model.candidateEmbeddings(count: data.itemCount),
        truth: truth, cutoffs: .fitting(candidateCount: data.itemCount), bootstrapSamples: 0, seed: 0
      ).seenExcluded.ndcg[20]!
    }
    let model = phase == .ranking ? outcome.models.ranking! : outcome.models.rankingWithPairs!
    let predictions = model.predictions(for: data.validation, data: data)
    let squares = zip(predictions, data.validation.labels).map { Double($0 - $1) * Double($0 - $1) }
    return -(squares.reduce(0, +) / Double(squares.count)).squareRoot()
  }

  @Test func looksAreTakenEverySoManyEpochsAndAtTheEnd() throws {
    let outcome = try train(
      smallRecipe([
        ("validation.share", "0.2"), ("validation.every", "2"), ("validation.patience", "9"),
        ("retrieval.training.epochs", "5"),
      ]))
    let looks = outcome.history.filter { $0.phase == .retrieval }.map { $0.validation != nil }
    #expect(looks == [false, true, false, true, true])
  }

  // MARK: - Shared towers

  @Test func frozenTowersStayAsRetrievalLeftThem() throws {
    let shared = try train(smallRecipe([("ranking.towers", "shared")]))
    let alone = try train(recipe(smallRetrieval))
    #expect(!alone.state.parameters.isEmpty)
    for (name, bits) in alone.bits { #expect(shared.bits[name] == bits, "\(name)") }
    let heads = shared.history.filter { $0.phase != .retrieval }
    #expect(heads.count == 4 && heads[1].loss < heads[0].loss && heads[3].loss < heads[2].loss)
  }

  /// The retrieval part of the small recipe.
  private let smallRetrieval = """
    features: {minimum-tag-count: 1}
    retrieval:
      query-tower:
        combine: sum
        features: [{feature: user-id, dimension: 8}, {feature: friends, dimension: 8, table: user-id}]
      candidate-tower:
        features: [{feature: item-id, dimension: 4, identifier-dropout: 0.2}, {feature: tags, dimension: 4}]
      similarity: cosine
      temperature: 0.2
      mask: history
      training: {epochs: 3, batch-size: 200, learning-rate: 0.01}
    """

  @Test func jointTrainingLearnsFromBothLosses() throws {
    func parameters(_ settings: Settings) throws -> [String: [UInt32]] {
      try train(smallRecipe([("ranking.towers", "shared"), ("tasks.order", "joint")] + settings)).bits
    }
    let both = try parameters([])
    let table = "retrieval/embedding/item-id"
    #expect(both[table] != nil)
    #expect(try parameters([("tasks.ranking-weight", "0")])[table] != both[table])
    #expect(try parameters([("tasks.retrieval-weight", "0")])[table] != both[table])
  }

  // MARK: - Divergence

  @Test func divergenceNamesStepAndTensor() throws {
    for (settings, section) in [
      ([("retrieval.training.optimizer", "sgd"), ("retrieval.training.learning-rate", "1e30"), ("retrieval.similarity", "dot")], "retrieval"),
      ([("ranking.training.optimizer", "sgd"), ("ranking.training.learning-rate", "1e30")], "ranking"),
    ] as [(Settings, String)] {
      let error = #expect(throws: TrainingError.self) { try train(smallRecipe(settings)) }
      guard case .notFinite(let phase, let epoch, let step, let tensor, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(phase.rawValue == section && epoch == 1 && step >= 2 && !tensor.isEmpty)
      let line = error?.description ?? ""
      #expect(
        line.contains("epoch 1, step \(step): \(tensor)") && line.contains("\(section).training.learning-rate")
          && !line.contains("\n"), "\(line)")
    }
  }

  @Test func divergenceInTheVeryLastStepIsFound() throws {
    let settings: Settings = [
      ("retrieval.training.optimizer", "sgd"), ("retrieval.training.learning-rate", "3e38"),
      ("retrieval.training.epochs", "1"), ("retrieval.training.batch-size", "100000"), ("retrieval.similarity", "dot"),
      ("retrieval.temperature", "0.01"), ("retrieval.reduction", "sum"),
    ]
    let error = #expect(throws: TrainingError.self) { try train(smallRecipe(settings)) }
    guard case .notFinite(.retrieval, 1, 1, let tensor, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(tensor.hasPrefix("retrieval/"))
  }
}

struct TrainerThreadsTests {
  @Test(arguments: ["staged", "joint"]) func anyNumberOfThreadsGivesTheSameBits(order: String) throws {
    let recipe = try modelRecipe(
      "two-stage",
      [
        ("retrieval.training.epochs", "1"), ("ranking.training.epochs", "1"), ("tasks.order", order),
        ("ranking.towers", order == "joint" ? "shared" : "own"),
      ])
    let (dataset, split) = try bundledSample.get()
    let results = try onThreadCounts {
      try train(recipe, data: prepare(dataset, split: split, recipe: recipe)).bits
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}
