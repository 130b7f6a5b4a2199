import RunTestSupport
import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerNeuralNetwork
import TwoTowerRecommenders
import TwoTowerTraining

/// What a trainer does anew in every step and epoch.
struct TrainerStepsTests {
  /// Settings under which nothing moves: a loss then only tells what a step was given.
  private let standingStill: Settings = [
    ("retrieval.training.optimizer", "sgd"), ("retrieval.training.learning-rate", "1e-30"),
  ]

  @Test func everyEpochHasItsOwnOrder() throws {
    func losses(batchSize: Int) throws -> [Double] {
      try train(
        recipe(
          SettingEffect.identifiers,
          standingStill + [("retrieval.training.epochs", "3"), ("retrieval.training.batch-size", "\(batchSize)")])
      ).history.map(\.loss)
    }
    // Whom a row stands beside is all that can differ.
    #expect(Set(try losses(batchSize: 40)).count == 3)
    let whole = try losses(batchSize: 100_000)
    #expect(whole.allSatisfy { abs($0 - whole[0]) < 1e-6 })
  }

  @Test func everyStepOfEveryEpochDrawsAnew() throws {
    // Six rows that nothing tells apart but the negative drawn for each, one in a step.
    let (rowCount, itemCount) = (6, 6_000)
    let all = (0..<Int32(rowCount)).map { $0 }
    func identifiers(_ prefix: String, _ count: Int) -> [String] { (0..<count).map { "\(prefix)\($0)" } }
    let data = TowerData(
      userIdentifiers: identifiers("u", rowCount), itemIdentifiers: identifiers("i", itemCount),
      itemNames: identifiers("i", itemCount),
      training: LabeledPairs(users: all, items: all, labels: all.map { _ in 1 }), validation: LabeledPairs(),
      test: LabeledPairs(),
      features: [
        Feature(name: "user-id", entity: .indices(all.map { _ in 1 }, vocabularySize: 2)),
        Feature(
          name: "item-id",
          entity: .indices((0..<Int32(itemCount)).map { max(1, $0 - Int32(rowCount) + 2) }, vocabularySize: itemCount)),
      ], pairFeatures: nil)
    let recipe = try recipe(
      SettingEffect.identifiers,
      standingStill + [
        ("retrieval.loss", "bpr"), ("retrieval.training.batch-size", "1"),
        ("retrieval.query-tower.features.user-id.initial-deviation", "1"),
        ("retrieval.candidate-tower.features.item-id.initial-deviation", "1"),
      ])
    var losses: [Double] = []
    var before = 0.0
    for case .step(_, _, _, let done, _, let loss) in try train(recipe, data: data).events {
      if done == 1 { before = 0 }
      losses.append((loss * Double(done) - before).rounded(toPlaces: 6))
      before = loss * Double(done)
    }
    #expect(losses.count == 2 * rowCount)
    #expect(Set(losses.prefix(rowCount)).count > rowCount / 2, "steps differ: \(losses)")
    #expect(losses.prefix(rowCount) != losses.suffix(rowCount), "epochs differ: \(losses)")
  }

  /// With one small step in an epoch, parameters go as far as the rates of all epochs together.
  @Test(arguments: [0, 0.5]) func theScheduleRunsOverAllEpochs(warmup: Double) throws {
    let epochs = 4
    let given: Settings = [
      ("retrieval.loss", "full-softmax"), ("retrieval.training.optimizer", "sgd"),
      ("retrieval.training.learning-rate", "0.5"), ("retrieval.training.batch-size", "100000"),
      ("retrieval.training.epochs", "\(epochs)"),
    ]
    func way(_ settings: Settings) throws -> [Double] {
      let recipe = try recipe(SettingEffect.identifiers, given + settings)
      let outcome = try train(recipe)
      return try ModelSet(recipe.models, data: outcome.data).parameters.flatMap { parameter in
        zip(outcome.state.parameters[parameter.name]!.array, parameter.value.array).map { Double($0) - Double($1) }
      }
    }
    let constant = try way([])
    let scheduled = try way([("retrieval.training.schedule", "cosine"), ("retrieval.training.warmup", "\(warmup)")])
    func product(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
    let schedule = LearningRateSchedule(baseRate: 1, warmUpSteps: Int(warmup * Double(epochs)), decay: .cosine)
    let rates = (0..<epochs).map { Double(schedule.rate(step: $0, totalSteps: epochs)) }
    let expected = rates.reduce(0, +) / Double(epochs)
    #expect(abs(product(scheduled, constant) / product(constant, constant) - expected) < 0.02 && expected < 0.8)
  }
}

extension Double {
  fileprivate func rounded(toPlaces places: Int) -> Double {
    let factor = (0..<places).reduce(1.0) { value, _ in value * 10 }
    return (self * factor).rounded() / factor
  }
}
