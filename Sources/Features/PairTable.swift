/// (user, item) pairs, each with the position at which it was listed; found in logarithmic time of a user's pairs.
public struct PairTable: Sendable, Equatable {
  /// `userCount + 1` ascending positions in `items`.
  public let offsets: [Int32]
  /// Each user's items, ascending.
  public let items: [Int32]
  /// Where each pair stood in the list that the table was made from.
  public let positions: [Int32]

  /// A pair that is listed twice keeps both entries; `entry(user:item:)` finds the first.
  ///
  /// - Precondition: users are in 0..<userCount, items in 0..<itemCount.
  public init(users: [Int32], items: [Int32], userCount: Int, itemCount: Int) {
    precondition(users.count == items.count, "PairTable: \(users.count) users, \(items.count) items")
    let byItem = Grouping(keys: items, groupCount: itemCount)
    let byUser = Grouping(keys: users, groupCount: userCount, order: byItem.order)
    offsets = byUser.offsets
    positions = byUser.order
    self.items = byUser.order.map { items[Int($0)] }
  }

  public var userCount: Int { offsets.count - 1 }
  public var count: Int { items.count }

  public func range(of user: Int) -> Range<Int> { Int(offsets[user])..<Int(offsets[user + 1]) }

  /// The entry of the pair in `items` and `positions`, or nil when it is not listed.
  public func entry(user: Int32, item: Int32) -> Int? {
    let range = range(of: Int(user))
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if items[middle] < item { low = middle + 1 } else { high = middle }
    }
    return low < range.upperBound && items[low] == item ? low : nil
  }

  public func contains(user: Int32, item: Int32) -> Bool { entry(user: user, item: item) != nil }
}
