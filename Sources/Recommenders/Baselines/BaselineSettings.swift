import TwoTowerFiles

/// Which model that needs no gradient descent is fitted, and how.
///
/// A recipe has the settings of the chosen kind alone, beside `kind` and `weights`.
package struct BaselineSettings: Sendable {
  /// What an interaction weighs.
  package enum Weights: String, Sendable, Codable, CaseIterable {
    /// 1.
    case binary
    /// Its label.
    case labels
  }

  /// A word of `baselineTypes`.
  package let kind: String
  package var weights = Weights.binary
  /// What only this kind can be set to.
  package var model: any BaselineKindSettings

  package init<Model: Baseline>(_ type: Model.Type, _ settings: Model.Settings = Model.Settings()) {
    kind = Model.kind
    model = settings
  }

  /// The defaults of a kind; nil for a word that is none.
  package init?(kind: String) {
    guard let type = baselineTypes.first(where: { $0.kind == kind }) else { return nil }
    self = Self.defaults(type)
  }

  private static func defaults<Model: Baseline>(_ type: Model.Type) -> BaselineSettings { BaselineSettings(type) }

  var baselineType: any Baseline.Type { baselineTypes.first { $0.kind == kind }! }

  /// Refuses settings out of their range.
  ///
  /// - Throws: `BaselineError.setting`, by the setting's name in a recipe.
  package func check() throws(BaselineError) { try model.check() }

  /// Refuses what cannot be fitted on `data`, before any of it is.
  ///
  /// - Throws: `BaselineError`.
  package func check(for data: TowerData) throws(BaselineError) {
    try check()
    let needed = model.memory(userCount: data.userCount, itemCount: data.itemCount)
    if let free = freeMemory(), needed > free { throw .tooMuchMemory(kind: kind, needed: needed, free: free) }
    if weights == .labels, let bad = data.training.labels.first(where: { !($0 >= 0 && $0.isFinite) }) {
      throw .negativeLabel(bad)
    }
  }
}

extension BaselineSettings: Equatable {
  package static func == (left: BaselineSettings, right: BaselineSettings) -> Bool {
    func isEqual<Settings: BaselineKindSettings>(_ settings: Settings) -> Bool { settings == right.model as? Settings }
    return left.kind == right.kind && left.weights == right.weights && isEqual(left.model)
  }
}

extension BaselineSettings: Codable {
  private enum CodingKeys: String, CodingKey { case kind, weights }

  // The settings of the kind stand beside `kind` and `weights`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let word = try container.decode(String.self, forKey: .kind)
    guard let type = baselineTypes.first(where: { $0.kind == word }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container, debugDescription: "no baseline is of kind '\(word)'")
    }
    func settings<Model: Baseline>(_ type: Model.Type) throws -> BaselineSettings {
      BaselineSettings(type, try Model.Settings(from: decoder))
    }
    self = try settings(type)
    weights = try container.decode(Weights.self, forKey: .weights)
  }

  package func encode(to encoder: any Encoder) throws {
    try model.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(weights, forKey: .weights)
  }
}
