/// The ranking task: both towers' outputs and features of the pair, through dense layers, to one number.
package struct RankingSettings: Sendable, Codable, Equatable {
  package enum Head: String, Sendable, Codable, CaseIterable {
    /// Dense layers over both towers' outputs and the features of the pair.
    case network
    /// The dot product of both towers' outputs, plus a bias where `bias` is set. Takes no features of the pair.
    case dot
  }

  package enum Towers: String, Sendable, Codable, CaseIterable {
    /// Towers of the ranking task alone, as declared in this section.
    case own
    /// The retrieval task's towers, which then learn from both tasks.
    case shared
  }

  package var towers = Towers.own
  package var queryTower = TowerSettings()
  package var candidateTower = TowerSettings()
  package var head = Head.network
  /// Whether the head `dot` adds a number of its own, the same for every pair.
  package var bias = true
  /// Whether a second network with features of the pair itself (the user's own tags on the item, …) is trained.
  package var pairFeatures = true
  /// Widths of the dense layers between the towers' outputs and the prediction.
  package var hiddenLayers = [256, 64]
  /// Share of activations dropped after each dense layer but the last, the prediction itself, while training.
  package var dropout: Float = 0

  enum CodingKeys: String, CodingKey {
    case towers, head, bias, dropout
    case queryTower = "query-tower"
    case candidateTower = "candidate-tower"
    case pairFeatures = "pair-features"
    case hiddenLayers = "hidden-layers"
  }

  package init() {}
}
