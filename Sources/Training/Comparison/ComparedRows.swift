import TwoTowerDatasets
import TwoTowerRecommenders

/// The rows of a split, by which it is told whether models were fitted and are measured on the same ones.
package struct ComparedRows: Equatable {
  private let users, items: [String]
  /// User and item of each row as one number, ascending.
  private let known, test, hidden: [UInt64]

  /// The rows of a split; what holds out rows of training to validate is part of what is known.
  package init(_ dataset: Dataset, split: Split) {
    func pairs(_ rows: [Int32]) -> [UInt64] {
      Self.pairs(
        rows.map { dataset.interactions.users[Int($0)] }, rows.map { dataset.interactions.items[Int($0)] })
    }
    (users, items) = (dataset.users.identifiers, dataset.items.identifiers)
    (known, test, hidden) = (pairs(split.train + split.given), pairs(split.test), pairs(split.hidden))
  }

  /// The rows of a run.
  package init(_ data: TowerData) {
    (users, items) = (data.userIdentifiers, data.itemIdentifiers)
    let rows = [data.training, data.validation, data.given]
    known = Self.pairs(rows.flatMap(\.users), rows.flatMap(\.items))
    test = Self.pairs(data.test.users, data.test.items)
    hidden = Self.pairs(data.hidden.users, data.hidden.items)
  }

  private static func pairs(_ users: [Int32], _ items: [Int32]) -> [UInt64] {
    zip(users, items).map { UInt64($0) << 32 | UInt64($1) }.sorted()
  }

  /// Whether there is something to measure on.
  package var areMeasured: Bool { !test.isEmpty || !hidden.isEmpty }

  /// What is other about these rows; nil where they are the same.
  package func difference(from others: ComparedRows) -> String? {
    if users != others.users || items != others.items { return "its users or items" }
    if test != others.test || hidden != others.hidden { return "its held-out rows" }
    return known == others.known ? nil : "its training rows"
  }
}
