import TwoTowerFiles

/// Finds a run's items by what people type.
package struct ItemDirectory: Sendable {
  private let identifiers: [String]
  private let names: [String]
  private let importance: [Int]
  private let byIdentifier: [String: Int32]
  private let byName: [String: Int32]

  /// - Parameter importance: of items that are called the same, the one with the most is meant.
  package init(identifiers: [String], names: [String], importance: [Int]) {
    self.identifiers = identifiers
    self.names = names
    self.importance = importance
    byIdentifier = Dictionary(zip(identifiers, identifiers.indices.map(Int32.init))) { first, _ in first }
    byName = Dictionary(zip(names.map(foldedForSearch), names.indices.map(Int32.init))) { first, second in
      importance[Int(second)] > importance[Int(first)] ? second : first
    }
  }

  /// The item with this identifier, else with this name regardless of letter case and accents.
  package func item(_ text: String) -> Int32? {
    byIdentifier[text] ?? byName[foldedForSearch(text)]
  }

  /// Another item whose name is this identifier: `item` means the one with the identifier.
  package func namesake(ofIdentifier text: String) -> Int32? {
    guard let item = byIdentifier[text], let other = byName[foldedForSearch(text)], other != item else { return nil }
    return other
  }

  /// What to say of a text that is both: which item was taken, and how to ask for the other.
  package func note(onNamesakeOf text: String) -> String? {
    guard let item = byIdentifier[text], let other = namesake(ofIdentifier: text) else { return nil }
    return "'\(text)' is taken as the identifier of '\(names[Int(item)])'; the item called '\(names[Int(other)])' is "
      + "'\(identifiers[Int(other)])'"
  }

  /// The item with this identifier first, then those whose name contains the text, best first.
  package func search(_ text: String) -> [Int32] {
    let found = matchingNames(text, in: names, importance: importance).map(Int32.init)
    guard let exact = byIdentifier[text] else { return found }
    return [exact] + found.filter { $0 != exact }
  }

  /// The names most like one that was not found.
  package func near(_ text: String) -> [String] { nearestNames(to: text, in: names, limit: 3) }
}
