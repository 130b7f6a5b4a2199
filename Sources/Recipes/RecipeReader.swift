import Foundation
import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerTraining
import Yams

/// Reads recipes strictly: a setting that does not exist is refused with the nearest one that does.
///
/// A recipe is laid over the tree of all defaults, then `--set` values over that, and the whole is decoded at once;
/// so the tree of defaults is the only list of settings.
package struct RecipeReader {
  private var tree: Node
  /// Where each setting that is not a default came from, by its dotted path.
  private var places: [String: String] = [:]

  /// Reads the recipe in `text`; `name` is what messages call the file.
  ///
  /// - Throws: `RecipeError`.
  package init(text: String, name: String) throws {
    tree = try RecipeSections.node(of: Recipe())
    let composed: Node?
    do { composed = try Yams.compose(yaml: text) } catch {
      throw RecipeError(place: name, message: "not valid YAML: " + "\(error)".linesJoined)
    }
    guard let root = composed else { throw RecipeError(place: name, message: "the recipe is empty") }
    guard case .mapping = root else {
      throw RecipeError(place: name, message: "expected settings as 'key: value', found \(root.kind)")
    }
    tree = try overlay(root, on: tree, path: [], from: Origin(name: name, hasLines: true))
  }

  /// Where a value was read: a file with lines, or an option.
  private struct Origin {
    let name: String
    let hasLines: Bool

    func place(of node: Node) -> String { hasLines ? node.mark.map { "\(name):\($0.line)" } ?? name : name }
  }

  /// Sets one value by its dotted path, such as `retrieval.temperature`; features of a tower go by their name, members
  /// of a blend by their kind.
  ///
  /// - Throws: `RecipeError` when there is no such setting or the value is not YAML.
  package mutating func set(_ path: String, to value: String, origin: String) throws {
    let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let node: Node
    do { node = try Yams.compose(yaml: value) ?? Node("", Tag(.str)) } catch {
      throw RecipeError(place: origin, message: "'\(value)' is not valid YAML")
    }
    tree = try replace(in: tree, keys: keys[...], path: [], with: node, origin: origin)
  }

  /// The recipe, checked.
  ///
  /// - Throws: `RecipeError` naming the setting, what was found and what was expected.
  package func recipe() throws -> Recipe {
    let recipe: Recipe
    do { recipe = try YAMLDecoder().decode(Recipe.self, from: tree) } catch let error as DecodingError {
      throw explain(error)
    } catch FeatureError.setting(let key, let found, let expected) {
      let path = "features.\(key)"
      throw RecipeError(place: place(of: path), message: "\(path): found '\(found)', expected \(expected)")
    }
    if let problem = recipe.firstProblem() {
      throw RecipeError(place: place(of: problem.path), message: "\(problem.path): \(problem.message)")
    }
    return recipe
  }

  /// The value at a dotted path, where that is a single one.
  func value(of path: String) -> String? {
    var node = tree
    for key in path.split(separator: ".").map(String.init) {
      let next: Node? =
        switch node {
        case .sequence(let sequence): sequence.first { ($0["feature"] ?? $0["kind"])?.string == key }
        default: node[key]
        }
      guard let next else { return nil }
      node = next
    }
    return node.scalar?.string
  }

  // MARK: - Laying a recipe over the defaults

  private mutating func overlay(_ node: Node, on base: Node, path: [String], from origin: Origin) throws -> Node {
    let place = origin.place(of: node)
    places[path.joined(separator: ".")] = place
    switch (node, base) {
    case (.mapping(let mapping), .mapping(var merged)):
      for (keyNode, value) in mapping {
        let key = keyNode.string ?? ""
        let keyPath = path + [key]
        let place = origin.place(of: keyNode)
        guard
          let known = try merged[Node(key)]
            ?? RecipeSections.defaults(at: keyPath, opening: value, place: place)
        else {
          throw Self.unknown(key, among: RecipeSections.keys(of: merged, at: path), path: path, place: place)
        }
        merged[Node(key)] = try overlay(value, on: known, path: keyPath, from: origin)
        places[keyPath.joined(separator: ".")] = place
      }
      return .mapping(merged)
    case (.sequence(let elements), .sequence) where path.last == "features":
      let template = try RecipeSections.node(of: InputSettings(feature: .userIdentifier))
      var inputs: [Node] = []
      for (index, element) in elements.enumerated() {
        guard case .mapping(let mapping) = element, mapping[Node("feature")] != nil else {
          throw RecipeError(
            place: origin.place(of: element), message: "\(path.joined(separator: ".")): expected '- feature: NAME'")
        }
        inputs.append(try overlay(element, on: template, path: path + [String(index)], from: origin))
      }
      return .sequence(Node.Sequence(inputs))
    case (.sequence(let elements), .sequence) where path == ["baseline", "members"]:
      var members: [Node] = []
      for (index, element) in elements.enumerated() {
        let place = origin.place(of: element)
        guard case .mapping = element else {
          throw RecipeError(place: place, message: "baseline.members: expected '- kind: KIND'")
        }
        let defaults = try RecipeSections.node(of: RecipeSections.member(ofKind: element["kind"], place: place))
        members.append(try overlay(element, on: defaults, path: path + [String(index)], from: origin))
      }
      return .sequence(Node.Sequence(members))
    case (_, .mapping):
      throw RecipeError(
        place: place, message: "\(path.joined(separator: ".")): expected a section of settings, found \(node.kind)")
    case (_, .sequence):
      guard case .sequence = node else {
        throw RecipeError(
          place: place, message: "\(path.joined(separator: ".")): expected a list such as [256, 64], found \(node.kind)"
        )
      }
      return node
    default:
      return node
    }
  }

  private mutating func replace(
    in base: Node, keys: ArraySlice<String>, path: [String], with value: Node, origin: String
  ) throws -> Node {
    guard let key = keys.first else {
      let replaced = try overlay(value, on: base, path: path, from: Origin(name: origin, hasLines: false))
      places[path.joined(separator: ".")] = origin
      return replaced
    }
    switch base {
    case .mapping(var mapping):
      if path.isEmpty && keys.elementsEqual(["baseline", "kind"]),
        mapping["baseline"]?["kind"]?.string != value.string
      {
        // Another kind has other settings: its section starts anew.
        places["baseline"] = origin
        let settings = try RecipeSections.baseline(ofKind: value, place: origin)
        mapping["baseline"] = try RecipeSections.node(of: settings)
        return .mapping(mapping)
      }
      guard let known = mapping[Node(key)] else {
        if let section = try RecipeSections.defaults(at: path + [key], opening: value, place: origin) {
          mapping[Node(key)] = try replace(
            in: section, keys: keys.dropFirst(), path: path + [key], with: value, origin: origin)
          return .mapping(mapping)
        }
        throw Self.unknown(key, among: RecipeSections.keys(of: mapping, at: path), path: path, place: origin)
      }
      mapping[Node(key)] = try replace(
        in: known, keys: keys.dropFirst(), path: path + [key], with: value, origin: origin)
      return .mapping(mapping)
    case .sequence(var sequence):
      let names = sequence.map { ($0["feature"] ?? $0["kind"])?.string ?? "" }
      guard let index = names.firstIndex(of: key) else {
        throw Self.unknown(key, among: names, path: path, place: origin)
      }
      sequence[index] = try replace(
        in: sequence[index], keys: keys.dropFirst(), path: path + [String(index)], with: value, origin: origin)
      return .sequence(sequence)
    default:
      throw RecipeError(
        place: origin, message: "'\(path.joined(separator: "."))' is a single value: it has no '\(key)'")
    }
  }

  // MARK: - Messages

  private static func unknown(_ key: String, among known: [String], path: [String], place: String) -> RecipeError {
    let section = path.isEmpty ? "a recipe" : "'\(path.joined(separator: "."))'"
    let near = nearestNames(to: key, in: known.sorted(), limit: 1).first.map { "did you mean '\($0)'?" }
    return RecipeError(
      place: place,
      message: "\(section) has no setting '\(key)'; "
        + (near ?? "it has: \(Set(known).sorted().joined(separator: ", "))"))
  }

  private func place(of path: String) -> String {
    var keys = path.split(separator: ".").map(String.init)
    while !keys.isEmpty {
      if let place = places[keys.joined(separator: ".")] { return place }
      keys.removeLast()
    }
    return places[""] ?? "recipe"
  }

  private func explain(_ error: DecodingError) -> RecipeError {
    let (context, expected): (DecodingError.Context, String?) =
      switch error {
      case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
        (context, Self.plainName(of: type))
      case .keyNotFound(let key, let context): (context, "'\(key.stringValue)'")
      case .dataCorrupted(let context): (context, nil)
      @unknown default: (DecodingError.Context(codingPath: [], debugDescription: "\(error)"), nil)
      }
    let keys = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
    var found = tree
    for key in keys {
      if let index = Int(key), case .sequence(let sequence) = found, index < sequence.count {
        found = sequence[index]
      } else if let next = found[key] {
        found = next
      }
    }
    let path = keys.joined(separator: ".")
    let value = found.string.map { "'\($0)'" } ?? found.kind
    let what = expected ?? Self.allowedValues(path: keys) ?? "another value"
    return RecipeError(place: place(of: path), message: "\(path): found \(value), expected \(what)")
  }

  private static func plainName(of type: Any.Type) -> String {
    switch type {
    case is Int.Type, is UInt64.Type: "a whole number"
    case is Float.Type, is Double.Type: "a number"
    case is Bool.Type: "true or false"
    case is String.Type: "text"
    default:
      switch "\(type)" {
      case let name where name.hasPrefix("Array") || name == "Sequence": "a list"
      case "Scalar": "a single value"
      default: "a section of settings"
      }
    }
  }
}

extension Node {
  /// What kind of YAML value this is, for messages.
  fileprivate var kind: String {
    switch self {
    case .mapping: "a section"
    case .sequence: "a list"
    case .scalar(let scalar): "'\(scalar.string)'"
    case .alias: "an alias"
    }
  }
}
