import Kernels

/// Puts `share` of the interactions aside for testing, at random.
///
/// The number of test rows is the share rounded to the nearest; both sides keep the order of the data. The same seed
/// gives the same rows.
/// - Throws: `DatasetError.emptySplit` where one side would have no row.
public func holdOut(share: Double, seed: UInt64, dataset: Dataset) throws(DatasetError) -> Split {
  try holdOut(share: share, seed: seed, rows: Array(0..<Int32(dataset.interactions.count)))
}

/// Puts `share` of `rows` aside, at random: a validation share of training rows, with its own stream of random numbers
/// when `purpose` is `.validation`.
public func holdOut(
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
public func holdOutByUser(share: Double, seed: UInt64, dataset: Dataset) throws(DatasetError) -> Split {
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

private func partition(_ rows: [Int32], isTest: [Bool]) -> Split {
  var split = Split(train: [], test: [])
  for (position, row) in rows.enumerated() {
    if isTest[position] { split.test.append(row) } else { split.train.append(row) }
  }
  return split
}
