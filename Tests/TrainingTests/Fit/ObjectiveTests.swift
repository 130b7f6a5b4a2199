import RunTestSupport
import Testing
import TwoTowerAutodiff
import TwoTowerRecommenders
import TwoTowerTraining

struct ObjectiveTests {
  @Test func aFactorizationIsJudgedByItsErrorOnValidationRows() throws {
    let recipe = try recipe(
      """
      labels: log
      validation: {share: 0.2, patience: 100}
      matrix-factorization: {dimension: 4, training: {epochs: 12, batch-size: 0, learning-rate: 0.1}}
      """)
    let outcome = try train(recipe)
    let (users, items) = try #require(outcome.models.matrixFactorization).embeddings
    func error(_ pairs: LabeledPairs) -> Double {
      let squares = pairs.users.indices.map { row in
        let (user, item) = (users.row(Int(pairs.users[row])).array, items.row(Int(pairs.items[row])).array)
        let product = zip(user, item).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        return (product - Double(pairs.labels[row])) * (product - Double(pairs.labels[row]))
      }
      return squares.reduce(0, +) / Double(squares.count)
    }
    let best = try #require(outcome.history.compactMap(\.validation).max())
    #expect(abs(best + error(outcome.data.validation)) < 1e-5)
    #expect(abs(best + error(outcome.data.training)) > 1e-3)
  }

  /// A sum over n rows at an n-th of the learning rate is the mean: for both tasks alike.
  @Test func summedLossesWeighTwoTasksAsMeansDo() throws {
    func parameters(_ reduction: String, learningRate: Float) throws -> [String: [Float]] {
      try train(
        recipe(
          SettingEffect.both,
          [
            ("tasks.order", "joint"), ("retrieval.reduction", reduction), ("retrieval.training.optimizer", "sgd"),
            ("retrieval.training.learning-rate", "\(learningRate)"), ("retrieval.training.batch-size", "100000"),
          ])
      ).state.parameters.mapValues(\.array)
    }
    let data = try train(recipe(SettingEffect.both)).data
    let initial = Dictionary(
      uniqueKeysWithValues: try ModelSet(recipe(SettingEffect.both).models, data: data).parameters.map {
        ($0.name, $0.value.array)
      })
    let means = try parameters("mean", learningRate: 0.5)
    let sums = try parameters("sum", learningRate: 0.5 / Float(data.training.count))
    #expect(means.keys.contains { $0.hasPrefix("ranking/head") } && means.keys.contains { $0.hasPrefix("retrieval/") })
    for (name, values) in means {
      func distance(_ others: [Float]) -> Float { zip(values, others).map { abs($0 - $1) }.max() ?? 0 }
      let (first, summed) = (try #require(initial[name]), try #require(sums[name]))
      let moved = distance(first)
      #expect(moved > 0 && distance(summed) < 0.01 * moved, "\(name)")
    }
  }
}
