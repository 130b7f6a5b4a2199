import Datasets

/// A list of item numbers per user, stored end to end.
public struct ItemLists: Sendable, Equatable {
  /// The lists one after the other, ascending within a list.
  public let items: [Int32]
  /// Where each list starts; one more than there are lists.
  public let offsets: [Int]

  /// Groups `items` by the user beside each; repeated pairs are kept unless `unique`.
  ///
  /// - Precondition: columns of equal length; users in 0..<userCount, items in 0..<itemCount.
  public init(userCount: Int, itemCount: Int, users: [Int32], items: [Int32], unique: Bool = false) {
    precondition(
      users.count == items.count, "ItemLists: \(users.count) users beside \(items.count) items")
    precondition(
      users.allSatisfy { $0 >= 0 && $0 < userCount } && items.allSatisfy { $0 >= 0 && $0 < itemCount },
      "ItemLists: a user is not in 0..<\(userCount) or an item is not in 0..<\(itemCount)")
    var pairs = zip(users, items).map { UInt64($0) << 32 | UInt64($1) }
    pairs.sort()
    var sorted: [Int32] = []
    sorted.reserveCapacity(pairs.count)
    var offsets = [Int](repeating: 0, count: userCount + 1)
    var previous: UInt64?
    for pair in pairs where !(unique && pair == previous) {
      sorted.append(Int32(truncatingIfNeeded: pair & 0xFFFF_FFFF))
      offsets[Int(pair >> 32) + 1] += 1
      previous = pair
    }
    for user in 0..<userCount { offsets[user + 1] += offsets[user] }
    self.items = sorted
    self.offsets = offsets
  }

  /// The number of lists.
  public var userCount: Int { offsets.count - 1 }

  /// The items of one user, ascending.
  public subscript(user: Int) -> ArraySlice<Int32> { items[offsets[user]..<offsets[user + 1]] }
}

/// What a retrieval model is measured against: the held-out items of each user and those it was trained on.
public struct RetrievalTruth: Sendable {
  /// The number of items in the catalogue.
  public let candidateCount: Int
  /// The items each user has training rows for, each once.
  public let training: ItemLists
  /// The items each user has test rows for, one per row.
  public let test: ItemLists
  /// Whether an item has a training row of any user.
  public let isWarm: [Bool]

  /// - Precondition: as for `ItemLists`.
  public init(
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
  public init(interactions: Interactions, split: Split, userCount: Int, candidateCount: Int) {
    func column(_ values: [Int32], _ rows: [Int32]) -> [Int32] { rows.map { values[Int($0)] } }
    self.init(
      userCount: userCount, candidateCount: candidateCount,
      trainingUsers: column(interactions.users, split.train), trainingItems: column(interactions.items, split.train),
      testUsers: column(interactions.users, split.test), testItems: column(interactions.items, split.test))
  }

  public var userCount: Int { test.userCount }

  /// Each item's number of training rows, counting a (user, item) pair once.
  public var trainingCounts: [Int] {
    var counts = [Int](repeating: 0, count: candidateCount)
    for item in training.items { counts[Int(item)] += 1 }
    return counts
  }

  /// The users with at least one test row, ascending: the only ones that are scored.
  var testedUsers: [Int] { (0..<userCount).filter { test.offsets[$0] < test.offsets[$0 + 1] } }
}

extension ArraySlice where Element == Int32 {
  /// The first position of an ascending slice whose element is at least `value`; `endIndex` when there is none.
  func sortedIndex(of value: Int32) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether an ascending slice contains `value`.
  func sortedContains(_ value: Int32) -> Bool {
    let position = sortedIndex(of: value)
    return position < endIndex && self[position] == value
  }
}
