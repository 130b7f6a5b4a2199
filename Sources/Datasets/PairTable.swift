import TwoTowerKernels

/// (user, item) pairs, each with the position at which it was listed; found in logarithmic time of a user's pairs.
package struct PairTable: Sendable, Equatable {
  /// `userCount + 1` ascending positions in `items`.
  package let offsets: [Int32]
  /// The item of each entry, ascending within a user.
  package let items: [Int32]
  /// Where each pair stood in the columns that the table was made from, in the order of `items`.
  package let positions: [Int32]

  /// A pair that is listed twice keeps both entries; `entry(user:item:)` finds the first.
  ///
  /// - Precondition: users are in 0..<userCount, items in 0..<itemCount.
  /// - Complexity: linear in pairs, users and items, by two stable counting sorts.
  package init(users: [Int32], items: [Int32], userCount: Int, itemCount: Int) {
    precondition(users.count == items.count, "PairTable: \(users.count) users, \(items.count) items")
    let byItem = Grouping(keys: items, groupCount: itemCount)
    let byUser = Grouping(keys: users, groupCount: userCount, order: byItem.order)
    positions = byUser.order
    offsets = byUser.offsets
    self.items = byUser.order.map { items[Int($0)] }
  }

  /// Each user's items, ascending.
  package var lists: IndexLists { IndexLists(offsets: offsets, indices: items) }
  package var userCount: Int { offsets.count - 1 }
  package var count: Int { items.count }

  package func range(of user: Int) -> Range<Int> { Int(offsets[user])..<Int(offsets[user + 1]) }

  /// The entry of the pair in `items` and `positions`, or nil when it is not listed.
  package func entry(user: Int32, item: Int32) -> Int? {
    let range = range(of: Int(user))
    let place = items[range].partitioningIndex { $0 >= item }
    return place < range.upperBound && items[place] == item ? place : nil
  }

  /// The position of the pair's first listing, or nil when it is not listed.
  package func position(user: Int32, item: Int32) -> Int? { entry(user: user, item: item).map { Int(positions[$0]) } }

  package func contains(user: Int32, item: Int32) -> Bool { entry(user: user, item: item) != nil }
}
