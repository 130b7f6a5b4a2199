import Foundation
import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

/// A step of users is worth the rows of the users one by one against the whole catalogue.
struct UserSoftmaxTests {
  private let data: TowerData

  init() throws { data = try smallTowerData() }

  private func settings(_ loss: RetrievalSettings.Loss) -> RetrievalSettings {
    var settings = RetrievalSettings()
    settings.queryTower = TowerSettings(features: [
      InputSettings(feature: .userIdentifier, dimension: 6, initialDeviation: 0.7)
    ])
    settings.candidateTower = TowerSettings(features: [
      InputSettings(feature: .itemIdentifier, dimension: 6, initialDeviation: 0.7)
    ])
    (settings.loss, settings.temperature, settings.mask, settings.popularityWeight) = (loss, 0.5, .nothing, 0.3)
    return settings
  }

  private func model(_ settings: RetrievalSettings) throws -> RetrievalModel {
    var tables: [String: Parameter] = [:]
    return try RetrievalModel(
      settings: settings, features: data.featuresByName, trainingCounts: data.trainingCounts,
      history: data.trainingHistory, tables: &tables, seed: 3)
  }

  private var users: [Int32] { Set(data.training.users).sorted() }

  /// The gradient of every table, dense.
  private func gradients(_ model: RetrievalModel, _ loss: Variable, _ tape: Tape) -> [String: [Float]] {
    tape.backward(from: loss)
    return Dictionary(
      uniqueKeysWithValues: model.parameters.map { parameter in
        var values = [Float](repeating: 0, count: parameter.value.shape.count)
        switch parameter.gradient {
        case .rows(let touched):
          let rows = touched.values.array
          for (slot, row) in touched.indices.enumerated() {
            for column in 0..<touched.width {
              values[Int(row) * touched.width + column] += rows[slot * touched.width + column]
            }
          }
        case .dense(let gradient): values = gradient.array
        case .none: break
        }
        return (parameter.name, values)
      })
  }

  @Test(arguments: [RetrievalSettings.Similarity.dot, .cosine], [Reduction.sum, .mean])
  func isWorthItsRowsOneByOne(similarity: RetrievalSettings.Similarity, reduction: Reduction) throws {
    var (byUsers, byRows) = (settings(.userSoftmax), settings(.fullSoftmax))
    (byUsers.similarity, byUsers.reduction) = (similarity, reduction)
    (byRows.similarity, byRows.reduction) = (similarity, reduction)
    let (left, right) = (try model(byUsers), try model(byRows))
    let (tape, other) = (Tape(isTraining: true, seed: 1), Tape(isTraining: true, seed: 1))
    let found = left.loss(users: users, on: tape)
    let expected = right.loss(
      queries: data.training.users, candidates: data.training.items, trainingRows: data.trainingRows, on: other)
    #expect(abs(found.value.item - expected.value.item) < 1e-4 * max(1, abs(expected.value.item)))
    let (values, wanted) = (gradients(left, found, tape), gradients(right, expected, other))
    #expect(values.keys.sorted() == wanted.keys.sorted())
    for (name, column) in wanted {
      #expect(column.contains { abs($0) > 1e-3 }, "\(name)")
      for (found, expected) in zip(values[name] ?? [], column) {
        #expect(abs(found - expected) < 2e-4 * max(1, abs(expected)), "\(name)")
      }
    }
  }

  /// The definition, in Double.
  private func expected(_ model: RetrievalModel, users: [Int32]) -> Double {
    let settings = model.settings
    let queries = model.queryEmbeddings(count: data.userCount).rows
    let candidates = model.candidateEmbeddings(count: data.itemCount).rows
    let history = data.trainingHistory
    var (sum, total) = (0.0, 0.0)
    for user in users {
      let logits = candidates.map { candidate in
        zip(queries[Int(user)], candidate).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } / Double(settings.temperature)
      }
      let items = history.indices[history.range(of: Int(user))]
      guard !items.isEmpty else { continue }
      let count = Double(items.count)
      let weight = pow(count, -Double(settings.userWeightExponent))
      let normalizer = log(logits.reduce(0) { $0 + exp($1) })
      sum += weight * (Double(settings.negativeWeight) * count * normalizer - items.reduce(0) { $0 + logits[Int($1)] })
      total += weight * count
    }
    return sum / total
  }

  @Test(arguments: [(0, 1), (0.5, 1), (1, 1.2), (0.5, 0.8)] as [(Float, Float)])
  func usersAndNegativesWeighAsTheyAreSet(exponent: Float, negatives: Float) throws {
    var settings = settings(.userSoftmax)
    (settings.userWeightExponent, settings.negativeWeight) = (exponent, negatives)
    let model = try model(settings)
    for users in [users, Array(users.prefix(1)), users.reversed()] {
      let (found, wanted) = (model.loss(users: users, on: Tape()).value.item, expected(model, users: users))
      #expect(abs(Double(found) - wanted) < 1e-4 * max(1, abs(wanted)))
    }
  }

  /// Drawn items stand for the rest: on average their sum is the catalogue's, and with all drawn it is the whole.
  @Test func aSampleOfTheCatalogueIsWorthTheWholeOnAverage() throws {
    var settings = settings(.userSoftmax)
    let whole = Double(try model(settings).loss(users: users, on: Tape()).value.item)
    settings.catalogueSample = data.itemCount
    #expect(Double(try model(settings).loss(users: users, on: Tape()).value.item) == whole)
    settings.catalogueSample = 2
    let sampled = try model(settings)
    let few = Array(users.prefix(1))
    let expected = self.expected(sampled, users: few)
    let losses = (0..<2000).map { step in
      Double(sampled.loss(users: few, on: Tape(isTraining: true, seed: 5, epoch: 0, step: step)).value.item)
    }
    // The exponential of one user's loss is in proportion to the sum, which is right on average; its logarithm is not.
    let mean = log(losses.reduce(0) { $0 + exp($1) } / Double(losses.count))
    #expect(Set(losses).count > 3 && abs(mean - expected) < 0.03, "\(mean), \(expected)")
  }

  @Test func nobodyAndThoseWithoutItemsAddNothing() throws {
    let model = try model(settings(.userSoftmax))
    #expect(model.loss(users: [], on: Tape()).value.item == 0)
    let without = (0..<Int32(data.userCount)).filter { !users.contains($0) }
    guard !without.isEmpty else { return }
    #expect(abs(model.loss(users: without, on: Tape()).value.item) < 1e-6)
  }
}
