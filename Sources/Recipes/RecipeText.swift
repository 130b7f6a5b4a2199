import TwoTowerTraining
import Yams

extension Recipe {
  /// The recipe with every setting spelt out, in YAML that reads back as the same recipe.
  package var yaml: String {
    get throws {
      guard let tree = try Yams.compose(yaml: YAMLEncoder().encode(self)) else { return "" }
      return try Yams.serialize(node: withPlainNumbers(tree))
    }
  }
}

/// The tree with numbers as people write them: the encoder spells 0.15 as 1.50000005960464e-1.
private func withPlainNumbers(_ node: Node) -> Node {
  switch node {
  case .mapping(var mapping):
    for (key, value) in mapping { mapping[key] = withPlainNumbers(value) }
    return .mapping(mapping)
  case .sequence(let sequence):
    return .sequence(Node.Sequence(sequence.map(withPlainNumbers), sequence.tag, sequence.style))
  case .scalar(let scalar):
    guard scalar.style == .plain || scalar.style == .any, scalar.string.contains("e"),
      let number = Double(scalar.string)
    else { return node }
    // The shortest text that reads back as the same 32-bit number, where the number is one.
    let narrow = Float(number)
    let isNarrow = abs(Double(narrow) - number) <= 1e-13 * abs(number)
    var text = isNarrow ? "\(narrow)" : "\(number)"
    if text.hasSuffix(".0") { text.removeLast(2) }
    return Node(text)
  case .alias:
    return node
  }
}
