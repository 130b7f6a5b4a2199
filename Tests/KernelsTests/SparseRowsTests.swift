import Testing
import TwoTowerKernels

/// A row as a list of entries.
private struct Entry: Equatable {
  var index: Int32
  var weight: Float
}

struct SparseRowsTests {
  /// Random rows over 0..<9, some empty, indices in any order and repeated; the first seeds give no row and one.
  private func random(_ seed: Int) -> (naive: [[Entry]], rows: SparseRows, generator: SeededGenerator) {
    var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample)
    let naive = (0..<(seed < 2 ? seed : generator.below(9))).map { _ in
      (0..<generator.below(3) * generator.below(5)).map { _ in
        Entry(index: Int32(generator.below(9)), weight: generator.uniform())
      }
    }
    return (naive, rows(naive), generator)
  }

  @Test func emptyRowsAreRows() {
    #expect(SparseRows(emptyRows: 3) == rows([[], [], []]) && SparseRows(emptyRows: 0) == SparseRows())
  }

  private func rows(_ naive: [[Entry]]) -> SparseRows {
    var rows = SparseRows()
    for row in naive {
      for entry in row { rows.append(entry.index, weight: entry.weight) }
      rows.endRow()
    }
    return rows
  }

  private func naive(_ rows: SparseRows) -> [[Entry]] {
    (0..<rows.rowCount).map { row in
      rows.range(of: row).map { Entry(index: rows.indices[$0], weight: rows.weights[$0]) }
    }
  }

  @Test(arguments: 0..<40) func operationsFollowTheirNaiveVersions(seed: Int) {
    var (naive, rows, generator) = random(seed)
    #expect(self.naive(rows) == naive && rows.rowCount == naive.count)
    #expect(SparseRows(offsets: rows.offsets, indices: rows.indices, weights: rows.weights) == rows)
    #expect((0..<rows.rowCount).map { rows.weightSum(of: $0) } == naive.map { $0.reduce(0) { $0 + Double($1.weight) } })
    #expect(self.naive(rows.withWeights()) == naive.map { $0.map { Entry(index: $0.index, weight: 1) } })

    let chosen = naive.isEmpty ? [] : generator.indices(generator.below(7), below: naive.count)
    let selected = chosen.map { naive[Int($0)] }
    #expect(self.naive(rows.selecting(chosen)) == selected)
    let joined = SparseRows.joining([rows, SparseRows(), rows.selecting(chosen)])
    #expect(self.naive(joined) == naive + selected)

    let transposed = (0..<9).map { index -> [Entry] in
      naive.enumerated().flatMap { row in
        row.element.filter { $0.index == index }.map { Entry(index: Int32(row.offset), weight: $0.weight) }
      }
    }
    #expect(self.naive(rows.transposed(rowCount: 9)) == transposed)

    var (copy, other) = (generator, generator)
    let dropped = naive.map { row in row.filter { _ in copy.uniform() >= 0.4 } }
    #expect(self.naive(rows.dropping(0.4, using: &other)) == dropped)

    let shares = naive.map { row in
      let sum = row.reduce(0) { $0 + Double($1.weight) }
      return row.map { Entry(index: $0.index, weight: sum > 0 ? Float(Double($0.weight) / sum) : $0.weight) }
    }
    #expect(self.naive(rows.withRowsAddingUpToOne) == shares)
  }

  @Test(arguments: 0..<40) func pairsAreSummedAndCounted(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample)
    let rowCount = seed < 2 ? 1 : 1 + generator.below(5)
    let count = seed == 0 ? 0 : generator.below(40)
    let (owners, indices) = (generator.indices(count, below: rowCount), generator.indices(count, below: 7))
    // Quarters add up without rounding.
    let weights = (0..<count).map { _ in Float(generator.below(9)) / 4 }
    for weights in [nil, weights] {
      let expected = (0..<Int32(rowCount)).map { row -> [Entry] in
        Set((0..<count).filter { owners[$0] == row }.map { indices[$0] }).sorted().map { index in
          let pairs = (0..<count).filter { owners[$0] == row && indices[$0] == index }
          return Entry(index: index, weight: weights.map { w in pairs.reduce(0) { $0 + w[$1] } } ?? Float(pairs.count))
        }
      }
      let summed = SparseRows(summing: owners, indices: indices, weights: weights, rowCount: rowCount, indexCount: 7)
      #expect(naive(summed) == expected)
      if weights == nil {
        #expect(SparseRows(counting: owners, indices: indices, rowCount: rowCount, indexCount: 7) == summed)
      }
    }
    #expect(SparseRows(counting: [], indices: [], rowCount: 0, indexCount: 0) == SparseRows())
  }

  @Test(arguments: 0..<40) func aPartIsTakenAway(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample)
    let whole = (0..<(seed < 2 ? seed : generator.below(6))).map { _ in
      (0..<Int32(6)).filter { _ in generator.below(2) == 0 }
        .map { Entry(index: $0, weight: Float(1 + generator.below(8)) / 4) }
    }
    let part = whole.map { row in
      row.filter { _ in generator.below(2) == 0 }
        .map { Entry(index: $0.index, weight: $0.weight / Float(1 + generator.below(2))) }
    }
    let rest = zip(whole, part).map { row, part in
      row.map { entry in
        Entry(index: entry.index, weight: entry.weight - (part.first { $0.index == entry.index }?.weight ?? 0))
      }.filter { $0.weight > 0 }
    }
    #expect(naive(rows(whole).subtracting(rows(part))) == rest)
  }

  @Test func roundingIsNoEntry() {
    let rest = rows([[Entry(index: 1, weight: 0.3)]]).subtracting(rows([[Entry(index: 1, weight: Float(0.3).nextDown)]]))
    #expect(naive(rest) == [[]])
  }

  @Test func columnsThatDoNotFitTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = SparseRows(offsets: [0, 2, 1, 2], indices: [1, 2], weights: [1, 1])
    }
    await #expect(processExitsWith: .failure) { _ = SparseRows(offsets: [0, 1], indices: [1], weights: []) }
    await #expect(processExitsWith: .failure) {
      SparseRows(offsets: [0, 1], indices: [3], weights: [1]).checkIndices(below: 3, "test")
    }
  }
}
