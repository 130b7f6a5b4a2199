import Datasets

/// Finds a run's items by what people type.
public struct ItemDirectory {
  private let identifiers: [String]
  private let names: [String]
  private let importance: [Int]
  private let byIdentifier: [String: Int32]
  private let byName: [String: Int32]

  /// - Parameter importance: of items that are called the same, the one with the most is meant.
  public init(identifiers: [String], names: [String], importance: [Int]) {
    self.identifiers = identifiers
    self.names = names
    self.importance = importance
    byIdentifier = Dictionary(zip(identifiers, identifiers.indices.map(Int32.init))) { first, _ in first }
    byName = Dictionary(zip(names.map(foldedForSearch), names.indices.map(Int32.init))) { first, second in
      importance[Int(second)] > importance[Int(first)] ? second : first
    }
  }

  /// The item with this identifier, else with this name regardless of letter case and accents.
  public func item(_ text: String) -> Int32? {
    byIdentifier[text] ?? byName[foldedForSearch(text)]
  }

  /// The item with this identifier first, then those whose name contains the text, best first.
  public func search(_ text: String) -> [Int32] {
    let found = matchingNames(text, in: names, importance: importance).map(Int32.init)
    guard let exact = byIdentifier[text] else { return found }
    return [exact] + found.filter { $0 != exact }
  }

  /// The names most like one that was not found.
  public func near(_ text: String) -> [String] { nearestNames(to: text, in: names, limit: 3) }
}

extension FinishedRun {
  public func directory() throws -> ItemDirectory {
    ItemDirectory(identifiers: itemIdentifiers, names: itemNames, importance: try popularity())
  }
}
