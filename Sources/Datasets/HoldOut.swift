import TwoTowerKernels

/// Puts `share` of the interactions aside for testing, at random.
///
/// The number of test rows is the share rounded to the nearest; both sides keep the order of the data. The same seed
/// gives the same rows.
/// - Throws: `DatasetError.emptySplit` where one side would have no row.
package func holdOut(share: Double, seed: UInt64, dataset: Dataset) throws(DatasetError) -> Split {
  try holdOut(share: share, seed: seed, rows: Array(0..<Int32(dataset.interactions.count)))
}

/// Puts `share` of `rows` aside, at random: a validation share of training rows, with its own stream of random numbers
/// when `purpose` is `.validation`.
package func holdOut(
  share: Double, seed: UInt64, rows: [Int32], purpose: SeededGenerator.Purpose = .split
) throws(DatasetError) -> Split {
  let testCount = share.isFinite ? Int((min(max(share, 0), 1) * Double(rows.count)).rounded()) : 0
  guard testCount > 0, testCount < rows.count else { throw .emptySplit(share: share, rows: rows.count) }
  var generator = SeededGenerator(seed: seed, purpose: purpose)
  var order = Array(rows.indices)
  generator.shuffle(&order)
  var isTest = [Bool](repeating: false, count: rows.count)
  for position in order.prefix(testCount) { isTest[position] = true }
  return partition(rows, isTest: isTest)
}

/// Puts `share` of each user's interactions aside for testing, at random.
///
/// A user's number of test rows is the share rounded to the nearest, but never all of them: someone with one row only
/// trains.
package func holdOutByUser(share: Double, seed: UInt64, dataset: Dataset) throws(DatasetError) -> Split {
  let users = dataset.interactions.users
  let bounded = share.isFinite ? min(max(share, 0), 1) : 0
  var rowsByUser = [[Int32]](repeating: [], count: dataset.users.count)
  for (row, user) in users.enumerated() { rowsByUser[Int(user)].append(Int32(row)) }
  var isTest = [Bool](repeating: false, count: users.count)
  for (user, rows) in rowsByUser.enumerated() where rows.count > 1 {
    var generator = SeededGenerator(seed: seed, purpose: .split, stream: user)
    var shuffled = rows
    generator.shuffle(&shuffled)
    let testCount = min(Int((bounded * Double(rows.count)).rounded()), rows.count - 1)
    for row in shuffled.prefix(testCount) { isTest[Int(row)] = true }
  }
  let split = partition(Array(0..<Int32(users.count)), isTest: isTest)
  if split.train.isEmpty || split.test.isEmpty { throw .emptySplit(share: share, rows: users.count) }
  return split
}

/// Holds a share of the users out whole: their rows leave both sides of `split`, and each one's are dealt, at random,
/// into the share `given` that the user is known to have and what is to be found.
///
/// Users are drawn among those with at least two rows in the split, and keep at least one row on each side; their number
/// is the share rounded to the nearest. The same seed gives the same users and rows.
/// - Throws: `DatasetError.noUsersHeldOut` where no user would be held out, or no row left to train on.
package func holdOutUsers(
  share: Double, given: Double, seed: UInt64, from split: Split, dataset: Dataset
) throws(DatasetError) -> Split {
  let users = dataset.interactions.users
  var rowsByUser = [[Int32]](repeating: [], count: dataset.users.count)
  for row in (split.train + split.test).sorted() { rowsByUser[Int(users[Int(row)])].append(row) }
  var drawn = rowsByUser.indices.filter { rowsByUser[$0].count > 1 }
  let eligible = drawn.count
  var generator = SeededGenerator(seed: seed, purpose: .heldOutUsers)
  generator.shuffle(&drawn)
  drawn = drawn.prefix(share.isFinite ? Int((min(max(share, 0), 1) * Double(eligible)).rounded()) : 0).sorted()

  var isHeldOut = [Bool](repeating: false, count: rowsByUser.count)
  var result = Split(train: [], test: [], given: split.given, hidden: split.hidden)
  for user in drawn {
    isHeldOut[user] = true
    var generator = SeededGenerator(seed: seed, purpose: .heldOutUsers, stream: user + 1)
    var order = rowsByUser[user]
    generator.shuffle(&order)
    let givenCount = min(max(1, Int((given * Double(order.count)).rounded())), order.count - 1)
    result.given += order.prefix(givenCount).sorted()
    result.hidden += order.dropFirst(givenCount).sorted()
  }
  result.train = split.train.filter { !isHeldOut[Int(users[Int($0)])] }
  result.test = split.test.filter { !isHeldOut[Int(users[Int($0)])] }
  guard !drawn.isEmpty, !result.train.isEmpty else { throw .noUsersHeldOut(share: share, users: eligible) }
  return result
}

extension Split {
  /// The split that trains on every row of the data.
  package init(trainingOnAll dataset: Dataset) {
    self.init(train: Array(0..<Int32(dataset.interactions.count)), test: [])
  }

  /// The split that trains on every row of this one, whatever it was for.
  package var trainingOnAll: Split { Split(train: (train + test + given + hidden).sorted(), test: []) }
}

extension Dataset {
  /// The data without what `users` did but for their interactions: the tags that they gave, and their friends.
  package func withoutTagsAndFriends(of users: Set<Int32>) -> Dataset {
    guard !users.isEmpty else { return self }
    var rest = self
    rest.tagAssignments = TagAssignments()
    for row in tagAssignments.users.indices where !users.contains(tagAssignments.users[row]) {
      rest.tagAssignments.users.append(tagAssignments.users[row])
      rest.tagAssignments.items.append(tagAssignments.items[row])
      rest.tagAssignments.tags.append(tagAssignments.tags[row])
      rest.tagAssignments.timestamps.append(tagAssignments.timestamps[row])
    }
    rest.friendships = Friendships()
    for (user, friend) in zip(friendships.users, friendships.friends)
    where !users.contains(user) && !users.contains(friend) {
      rest.friendships.users.append(user)
      rest.friendships.friends.append(friend)
    }
    return rest
  }
}

func partition(_ rows: [Int32], isTest: [Bool]) -> Split {
  var split = Split(train: [], test: [])
  for (position, row) in rows.enumerated() {
    if isTest[position] { split.test.append(row) } else { split.train.append(row) }
  }
  return split
}
