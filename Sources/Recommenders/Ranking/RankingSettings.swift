/// The ranking task: both towers' outputs and features of the pair, through dense layers, to one number.
public struct RankingSettings: Sendable, Codable, Equatable {
  public enum Head: String, Sendable, Codable, CaseIterable {
    /// Dense layers over both towers' outputs and the features of the pair.
    case network
    /// The dot product of both towers' outputs, plus a bias where `bias` is set. Takes no features of the pair.
    case dot
  }

  public enum Towers: String, Sendable, Codable, CaseIterable {
    /// Towers of the ranking task alone, as declared in this section.
    case own
    /// The retrieval task's towers, which then learn from both tasks.
    case shared
  }

  public var towers = Towers.own
  public var queryTower = TowerSettings()
  public var candidateTower = TowerSettings()
  public var head = Head.network
  /// Whether the head `dot` adds a number of its own, the same for every pair.
  public var bias = true
  /// Whether a second network with features of the pair itself (the user's own tags on the item, …) is trained.
  public var pairFeatures = true
  /// Widths of the dense layers between the towers' outputs and the prediction.
  public var hiddenLayers = [256, 64]
  /// Share of activations dropped after each dense layer but the last, the prediction itself, while training.
  public var dropout: Float = 0

  enum CodingKeys: String, CodingKey {
    case towers, head, bias, dropout
    case queryTower = "query-tower"
    case candidateTower = "candidate-tower"
    case pairFeatures = "pair-features"
    case hiddenLayers = "hidden-layers"
  }

  public init() {}
}
