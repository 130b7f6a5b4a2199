/// Positions 0..<n sorted by a small whole number, without moving positions of the same group.
///
/// Counting sort: linear in positions and groups.
package struct Grouping: Sendable {
  /// `groupCount + 1` ascending positions in `order`.
  package let offsets: [Int32]
  package let order: [Int32]

  /// - Precondition: every key is in 0..<groupCount; `order`, where given, lists the positions to sort.
  package init(keys: [Int32], groupCount: Int, order: [Int32]? = nil) {
    var offsets = [Int32](repeating: 0, count: groupCount + 1)
    for key in keys { offsets[Int(key) + 1] += 1 }
    for group in 0..<groupCount { offsets[group + 1] += offsets[group] }
    var next = offsets
    var sorted = [Int32](repeating: 0, count: keys.count)
    if let order {
      precondition(order.count == keys.count, "Grouping: \(keys.count) keys, \(order.count) positions")
      for position in order {
        let group = Int(keys[Int(position)])
        sorted[Int(next[group])] = position
        next[group] += 1
      }
    } else {
      for position in keys.indices {
        let group = Int(keys[position])
        sorted[Int(next[group])] = Int32(position)
        next[group] += 1
      }
    }
    self.offsets = offsets
    self.order = sorted
  }

  package func range(of group: Int) -> Range<Int> { Int(offsets[group])..<Int(offsets[group + 1]) }
}

extension RaggedRows {
  /// One row per owner with the distinct indices that the pairs (owner, index) give it, ascending; an index's
  /// weight is the number of its pairs, or the sum of their `weights`.
  ///
  /// - Precondition: owners are in 0..<rowCount, indices in 0..<indexCount; a weight for every pair.
  package init(
    summing owners: [Int32], indices: [Int32], weights: [Float]?, rowCount: Int, indexCount: Int
  ) {
    let byIndex = Grouping(keys: indices, groupCount: indexCount)
    let byOwner = Grouping(keys: owners, groupCount: rowCount, order: byIndex.order)
    var rows = RaggedRows(offsets: [0], indices: [], weights: [])
    rows.offsets.reserveCapacity(rowCount + 1)
    for owner in 0..<rowCount {
      let start = rows.indices.count
      for position in byOwner.range(of: owner) {
        let pair = Int(byOwner.order[position])
        let weight = weights?[pair] ?? 1
        if rows.indices.count > start, rows.indices.last == indices[pair] {
          rows.weights[rows.weights.count - 1] += weight
        } else {
          rows.indices.append(indices[pair])
          rows.weights.append(weight)
        }
      }
      rows.offsets.append(Int32(rows.indices.count))
    }
    self = rows
  }

  package init(counting owners: [Int32], indices: [Int32], rowCount: Int, indexCount: Int) {
    self.init(summing: owners, indices: indices, weights: nil, rowCount: rowCount, indexCount: indexCount)
  }
}
