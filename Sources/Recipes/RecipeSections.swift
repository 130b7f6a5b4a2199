import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerTraining
import Yams

/// The sections that a recipe can have, with their defaults.
enum RecipeSections {
  /// The defaults of what is absent unless a recipe opens it by `value`; nil where the path leads to nothing.
  ///
  /// - Throws: `RecipeError` naming `place` where the value leaves open what is to be opened.
  static func defaults(at path: [String], opening value: Node, place: String) throws -> Node? {
    switch path {
    case ["retrieval"]: try node(of: TaskSettings(model: RetrievalSettings()))
    case ["matrix-factorization"]: try node(of: TaskSettings(model: MatrixFactorizationSettings()))
    case ["baseline"]: try node(of: baseline(ofKind: value["kind"], place: place))
    case ["ranking"]: try node(of: TaskSettings(model: RankingSettings()))
    case ["tune"]: .mapping(Node.Mapping([]))
    case let keys where keys.count == 2 && keys[0] == "tune": .sequence(Node.Sequence([]))
    case ["data", "holdout-seed"]: Node("")
    case let keys
    where keys.count == 2 && keys[0] == "features" && FeatureSettings.CodingKeys(rawValue: keys[1]) != nil:
      Node("")  // a setting without a default, such as a limit
    default: nil
    }
  }

  /// The defaults of a kind of baseline, which decides what else its section can set.
  static func baseline(ofKind value: Node?, place: String) throws -> BaselineSettings {
    let known = baselineTypes.map { $0.kind }
    guard let word = value?.string else {
      throw RecipeError(
        place: place, message: "baseline.kind: found none, expected one of \(known.joined(separator: ", "))")
    }
    guard let settings = BaselineSettings(kind: word) else {
      let near = nearestNames(to: word, in: known, limit: 1).first.map { "; did you mean '\($0)'?" } ?? ""
      throw RecipeError(
        place: place,
        message: "baseline.kind: found '\(word)', expected one of \(known.joined(separator: ", "))\(near)")
    }
    return settings
  }

  /// The defaults of a member of a blend.
  static func member(ofKind value: Node?, place: String) throws -> BlendMember {
    let known = baselineTypes.map { $0.kind }.filter { $0 != Blend.kind }
    guard let member = value?.string.flatMap(BlendMember.init(kind:)) else {
      let found = value?.string.map { "'\($0)'" } ?? "none"
      throw RecipeError(
        place: place, message: "kind: found \(found), expected one of \(known.joined(separator: ", "))")
    }
    return member
  }

  /// The settings that a section has or can have.
  static func keys(of mapping: Node.Mapping, at path: [String]) -> [String] {
    let present = Array(mapping.keys.compactMap(\.string))
    return switch path {
    case []: present + ["retrieval", "matrix-factorization", "baseline", "ranking", "tune"]
    case ["data"]: Set(present + ["holdout-seed"]).sorted()
    case ["features"]: FeatureSettings.CodingKeys.allCases.map(\.rawValue)
    default: present
    }
  }

  /// A value as YAML.
  static func node(of value: some Encodable) throws -> Node {
    try Yams.compose(yaml: YAMLEncoder().encode(value)) ?? Node([:])
  }
}
