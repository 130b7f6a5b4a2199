import TwoTowerFiles

/// Finds a run's items by what people type.
package struct ItemDirectory: Sendable {
  private let identifiers: [String]
  private let names: [String]
  private let importance: [Int]
  private let byIdentifier: [String: Int32]
  private let byName: NameIndex

  /// - Parameter importance: how many users have each item: of several that are called the same, the one with the most
  ///   is meant.
  package init(identifiers: [String], names: [String], importance: [Int]) {
    self.identifiers = identifiers
    self.names = names
    self.importance = importance
    byIdentifier = Dictionary(zip(identifiers, identifiers.indices.map(Int32.init))) { first, _ in first }
    byName = NameIndex(names)
  }

  /// The item with this identifier, else the one that is called so as `NameIndex` understands it.
  package func item(_ text: String) -> Int32? { byIdentifier[text] ?? items(called: text).first }

  /// Whether an item has this identifier, or this name but for letter case and accents.
  func hasItem(exactly text: String) -> Bool {
    byIdentifier[text] != nil || !byName.positions(of: text, withPunctuation: true).isEmpty
  }

  /// All items of this name, those that the most users have first.
  private func items(called text: String) -> [Int32] {
    byName.positions(of: text).sorted { (-importance[$0], $0) < (-importance[$1], $1) }.map(Int32.init)
  }

  /// What to say of a text that means several items: which was taken, and how to ask for another; nil for one item.
  package func note(onNamesakesOf text: String) -> String? {
    let called = items(called: text)
    if let item = byIdentifier[text] {
      guard let other = called.first(where: { $0 != item }), !called.contains(item) else { return nil }
      return "'\(text)' is taken as the identifier of '\(names[Int(item)])'; the item called '\(names[Int(other)])' is "
        + "'\(identifiers[Int(other)])'"
    }
    guard called.count > 1 else { return nil }
    let others = called.dropFirst().prefix(3).map { "'\(identifiers[Int($0)])'" }.joined(separator: ", ")
    let rest = called.count > 4 ? " and \(called.count - 4) more" : ""
    return "\(called.count) items are called '\(text)': taking \(described(called[0])); the others are \(others)\(rest)"
  }

  /// The items whose name has the text as a part, best first.
  package func items(withPart text: String) -> [Int32] {
    matchingNames(text, in: names, importance: importance).map(Int32.init)
  }

  /// What to say of a part of names that stands for the first of `items`.
  package func note(onPart text: String, of items: [Int32]) -> String? {
    guard let item = items.first else { return nil }
    let start = "no item is called '\(text)': taking \(described(item))"
    if items.count == 1 { return start }
    let others = items.dropFirst().prefix(9).map { "'\(names[Int($0)])'" }.joined(separator: ", ")
    let rest = items.count > 10 ? " and \(items.count - 10) more" : ""
    return "\(start), of \(items.count) with that in their names; others: \(others)\(rest)"
  }

  /// An item's name and identifier, and how many have it.
  private func described(_ item: Int32) -> String {
    let count = importance[Int(item)]
    return
      "'\(names[Int(item)])', id \(identifiers[Int(item)]), which \(count) \(count == 1 ? "user has" : "users have")"
  }

  /// The names most like one that was not found.
  package func near(_ text: String) -> [String] { nearestNames(to: text, in: names, limit: 3) }
}
