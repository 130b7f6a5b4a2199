/// A model of a blend, and how much it counts.
package struct BlendMember: Sendable {
  package let kind: String
  package var model: any BaselineKindSettings
  /// What its scores, in units of their spread, are multiplied by.
  package var weight: Float = 1

  package init<Model: Baseline>(_ type: Model.Type, _ settings: Model.Settings = Model.Settings(), weight: Float = 1) {
    kind = Model.kind
    model = settings
    self.weight = weight
  }

  /// The defaults of a kind; nil for a word that is none, or a blend.
  package init?(kind: String) {
    guard kind != Blend.kind, let settings = BaselineSettings(kind: kind) else { return nil }
    self.init(settings, weight: 1)
  }

  package init(_ settings: BaselineSettings, weight: Float) {
    (kind, model, self.weight) = (settings.kind, settings.model, weight)
  }

  /// The member as a model of its own.
  var settings: BaselineSettings {
    var settings = BaselineSettings(kind: kind)!
    settings.model = model
    return settings
  }
}

extension BlendMember: Equatable {
  package static func == (left: BlendMember, right: BlendMember) -> Bool {
    left.weight == right.weight && left.settings == right.settings
  }
}

extension BlendMember: Codable {
  private enum CodingKeys: String, CodingKey { case kind, weight }

  // The settings of the kind stand beside `kind` and `weight`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let word = try container.decode(String.self, forKey: .kind)
    guard word != Blend.kind, let type = baselineTypes.first(where: { $0.kind == word }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container, debugDescription: "no member of a blend is of kind '\(word)'")
    }
    func member<Model: Baseline>(_ type: Model.Type) throws -> BlendMember {
      BlendMember(type, try Model.Settings(from: decoder), weight: try container.decode(Float.self, forKey: .weight))
    }
    self = try member(type)
  }

  package func encode(to encoder: any Encoder) throws {
    try model.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(weight, forKey: .weight)
  }
}

extension Blend {
  package struct Settings: BaselineKindSettings {
    package var members = [BlendMember(ItemNeighbors.self), BlendMember(ImplicitALS.self)]
    /// What the scores of the recipe's two towers, in units of their spread, are multiplied by; 0 without any.
    package var towersWeight: Float = 0

    enum CodingKeys: String, CodingKey {
      case members
      case towersWeight = "towers-weight"
    }

    package init() {}

    package init(_ members: [BlendMember], towersWeight: Float = 0) {
      (self.members, self.towersWeight) = (members, towersWeight)
    }

    package func check() throws(BaselineError) {
      try BaselineError.check("members", members.count, expected: "1 to 9 models", (1...9).contains(members.count))
      try BaselineError.check(
        "towers-weight", towersWeight, expected: "a finite number, 0 or more",
        towersWeight >= 0 && towersWeight.isFinite)
      for (index, member) in members.enumerated() {
        let weight = member.weight
        try BaselineError.check(
          "members.\(index).weight", weight, expected: "a finite number above 0", weight > 0 && weight.isFinite)
        do { try member.model.check() } catch .setting(let name, let found, let expected) {
          throw .setting(name: "members.\(index).\(name)", found: found, expected: expected)
        }
      }
    }

    package func memory(userCount: Int, itemCount: Int) -> Int {
      members.reduce(0) { $0 + $1.model.memory(userCount: userCount, itemCount: itemCount) }
    }
  }
}
