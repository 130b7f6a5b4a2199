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

  /// The lists without what stands below so many places.
  package func shortened(to length: Int) -> ShownLists {
    if length >= self.length { return self }
    var shortened = ShownLists(length: length)
    for (place, user) in users.enumerated() { shortened.append(self[place].prefix(length), of: Int(user)) }
    return shortened
  }

  /// The items of one list, best first.
  package subscript(position: Int) -> ArraySlice<Int32> { lists[position] }

  /// All items of all lists.
  var allItems: [Int32] { lists.indices }
}
