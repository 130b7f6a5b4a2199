import Foundation
import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerRecommenders

/// Items drawn from the catalogue beside those of a batch.
struct MixedNegativesTests {
  private let data: TowerData

  init() throws { data = try smallTowerData() }

  private func model(sample: Int, corrects: Bool = true, mask: RetrievalSettings.Mask = .item) throws -> RetrievalModel
  {
    var settings = RetrievalSettings()
    settings.queryTower = TowerSettings(features: [
      InputSettings(feature: .userIdentifier, dimension: 6, initialDeviation: 0.7)
    ])
    settings.candidateTower = TowerSettings(features: [
      InputSettings(feature: .itemIdentifier, dimension: 6, initialDeviation: 0.7)
    ])
    (settings.catalogueSample, settings.samplingCorrection, settings.mask) = (sample, corrects, mask)
    var tables: [String: Parameter] = [:]
    return try RetrievalModel(
      settings: settings, features: data.featuresByName, trainingCounts: data.trainingCounts,
      history: data.trainingHistory, tables: &tables, seed: 3)
  }

  private func loss(_ model: RetrievalModel, rows: Range<Int>, step: Int) -> Double {
    Double(
      model.loss(
        queries: Array(data.training.users[rows]), candidates: Array(data.training.items[rows]),
        trainingRows: rows.map(Int32.init), on: Tape(isTraining: true, seed: 5, epoch: 0, step: step)
      ).value.item)
  }

  /// A batch of one row alone has nothing to learn from; with very many draws it is the softmax over the catalogue.
  @Test(arguments: [RetrievalSettings.Mask.item, .nothing])
  func manyDrawsAreTheWholeCatalogue(mask: RetrievalSettings.Mask) throws {
    #expect(try loss(model(sample: 0, mask: mask), rows: 0..<1, step: 0) == 0)
    let model = try model(sample: 40_000, mask: .item)
    let user = Int(data.training.users[0])
    let positive = Int(data.training.items[0])
    let query = model.queryEmbeddings(count: data.userCount).rows[user]
    let scores = model.candidateEmbeddings(count: data.itemCount).rows.map { candidate in
      zip(query, candidate).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    }
    let counts = data.trainingCounts
    let total = Double(counts.reduce(0) { $0 + Int($1) })
    let known = counts.indices.filter { counts[$0] > 0 }
    let perItem = 40_000.0 / Double(known.count)
    // Each item stands in it as often as it was drawn, divided by what it was corrected by; the positive stands once.
    func corrected(_ item: Int) -> Double { exp(scores[item]) / (Double(counts[item]) / total + perItem) }
    let sum = known.reduce(0.0) { $0 + ($1 == positive ? corrected($1) : perItem * corrected($1)) }
    let expected = log(sum) - log(corrected(positive))
    #expect(abs(try loss(model, rows: 0..<1, step: 0) - expected) < 0.05)
  }

  @Test func drawsDifferByStepAndAreNotCorrectedUnlessAsked() throws {
    let model = try model(sample: 4)
    let losses = (0..<20).map { loss(model, rows: 0..<2, step: $0) }
    #expect(Set(losses).count > 3)
    #expect(loss(model, rows: 0..<2, step: 0) == losses[0])
    #expect(try loss(self.model(sample: 4, corrects: false), rows: 0..<2, step: 0) != losses[0])
  }
}
