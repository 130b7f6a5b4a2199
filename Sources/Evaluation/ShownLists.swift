import TwoTowerKernels

/// What each user is shown: lists of recommendations, best first.
package struct ShownLists: Sendable, Equatable {
  /// Whom each list is for.
  package private(set) var users: [Int32] = []
  private var lists = IndexLists()
  /// The greatest length that a list may have: metrics "at k" divide by it.
  package let length: Int

  package init(length: Int) { self.length = length }

  /// Adds the list of one more user.
  package mutating func append(_ list: some Sequence<Int32>, of user: Int) {
    users.append(Int32(user))
    lists.append(contentsOf: list)
    lists.endList()
  }

  package var count: Int { users.count }

  /// The items of one list, best first.
  package subscript(position: Int) -> ArraySlice<Int32> { lists[position] }

  /// All items of all lists.
  var allItems: [Int32] { lists.indices }
}
