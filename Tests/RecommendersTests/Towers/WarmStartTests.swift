import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerRecommenders

struct WarmStartTests {
  private func tables(_ start: RetrievalSettings.Start, dimension: Int = 4) throws -> (RetrievalModel, TowerData) {
    let data = try smallTowerData()
    var settings = RetrievalSettings()
    settings.start = start
    settings.queryTower = TowerSettings(features: [InputSettings(feature: .userIdentifier, dimension: dimension)])
    settings.candidateTower = TowerSettings(features: [InputSettings(feature: .itemIdentifier, dimension: dimension)])
    var tables: [String: Parameter] = [:]
    let model = try RetrievalModel(
      settings: settings, features: data.featuresByName, trainingCounts: data.trainingCounts,
      history: data.trainingHistory, tables: &tables, seed: 3)
    try model.start(on: data, seed: 3)
    return (model, data)
  }

  @Test func theDirectionsAreThoseOfTheFactorization() throws {
    let (model, data) = try tables(.implicitALS)
    var settings = ImplicitALS.Settings()
    (settings.dimension, settings.iterations) = (4, 8)
    let fitted = try ImplicitALS(fitting: InteractionMatrix(data, weights: .binary), settings: settings, seed: 3)
    let queries = model.queryEmbeddings(count: data.userCount).rows
    var compared = 0
    for (row, expected) in zip(queries, fitted.users.rows) {
      let length = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { continue }
      compared += 1
      for (found, expected) in zip(row, expected) { #expect(abs(found - expected / length) < 1e-5) }
    }
    #expect(compared > 1)
  }

  @Test func aRandomStartStaysAsItIs() throws {
    let (model, data) = try tables(.random)
    let (warm, _) = try tables(.implicitALS)
    #expect(
      model.candidateEmbeddings(count: data.itemCount).array != warm.candidateEmbeddings(count: data.itemCount).array)
    #expect(model.candidateEmbeddings(count: data.itemCount).array.allSatisfy { abs($0) < 0.5 })
  }
}
