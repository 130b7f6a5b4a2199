import Features

/// The sparse matrix of training interactions, `[userCount, itemCount]`, by users and by items.
public struct InteractionMatrix: Sendable {
  public let itemCount: Int
  /// Row `user` has the user's items, ascending.
  public let byUser: RaggedRows
  /// Row `item` has the item's users, ascending: the transpose.
  public let byItem: RaggedRows

  /// - Parameters:
  ///   - users: the user of each row.
  ///   - items: the item beside it.
  ///   - weights: how much; nil for 1 each. The weights of a pair that occurs more than once are added; without weights
  ///     it counts once.
  /// - Precondition: columns of equal length, users in 0..<userCount, items in 0..<itemCount, weights finite and not
  ///   negative.
  public init(userCount: Int, itemCount: Int, users: [Int32], items: [Int32], weights: [Float]? = nil) {
    precondition(
      users.count == items.count && weights.map { $0.count == users.count } ?? true,
      "InteractionMatrix: \(users.count) users, \(items.count) items, \(weights?.count ?? users.count) weights")
    precondition(
      users.allSatisfy { $0 >= 0 && $0 < userCount } && items.allSatisfy { $0 >= 0 && $0 < itemCount },
      "InteractionMatrix: a user is not in 0..<\(userCount) or an item is not in 0..<\(itemCount)")
    precondition(
      weights?.allSatisfy { $0 >= 0 && $0.isFinite } ?? true,
      "InteractionMatrix: a weight is negative or not finite")
    self.itemCount = itemCount
    // Transposing twice puts the entries of a row in ascending order.
    let unsorted = RaggedRows(
      offsets: (0...users.count).map(Int32.init), indices: items,
      weights: weights ?? [Float](repeating: 1, count: items.count))
    let ascendingRows = unsorted.transposed(rowCount: itemCount)
    let byItem = RaggedRows(
      offsets: ascendingRows.offsets, indices: ascendingRows.indices.map { users[Int($0)] },
      weights: ascendingRows.weights)
    byUser = byItem.transposed(rowCount: userCount).merged(adding: weights != nil)
    self.byItem = byUser.transposed(rowCount: itemCount)
  }

  public var userCount: Int { byUser.rowCount }
  /// The number of pairs.
  public var count: Int { byUser.indices.count }
}

extension RaggedRows {
  /// Row r of the result has the rows of `self` that have index r, ascending, with their weights there.
  func transposed(rowCount: Int) -> RaggedRows {
    var next = [Int32](repeating: 0, count: rowCount + 1)
    for index in indices { next[Int(index) + 1] += 1 }
    for row in 0..<rowCount { next[row + 1] += next[row] }
    let offsets = next
    var rows = [Int32](repeating: 0, count: indices.count)
    var values = [Float](repeating: 0, count: indices.count)
    for row in 0..<self.rowCount {
      for entry in range(of: row) {
        let index = Int(indices[entry])
        let position = Int(next[index])
        rows[position] = Int32(row)
        values[position] = weights[entry]
        next[index] += 1
      }
    }
    return RaggedRows(offsets: offsets, indices: rows, weights: values)
  }

  /// Entries of a row with one index made one: with the sum of their weights, or the first of them.
  fileprivate func merged(adding: Bool) -> RaggedRows {
    var result = RaggedRows()
    for row in 0..<rowCount {
      let start = result.indices.count
      for entry in range(of: row) {
        if result.indices.count > start && result.indices.last == indices[entry] {
          if adding { result.weights[result.weights.count - 1] += weights[entry] }
        } else {
          result.indices.append(indices[entry])
          result.weights.append(weights[entry])
        }
      }
      result.offsets.append(Int32(result.indices.count))
    }
    return result
  }

  /// The entries of an ascending row whose index is in `range`.
  func entries(of row: Int, in range: Range<Int>) -> Range<Int> {
    func firstEntry(from index: Int) -> Int {
      var entries = self.range(of: row)
      while !entries.isEmpty {
        let middle = entries.lowerBound + entries.count / 2
        if Int(indices[middle]) < index { entries = middle + 1..<entries.upperBound } else {
          entries = entries.lowerBound..<middle
        }
      }
      return entries.lowerBound
    }
    return firstEntry(from: range.lowerBound)..<firstEntry(from: range.upperBound)
  }

  /// Traps unless every index is below `bound`.
  func checkIndices(below bound: Int, _ name: String) {
    precondition(indices.allSatisfy { $0 >= 0 && $0 < bound }, "\(name): an item is not in 0..<\(bound)")
  }
}
