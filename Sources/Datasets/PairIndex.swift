/// Finds the row of a (user, item) pair among interactions.
struct PairIndex {
  private let interactions: Interactions
  /// Where each user's rows begin in `rows`; one more than there are users.
  private let starts: [Int32]
  /// All rows, by user, then item, then position in the file.
  private let rows: [Int32]

  /// - Complexity: O(rows + users + items), by two stable counting sorts.
  init(_ interactions: Interactions, userCount: Int, itemCount: Int) {
    self.interactions = interactions
    let inFileOrder = (0..<Int32(interactions.count)).map { $0 }
    let byItem = Self.sort(inFileOrder, by: interactions.items, keyCount: itemCount).rows
    (rows, starts) = Self.sort(byItem, by: interactions.users, keyCount: userCount)
  }

  /// The first row of `user` and `item` in the file, or nil where there is none.
  func row(user: Int32, item: Int32) -> Int? {
    var (low, high) = (Int(starts[Int(user)]), Int(starts[Int(user) + 1]))
    let end = high
    while low < high {
      let middle = (low + high) / 2
      if interactions.items[Int(rows[middle])] < item { low = middle + 1 } else { high = middle }
    }
    return low < end && interactions.items[Int(rows[low])] == item ? Int(rows[low]) : nil
  }

  fileprivate static func sort(_ rows: [Int32], by keys: [Int32], keyCount: Int) -> (rows: [Int32], starts: [Int32]) {
    var starts = [Int32](repeating: 0, count: keyCount + 1)
    for key in keys { starts[Int(key) + 1] += 1 }
    for key in 0..<keyCount { starts[key + 1] += starts[key] }
    var next = starts
    var sorted = [Int32](repeating: 0, count: rows.count)
    for row in rows {
      let key = Int(keys[Int(row)])
      sorted[Int(next[key])] = row
      next[key] += 1
    }
    return (sorted, starts)
  }
}

extension Interactions {
  /// Every row whose user and item an earlier row has, with the first such row; in the order of the file.
  ///
  /// - Complexity: O(rows + users + items). Rows are visited user by user while each item remembers its last row, so
  ///   the memory visited at random is the items' alone; files that list user after user need no sorting.
  func duplicateRows(userCount: Int, itemCount: Int) -> [(first: Int32, row: Int32)] {
    var lastRow = [Int32](repeating: -1, count: itemCount)
    var duplicates: [(first: Int32, row: Int32)] = []
    func visit(_ row: Int) {
      let item = Int(items[row])
      let previous = lastRow[item]
      if previous >= 0 && users[Int(previous)] == users[row] {
        duplicates.append((previous, Int32(row)))
      } else {
        lastRow[item] = Int32(row)
      }
    }
    if zip(users, users.dropFirst()).allSatisfy({ $0 <= $1 }) {
      for row in 0..<count { visit(row) }
    } else {
      for row in PairIndex.sort(Array(0..<Int32(count)), by: users, keyCount: userCount).rows { visit(Int(row)) }
    }
    return duplicates.sorted { $0.row < $1.row }
  }
}
