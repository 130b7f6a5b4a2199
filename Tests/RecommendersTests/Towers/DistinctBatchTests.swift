import Foundation
import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

/// An unmasked batch is computed over its distinct users and items; it must be worth what its rows are one by one.
struct DistinctBatchTests {
  /// The loss of all training rows and the gradient of every table row, by "table/row".
  private func lossAndGradients(
    _ settings: RetrievalSettings, data: TowerData
  ) throws -> (loss: Float, gradients: [String: [Float]]) {
    var tables: [String: Parameter] = [:]
    let model = try RetrievalModel(
      settings: settings, features: Dictionary(uniqueKeysWithValues: data.features.map { ($0.name, $0) }),
      trainingCounts: data.trainingCounts, history: data.trainingHistory, tables: &tables, seed: 3)
    let tape = Tape(isTraining: true, seed: 1)
    let rows = (0..<Int32(data.training.count)).map { $0 }
    let loss = model.loss(
      queries: data.training.users, candidates: data.training.items, trainingRows: rows, on: tape)
    tape.backward(from: loss)
    var gradients: [String: [Float]] = [:]
    for parameter in model.parameters {
      guard case .rows(let touched) = parameter.gradient else { continue }
      let values = touched.values.array
      for (slot, row) in touched.indices.enumerated() {
        gradients["\(parameter.name)/\(row)"] = Array(values[slot * touched.width..<(slot + 1) * touched.width])
      }
    }
    return (loss.value.item, gradients)
  }

  @Test(arguments: [RetrievalSettings.Similarity.dot, .cosine], [true, false])
  func isWorthItsRowsOneByOne(similarity: RetrievalSettings.Similarity, corrected: Bool) throws {
    let data = try smallTowerData()
    for reduction in [Reduction.sum, .mean] {
      var settings = RetrievalSettings()
      settings.queryTower = TowerSettings(features: [
        InputSettings(feature: .userIdentifier, dimension: 6, initialDeviation: 0.7)
      ])
      settings.candidateTower = TowerSettings(features: [
        InputSettings(feature: .itemIdentifier, dimension: 6, initialDeviation: 0.7)
      ])
      settings.similarity = similarity
      settings.temperature = 0.5
      settings.mask = .nothing
      settings.samplingCorrection = corrected
      settings.reduction = reduction
      let distinct = try lossAndGradients(settings, data: data)
      // A dropout rate too small to drop anything keeps the rows apart.
      settings.candidateTower.features[0].identifierDropout = .leastNormalMagnitude
      let byRows = try lossAndGradients(settings, data: data)

      #expect(abs(distinct.loss - byRows.loss) < 1e-5 * max(1, abs(byRows.loss)))
      #expect(distinct.gradients.keys.sorted() == byRows.gradients.keys.sorted())
      #expect(!byRows.gradients.isEmpty)
      for (name, expected) in byRows.gradients {
        for (found, expected) in zip(distinct.gradients[name] ?? [], expected) {
          #expect(abs(found - expected) < 1e-4 * max(1, abs(expected)), "\(name)")
        }
      }
    }
  }

  @Test func aLongHistoryWithALargeCommonLogitLosesNothing() throws {
    // One user, 1,000 items, logits of 4096 + k / 256: exact in single precision, but not times 999.
    let count = 1_000
    var settings = RetrievalSettings()
    settings.queryTower = TowerSettings(features: [InputSettings(feature: .userIdentifier, dimension: 2)])
    settings.candidateTower = TowerSettings(features: [InputSettings(feature: .itemIdentifier, dimension: 2)])
    settings.similarity = .dot
    settings.temperature = 1
    settings.mask = .nothing
    settings.samplingCorrection = false
    let items = (0..<Int32(count)).map { $0 }
    let steps = items.map { Float(($0 * 37 + 100) % 256) / 256 }
    let names = (user: FeatureName.userIdentifier.rawValue, item: FeatureName.itemIdentifier.rawValue)
    var tables = [
      names.user: Parameter(name: names.user, value: Tensor([2, 2], [0, 0, 64, 1])),
      names.item: Parameter(name: names.item, value: Tensor([count + 1, 2], [0, 0] + steps.flatMap { [64, $0] })),
    ]
    let model = try RetrievalModel(
      settings: settings,
      features: [
        names.user: Feature(name: names.user, entity: .indices([1], vocabularySize: 2)),
        names.item: Feature(name: names.item, entity: .indices(items.map { $0 + 1 }, vocabularySize: count + 1)),
      ],
      trainingCounts: items.map { _ in 1 }, history: SparseRows(IndexLists(offsets: [0, Int32(count)], indices: items)),
      tables: &tables, seed: 1)
    let loss = model.loss(queries: items.map { _ in 0 }, candidates: items, trainingRows: items, on: Tape()).value.item
    let sum = steps.reduce(0) { $0 + exp(Double($1)) }
    let expected = steps.reduce(0) { $0 + (log(sum) - Double($1)) / Double(count) }
    #expect(abs(Double(loss) - expected) < 1e-6 * expected)
  }
}
