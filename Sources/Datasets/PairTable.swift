import Kernels

/// (user, item) pairs, each with the position at which it was listed; found in logarithmic time of a user's pairs.
public struct PairTable: Sendable, Equatable {
  /// Each user's items, ascending.
  public let lists: IndexLists
  /// Where each pair stood in the columns that the table was made from, in the order of `items`.
  public let positions: [Int32]

  /// A pair that is listed twice keeps both entries; `entry(user:item:)` finds the first.
  ///
  /// - Precondition: users are in 0..<userCount, items in 0..<itemCount.
  /// - Complexity: linear in pairs, users and items, by two stable counting sorts.
  public init(users: [Int32], items: [Int32], userCount: Int, itemCount: Int) {
    precondition(users.count == items.count, "PairTable: \(users.count) users, \(items.count) items")
    let byItem = Grouping(keys: items, groupCount: itemCount)
    let byUser = Grouping(keys: users, groupCount: userCount, order: byItem.order)
    positions = byUser.order
    lists = IndexLists(offsets: byUser.offsets, indices: byUser.order.map { items[Int($0)] })
  }

  public var userCount: Int { lists.count }
  public var count: Int { lists.indices.count }
  /// The item of each entry.
  public var items: [Int32] { lists.indices }

  public func range(of user: Int) -> Range<Int> { lists.range(of: user) }

  /// The entry of the pair in `items` and `positions`, or nil when it is not listed.
  public func entry(user: Int32, item: Int32) -> Int? { lists.entry(of: Int(user), index: item) }

  /// The position of the pair's first listing, or nil when it is not listed.
  public func position(user: Int32, item: Int32) -> Int? { entry(user: user, item: item).map { Int(positions[$0]) } }

  public func contains(user: Int32, item: Int32) -> Bool { entry(user: user, item: item) != nil }
}
