import Foundation
import TwoTowerNeuralNetwork
import TwoTowerRecommenders

extension TaskSettings where Model == RetrievalSettings {
  /// The two towers of `Models/plain.yaml`: identifiers alone, each user with all that they have against the whole
  /// catalogue.
  package static var plain: TaskSettings {
    var model = RetrievalSettings()
    (model.loss, model.start, model.similarity) = (.userSoftmax, .implicitALS, .cosine)
    (model.temperature, model.popularityWeight, model.negativeWeight) = (0.12, 0.7, 1.1)
    (model.catalogueSample, model.propagationHops) = (4096, 1)
    model.queryTower = TowerSettings(features: [
      InputSettings(feature: .userIdentifier, dimension: 128, initialDeviation: 0.1)
    ])
    model.candidateTower = TowerSettings(features: [
      InputSettings(feature: .itemIdentifier, dimension: 128, initialDeviation: 0.1)
    ])
    var training = TrainingSettings()
    (training.epochs, training.batchSize, training.learningRate) = (6, 2048, 0.03)
    training.schedule = .cosine
    return TaskSettings(model: model, training: training)
  }

  /// The same as a start for the data's size: steps as many as a few epochs of a large table have, and a higher
  /// temperature where there are few rows of each item to tell them apart by.
  static func plain(_ data: TowerData) -> TaskSettings {
    var settings = plain
    let users = data.training.distinctUsers.count
    settings.training.batchSize = min(2048, max(64, users / 8))
    // In proportion to the square root of the batch.
    let rate = 0.03 * (Double(settings.training.batchSize) / 2048).squareRoot()
    settings.training.learningRate = Float((rate * 1000).rounded() / 1000)
    if data.training.count < 500_000 { (settings.training.epochs, settings.model.propagationHops) = (8, 2) }
    if data.training.count < 10 * data.itemCount { settings.model.temperature = 0.2 }
    return settings
  }
}
