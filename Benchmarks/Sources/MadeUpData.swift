import Foundation
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerNeuralNetwork
import TwoTowerRecommenders
import TwoTowerTraining

/// `count` numbers between −0.5 and 0.5.
func randomBuffer(_ count: Int, seed: UInt64) -> FloatBuffer {
  let buffer = FloatBuffer(zeros: count)
  var generator = SeededGenerator(seed: seed, purpose: .sample)
  var span = buffer.mutableSpan
  for i in 0..<count { span[i] = generator.uniform() - 0.5 }
  return buffer
}

/// `count` numbers of items, the first ones far more often than the last.
func popularItems(_ count: Int, of itemCount: Int, seed: UInt64) -> [Int32] {
  var generator = SeededGenerator(seed: seed, purpose: .sample, stream: 1)
  return (0..<count).map { _ in
    let share = pow(generator.uniformDouble(), 3)
    return Int32(min(itemCount - 1, Int(share * Double(itemCount))))
  }
}

/// `count` distinct rows of a table, in random order.
func distinctRows(_ count: Int, of rowCount: Int, seed: UInt64) -> [Int32] {
  var rows = (0..<Int32(rowCount)).map { $0 }
  var generator = SeededGenerator(seed: seed, purpose: .sample, stream: 2)
  generator.shuffle(&rows)
  return Array(rows.prefix(count))
}

extension TowerData {
  /// Users, items and training rows drawn at random, known by their identifiers alone.
  static func madeUp(users userCount: Int, items itemCount: Int, rows: Int) -> TowerData {
    let users = popularItems(rows, of: userCount, seed: 5)
    let items = popularItems(rows, of: itemCount, seed: 6)
    func identifiers(_ name: FeatureName, _ count: Int) -> Feature {
      Feature(name: name.rawValue, entity: .indices((1...Int32(count)).map { $0 }, vocabularySize: count + 1))
    }
    return TowerData(
      userIdentifiers: [String](repeating: "", count: userCount), itemIdentifiers: [String](repeating: "", count: itemCount),
      itemNames: [], training: LabeledPairs(users: users, items: items, labels: [Float](repeating: 0, count: rows)),
      validation: LabeledPairs(), test: LabeledPairs(),
      features: [identifiers(.userIdentifier, userCount), identifiers(.itemIdentifier, itemCount)], pairFeatures: nil)
  }
}

extension Recipe {
  /// Identifiers only: cosine scores, temperature, the sampling correction, accidental hits masked.
  static func identifiersOnly(
    dimension: Int, batchSize: Int, loss: RetrievalSettings.Loss = .inBatchSoftmax,
    optimizer: TrainingSettings.OptimizerName = .adam, epochs: Int = 1
  ) -> Recipe {
    var model = RetrievalSettings()
    model.queryTower = TowerSettings(features: [InputSettings(feature: .userIdentifier, dimension: dimension)])
    model.candidateTower = TowerSettings(features: [InputSettings(feature: .itemIdentifier, dimension: dimension)])
    model.similarity = .cosine
    model.temperature = 0.2
    model.loss = loss
    var training = TrainingSettings()
    training.epochs = epochs
    training.batchSize = batchSize
    training.optimizer = optimizer
    training.learningRate = 0.003
    var recipe = Recipe()
    recipe.retrieval = TaskSettings(model: model, training: training)
    return recipe
  }
}
