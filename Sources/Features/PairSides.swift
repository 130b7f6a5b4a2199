/// A user's tagging, to set one pair of it against.
struct UserTagging {
  private let tables: PairTables
  /// Assignments and tagged items without held-out pairs.
  private var assignments: Float = 0
  private var items: Float = 0

  init(_ tables: PairTables, user: Int) {
    self.tables = tables
    for pair in tables.tagged.range(of: user) where tables.taggedFlags[pair] & PairTables.heldOut == 0 {
      assignments += tables.tagged.weights[pair]
      items += 1
    }
  }

  /// Sets the numbers of the user's tags on one item; `pair` is nil where there are none.
  func set(_ values: inout [Float], _ row: Int, pair: Int?, _ columns: PairFeatures.Columns) {
    guard let pair else { return }
    let count = tables.tagged.weights[pair]
    let isHeldOut = tables.taggedFlags[pair] & PairTables.heldOut != 0
    let others = assignments - (isHeldOut ? 0 : count)
    let otherItems = items - (isHeldOut ? 0 : 1)
    columns.set(&values, row, .tagged, 1)
    columns.set(&values, row, .tagAssignments, Float(logarithm(1 + Double(count))))
    columns.set(
      &values, row, .relativeTagAssignments,
      Float(logarithm(1 + Double(count / (1 + others / max(1, otherItems))))))
    columns.set(&values, row, .tagTime, tables.taggedTimes[pair])
    columns.set(&values, row, .tagTimeKnown, tables.taggedFlags[pair] & PairTables.timeKnown != 0 ? 1 : 0)
  }
}

/// How many of a user's friends have each item, and their labels; made again for each user in the same memory.
struct FriendSums {
  private let tables: PairTables
  private var counts: [Float]
  private var labels: [Float]
  private var user = 0

  private static let strength: Float = 2

  init(_ tables: PairTables) {
    self.tables = tables
    counts = Array(repeating: 0, count: tables.itemCount)
    labels = counts
  }

  mutating func load(user: Int) {
    for friend in tables.friends.indices[friendRange] {
      for entry in tables.training.range(of: Int(friend)) {
        counts[Int(tables.training.indices[entry])] = 0
        labels[Int(tables.training.indices[entry])] = 0
      }
    }
    self.user = user
    for friend in tables.friends.indices[friendRange] {
      for entry in tables.training.range(of: Int(friend)) {
        counts[Int(tables.training.indices[entry])] += 1
        labels[Int(tables.training.indices[entry])] += tables.training.weights[entry]
      }
    }
  }

  private var friendRange: Range<Int> { tables.friends.rowCount == 0 ? 0..<0 : tables.friends.range(of: user) }

  /// ln(1 + friends with the item), and their mean label drawn towards that of all rows.
  func summary(item: Int) -> (count: Float, meanLabel: Float) {
    (
      Float(logarithm(1 + Double(counts[item]))),
      (labels[item] + Self.strength * tables.meanLabel) / (counts[item] + Self.strength)
    )
  }
}
