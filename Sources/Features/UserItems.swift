import TwoTowerDatasets
import TwoTowerKernels

/// Each user's items in some of the rows: what was trained on, or what is held out.
package struct UserItems: Sendable, Equatable {
  /// List `user` has the user's items, ascending; a weight is the interaction's.
  package let lists: SparseRows
  /// How many of the rows each item has.
  package let itemCounts: [Int32]

  /// - Precondition: `rows` are rows of `interactions`.
  package init(rows: [Int32], interactions: Interactions, userCount: Int, itemCount: Int) {
    let table = PairTable(
      users: rows.map { interactions.users[Int($0)] }, items: rows.map { interactions.items[Int($0)] },
      userCount: userCount, itemCount: itemCount)
    lists = SparseRows(
      table.lists, weights: table.positions.map { interactions.weights[Int(rows[Int($0)])] })
    var counts = [Int32](repeating: 0, count: itemCount)
    for item in table.items { counts[Int(item)] += 1 }
    itemCounts = counts
  }

  package var userCount: Int { lists.rowCount }

  /// The items of `user`, ascending.
  package func items(of user: Int32) -> ArraySlice<Int32> { lists.indices[lists.range(of: Int(user))] }

  package func count(of user: Int32) -> Int { lists.range(of: Int(user)).count }

  package func contains(user: Int32, item: Int32) -> Bool { lists.entry(row: Int(user), index: item) != nil }
}
