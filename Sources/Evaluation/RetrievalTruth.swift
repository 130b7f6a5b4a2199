import TwoTowerDatasets
import TwoTowerKernels

/// A list of item numbers per user.
package struct ItemLists: Sendable, Equatable {
  private let lists: IndexLists

  /// Groups `items` by the user beside each; repeated pairs are kept unless `unique`.
  ///
  /// - Precondition: columns of equal length; users in 0..<userCount, items in 0..<itemCount.
  package init(userCount: Int, itemCount: Int, users: [Int32], items: [Int32], unique: Bool = false) {
    precondition(
      users.count == items.count, "ItemLists: \(users.count) users beside \(items.count) items")
    precondition(
      users.allSatisfy { $0 >= 0 && $0 < userCount } && items.allSatisfy { $0 >= 0 && $0 < itemCount },
      "ItemLists: a user is not in 0..<\(userCount) or an item is not in 0..<\(itemCount)")
    lists =
      unique
      ? SparseRows(counting: users, indices: items, rowCount: userCount, indexCount: itemCount).lists
      : PairTable(users: users, items: items, userCount: userCount, itemCount: itemCount).lists
  }

  /// The number of lists.
  package var userCount: Int { lists.count }
  /// The lists one after the other, ascending within a list.
  package var items: [Int32] { lists.indices }

  /// The items of one user, ascending.
  package subscript(user: Int) -> ArraySlice<Int32> { lists[user] }
}

/// What a retrieval model is measured against: the held-out items of each user and those it was trained on.
package struct RetrievalTruth: Sendable {
  /// The number of items in the catalogue.
  package let candidateCount: Int
  /// The items each user has training rows for, each once.
  package let training: ItemLists
  /// The items each user has test rows for, one per row.
  package let test: ItemLists
  /// Whether an item has a training row of any user.
  package let isWarm: [Bool]

  /// - Precondition: as for `ItemLists`.
  package init(
    userCount: Int, candidateCount: Int,
    trainingUsers: [Int32], trainingItems: [Int32], testUsers: [Int32], testItems: [Int32]
  ) {
    self.candidateCount = candidateCount
    training = ItemLists(
      userCount: userCount, itemCount: candidateCount, users: trainingUsers, items: trainingItems, unique: true)
    test = ItemLists(userCount: userCount, itemCount: candidateCount, users: testUsers, items: testItems)
    var isWarm = [Bool](repeating: false, count: candidateCount)
    for item in training.items { isWarm[Int(item)] = true }
    self.isWarm = isWarm
  }

  /// The truth of a split of `interactions`; every item of the catalogue is a candidate.
  package init(interactions: Interactions, split: Split, userCount: Int, candidateCount: Int) {
    func column(_ values: [Int32], _ rows: [Int32]) -> [Int32] { rows.map { values[Int($0)] } }
    self.init(
      userCount: userCount, candidateCount: candidateCount,
      trainingUsers: column(interactions.users, split.train), trainingItems: column(interactions.items, split.train),
      testUsers: column(interactions.users, split.test), testItems: column(interactions.items, split.test))
  }

  package var userCount: Int { test.userCount }

  /// Each item's number of training rows, counting a (user, item) pair once.
  package var trainingCounts: [Int] {
    var counts = [Int](repeating: 0, count: candidateCount)
    for item in training.items { counts[Int(item)] += 1 }
    return counts
  }

  /// The users with at least one test row, ascending: the only ones that are scored.
  package var testedUsers: [Int] { (0..<userCount).filter { !test[$0].isEmpty } }
}

extension ArraySlice where Element == Int32 {
  /// The first position of an ascending slice whose element is at least `value`; `endIndex` when there is none.
  func sortedIndex(of value: Int32) -> Int { partitioningIndex { $0 >= value } }

  /// Whether an ascending slice contains `value`.
  func sortedContains(_ value: Int32) -> Bool {
    let position = sortedIndex(of: value)
    return position < endIndex && self[position] == value
  }
}
