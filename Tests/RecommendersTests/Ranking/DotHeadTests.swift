import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

struct DotHeadTests {
  private let data: TowerData

  init() throws { data = try smallTowerData(withPairFeatures: false) }

  private func settings(bias: Bool = true, candidateDimension: Int = 4) -> RankingSettings {
    var settings = RankingSettings()
    settings.head = .dot
    settings.bias = bias
    settings.pairFeatures = false
    settings.queryTower = TowerSettings(features: [InputSettings(feature: .userIdentifier, dimension: 4, initialDeviation: 1)])
    settings.candidateTower = TowerSettings(
      features: [InputSettings(feature: .itemIdentifier, dimension: candidateDimension, initialDeviation: 1)])
    return settings
  }

  private func models(_ settings: RankingSettings) throws -> ModelSet {
    var models = ModelSettings()
    (models.ranking, models.seed) = (settings, 2)
    return try ModelSet(models, data: data)
  }

  /// The vector of an entity, by the tables of the model.
  private func vector(_ model: RankingModel, _ name: String, _ feature: Feature, _ entity: Int32) -> [Float] {
    guard case .indices(let rows, _) = feature.entity,
      let table = model.parameters.first(where: { $0.name.hasSuffix(name) })
    else { return [] }
    return table.value.row(Int(rows[Int(entity)])).array
  }

  @Test(arguments: [true, false]) func predictionsAreDotProductsOnTheScaleOfTheLabels(bias: Bool) throws {
    let model = try #require(try models(settings(bias: bias)).ranking)
    #expect(model.parameters.count == (bias ? 3 : 2))
    let offset: Float = bias ? 0.7 : 0
    if bias {
      let number = try #require(model.parameters.first { $0.value.shape == [1] })
      number.value.buffer.copyFirst(1, from: FloatBuffer([offset]))
    }
    let predictions = model.predictions(
      queries: BatchRows(entities: data.test.users), candidates: BatchRows(entities: data.test.items), pairs: { _ in [] })
    let expected = (0..<data.test.count).map { row -> Float in
      let user = vector(model, "user-id", data.feature(.userIdentifier), data.test.users[row])
      let item = vector(model, "item-id", data.feature(.itemIdentifier), data.test.items[row])
      let product = zip(user, item).reduce(offset) { $0 + $1.0 * $1.1 }
      return product * model.labelScale.deviation + model.labelScale.mean
    }
    #expect(!expected.isEmpty && isClose(predictions, expected, within: 1e-4))
  }

  @Test func everythingLearns() throws {
    let model = try #require(try models(settings()).ranking)
    let tape = Tape(isTraining: true)
    let loss = model.loss(
      queries: BatchRows(entities: data.training.users, trainingRows: data.trainingRows),
      candidates: BatchRows(entities: data.training.items, trainingRows: data.trainingRows), pairs: [],
      labels: data.training.labels, on: tape)
    tape.backward(from: loss)
    #expect(model.parameters.allSatisfy { $0.hasGradient })
  }

  @Test func towersOfTwoWidthsAreRefused() {
    #expect(throws: TowerError.widths(query: 4, candidate: 3)) { try models(settings(candidateDimension: 3)) }
  }
}
