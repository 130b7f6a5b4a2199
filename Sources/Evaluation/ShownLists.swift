import Kernels

/// What each user is shown: lists of recommendations, best first.
public struct ShownLists: Sendable, Equatable {
  /// Whom each list is for.
  public private(set) var users: [Int32] = []
  private var lists = IndexLists()
  /// The greatest length that a list may have: metrics "at k" divide by it.
  public let length: Int

  public init(length: Int) { self.length = length }

  /// Adds the list of one more user.
  public mutating func append(_ list: some Sequence<Int32>, of user: Int) {
    users.append(Int32(user))
    lists.append(contentsOf: list)
    lists.endList()
  }

  public var count: Int { users.count }

  /// The items of one list, best first.
  public subscript(position: Int) -> ArraySlice<Int32> { lists[position] }

  /// All items of all lists.
  var allItems: [Int32] { lists.indices }
}
