import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerNeuralNetwork

/// A tower as a recipe declares it: inputs, how they come together, and the layers above them.
package struct TowerSettings: Sendable, Codable, Equatable {
  package enum Combination: String, Sendable, Codable, CaseIterable {
    /// Inputs side by side, then the layers.
    case concatenate
    /// Inputs of one dimension added up, then the layers.
    case sum
  }

  /// The inputs, in order.
  package var features: [InputSettings] = []
  package var combine = Combination.concatenate
  /// Widths of the dense layers; ReLU after each but, by default, the last.
  package var hiddenLayers: [Int] = []
  /// What follows the last dense layer.
  package var lastActivation = Activation.identity
  /// Share of activations dropped after each dense layer but the last while training.
  package var dropout: Float = 0

  enum CodingKeys: String, CodingKey {
    case features, combine, dropout
    case hiddenLayers = "hidden-layers"
    case lastActivation = "last-activation"
  }

  package init(
    features: [InputSettings] = [], combine: Combination = .concatenate, hiddenLayers: [Int] = [],
    lastActivation: Activation = .identity, dropout: Float = 0
  ) {
    self.features = features
    self.combine = combine
    self.hiddenLayers = hiddenLayers
    self.lastActivation = lastActivation
    self.dropout = dropout
  }
}

/// One input of a tower: a feature and how it is embedded.
package struct InputSettings: Sendable, Codable, Equatable {
  package var feature: FeatureName
  /// Width of the embedding; numeric features are not embedded, and when summed are brought to it by a dense layer.
  package var dimension = 32
  /// The embedding table to use; inputs that name the same table share it.
  ///
  /// Empty: the feature's own name.
  package var table = ""
  /// How the rows of a bag become one: their weighted mean or sum.
  package var combiner = BagCombiner.mean
  /// What the input is multiplied by.
  package var scale: Float = 1
  /// Standard deviation of the table's initial values; 0 starts it at zero.
  package var initialDeviation: Float = 0.05
  /// Share of training rows whose identifier is replaced by "unknown", so that other inputs learn to carry it; of a bag,
  /// share of the entries that each training row does not see.
  package var identifierDropout: Float = 0

  /// The name of the embedding table that the input uses.
  package var tableName: String { table.isEmpty ? feature.rawValue : table }

  enum CodingKeys: String, CodingKey {
    case feature, dimension, table, scale, combiner
    case initialDeviation = "initial-deviation"
    case identifierDropout = "identifier-dropout"
  }

  package init(
    feature: FeatureName, dimension: Int = 32, table: String = "", scale: Float = 1, initialDeviation: Float = 0.05,
    identifierDropout: Float = 0
  ) {
    self.feature = feature
    self.dimension = dimension
    self.table = table
    self.scale = scale
    self.initialDeviation = initialDeviation
    self.identifierDropout = identifierDropout
  }
}

extension InputSettings {
  /// Compares the size of the embedding table that a feature asks for with the stored one, before it is allocated.
  ///
  /// - Parameter storedShape: the shape of a stored parameter by its name; nil where there is none.
  /// - Throws: `TowerError.storedTable`.
  func checkTable(
    _ features: [String: Feature], scope: String, _ storedShape: (String) throws -> [Int]?
  ) throws {
    guard let size = features[feature.rawValue]?.entity.vocabularySize else { return }
    let name = "\(scope)/embedding/\(tableName)"
    let found = try storedShape(name)
    guard found != [size, dimension] else { return }
    throw TowerError.storedTable(name: name, found: found, expected: [size, dimension])
  }
}
