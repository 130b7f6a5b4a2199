import TwoTowerNeuralNetwork
import TwoTowerRecommenders

extension TaskSettings where Model == RetrievalSettings {
  /// The two towers of `Models/plain.yaml`: identifiers alone, each user with all that they have against the whole
  /// catalogue.
  package static var plain: TaskSettings {
    var model = RetrievalSettings()
    (model.loss, model.start, model.similarity) = (.userSoftmax, .implicitALS, .cosine)
    (model.temperature, model.popularityWeight, model.negativeWeight) = (0.12, 0.7, 1.1)
    model.catalogueSample = 4096
    model.queryTower = TowerSettings(features: [
      InputSettings(feature: .userIdentifier, dimension: 128, initialDeviation: 0.1)
    ])
    model.candidateTower = TowerSettings(features: [
      InputSettings(feature: .itemIdentifier, dimension: 128, initialDeviation: 0.1)
    ])
    var training = TrainingSettings()
    (training.epochs, training.batchSize, training.learningRate) = (12, 256, 0.01)
    training.schedule = .cosine
    return TaskSettings(model: model, training: training)
  }
}
