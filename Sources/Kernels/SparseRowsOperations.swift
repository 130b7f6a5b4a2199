extension SparseRows {
  /// One row per owner with the distinct indices that the pairs (owner, index) give it, ascending; an index's
  /// weight is the number of its pairs, or the sum of their `weights` in the order of the pairs.
  ///
  /// - Precondition: owners are in 0..<rowCount, indices in 0..<indexCount; a weight for every pair.
  /// - Complexity: linear in pairs, rows and `indexCount`.
  package init(summing owners: [Int32], indices: [Int32], weights: [Float]?, rowCount: Int, indexCount: Int) {
    let byIndex = Grouping(keys: indices, groupCount: indexCount)
    let byOwner = Grouping(keys: owners, groupCount: rowCount, order: byIndex.order)
    var offsets: [Int32] = [0]
    offsets.reserveCapacity(rowCount + 1)
    var distinct: [Int32] = []
    var sums: [Float] = []
    for owner in 0..<rowCount {
      let start = distinct.count
      for position in byOwner.range(of: owner) {
        let pair = Int(byOwner.order[position])
        let weight = weights?[pair] ?? 1
        if distinct.count > start, distinct[distinct.count - 1] == indices[pair] {
          sums[sums.count - 1] += weight
        } else {
          distinct.append(indices[pair])
          sums.append(weight)
        }
      }
      offsets.append(Int32(distinct.count))
    }
    self.init(offsets: offsets, indices: distinct, weights: sums)
  }

  /// As `init(summing:indices:weights:rowCount:indexCount:)`, where a weight is the number of pairs.
  package init(counting owners: [Int32], indices: [Int32], rowCount: Int, indexCount: Int) {
    self.init(summing: owners, indices: indices, weights: nil, rowCount: rowCount, indexCount: indexCount)
  }

  /// The given rows, in the given order.
  package func selecting(_ rows: [Int32]) -> SparseRows {
    var selected = SparseRows()
    selected.reserveCapacity(rows: rows.count, entries: rows.reduce(0) { $0 + range(of: Int($1)).count })
    for row in rows {
      selected.append(entries: range(of: Int(row)), of: self)
      selected.endRow()
    }
    return selected
  }

  /// The rows of all parts, one part after the other.
  package static func joining(_ parts: [SparseRows]) -> SparseRows {
    var all = SparseRows()
    all.reserveCapacity(
      rows: parts.reduce(0) { $0 + $1.rowCount }, entries: parts.reduce(0) { $0 + $1.indices.count })
    for part in parts {
      for row in 0..<part.rowCount {
        all.append(entries: part.range(of: row), of: part)
        all.endRow()
      }
    }
    return all
  }

  /// The rows less the weights of `part`; what has no weight left is no entry.
  ///
  /// - Precondition: as many rows as `part`; the indices of every row ascend.
  package func subtracting(_ part: SparseRows) -> SparseRows {
    precondition(part.rowCount == rowCount, "SparseRows.subtracting: \(part.rowCount) rows from \(rowCount)")
    var rest = SparseRows()
    for row in 0..<rowCount {
      rest.append(row, of: self, less: row, of: part)
      rest.endRow()
    }
    return rest
  }

  /// Adds a row of `whole`, less the weights of a row of `part`, to the row under construction; what has no weight left
  /// is no entry.
  ///
  /// - Precondition: the indices of both rows ascend.
  package mutating func append(_ row: Int, of whole: SparseRows, less partRow: Int, of part: SparseRows) {
    var taken = part.range(of: partRow)
    for entry in whole.range(of: row) {
      let index = whole.indices[entry]
      while let next = taken.first, part.indices[next] < index { taken.removeFirst() }
      var weight = whole.weights[entry]
      if let next = taken.first, part.indices[next] == index { weight -= part.weights[next] }
      if weight > Self.smallestShare * whole.weights[entry] { append(index, weight: weight) }
    }
  }

  /// What is left of a weight below this share of it is rounding.
  package static let smallestShare: Float = 1e-5

  /// The rows without a share of their entries, drawn at random.
  package func dropping(_ share: Float, using generator: inout SeededGenerator) -> SparseRows {
    var rest = SparseRows()
    rest.reserveCapacity(rows: rowCount, entries: 0)
    for row in 0..<rowCount {
      for entry in range(of: row) where generator.uniform() >= share {
        rest.append(indices[entry], weight: weights[entry])
      }
      rest.endRow()
    }
    return rest
  }

  /// Row r of the result has the rows of `self` that have index r, ascending, with their weights there.
  ///
  /// - Precondition: every index is in 0..<rowCount.
  package func transposed(rowCount: Int) -> SparseRows {
    let byIndex = Grouping(keys: indices, groupCount: rowCount)
    let owners = owners
    return SparseRows(
      IndexLists(offsets: byIndex.offsets, indices: byIndex.order.map { owners[Int($0)] }),
      weights: byIndex.order.map { weights[Int($0)] })
  }

  /// The rows with their weights divided by the row's sum, where that is above 0.
  package var withRowsAddingUpToOne: SparseRows {
    var shares = weights
    for row in 0..<rowCount {
      let sum = weightSum(of: row)
      guard sum > 0 else { continue }
      for entry in range(of: row) { shares[entry] = Float(Double(weights[entry]) / sum) }
    }
    return withWeights(shares)
  }
}
