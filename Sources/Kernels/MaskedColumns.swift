/// Finds the columns that a row of the retrieval softmax must not be compared with.
///
/// The columns of each identifier are listed once per batch (a counting sort), so a row costs as much as it masks.
struct MaskedColumns {
  private let problem: RetrievalSoftmax
  /// The columns of identifier x are `columns[starts[x]..<starts[x + 1]]`, ascending.
  private let starts: [Int32]
  private let columns: [Int32]

  init(_ problem: RetrievalSoftmax) {
    self.problem = problem
    guard problem.masksAccidentalHits || problem.history != nil else {
      (starts, columns) = ([0], [])
      return
    }
    let identifiers = problem.candidateIdentifiers
    var starts = [Int32](repeating: 0, count: Int(max(-1, identifiers.max() ?? -1)) + 2)
    for identifier in identifiers where identifier >= 0 { starts[Int(identifier) + 1] += 1 }
    for i in 1..<starts.count { starts[i] += starts[i - 1] }
    var next = starts
    var columns = [Int32](repeating: 0, count: Int(starts[starts.count - 1]))
    for (column, identifier) in identifiers.enumerated() where identifier >= 0 {
      columns[Int(next[Int(identifier)])] = Int32(column)
      next[Int(identifier)] += 1
    }
    (self.starts, self.columns) = (starts, columns)
  }

  /// Appends the cells of `row` to mask, columns counted from the first in `range`.
  ///
  /// Some may come twice; the positive, which a tile keeps apart, always comes.
  func append(row: Int, tileRow: Int, in range: Range<Int>, to cells: inout [MaskedCells.Cell]) {
    let positive = Int(problem.positiveColumns[row])
    if range.contains(positive) { cells.append(.init(row: tileRow, column: positive - range.lowerBound)) }
    if problem.masksAccidentalHits {
      append(columnsOf: problem.candidateIdentifiers[positive], tileRow: tileRow, in: range, to: &cells)
    }
    if let history = problem.history {
      let list = Int(history.listOfQuery[row])
      history.identifiers.withUnsafeBufferPointer { identifiers in
        for i in history.offsets[list]..<history.offsets[list + 1] where hasColumns(identifiers[i]) {
          append(columnsOf: identifiers[i], tileRow: tileRow, in: range, to: &cells)
        }
      }
    }
  }

  /// Whether any column holds `identifier`; of a long history, few of a batch do.
  private func hasColumns(_ identifier: Int32) -> Bool {
    let identifier = Int(identifier)
    guard identifier >= 0 && identifier + 1 < starts.count else { return false }
    return starts.withUnsafeBufferPointer { $0[identifier] < $0[identifier + 1] }
  }

  private func append(columnsOf identifier: Int32, tileRow: Int, in range: Range<Int>, to cells: inout [MaskedCells.Cell]) {
    guard identifier >= 0 && Int(identifier) + 1 < starts.count else { return }
    var i = Int(starts[Int(identifier)])
    let end = Int(starts[Int(identifier) + 1])
    if range.lowerBound > 0 { i = firstPosition(from: i, to: end, notBelow: range.lowerBound) }
    while i < end, Int(columns[i]) < range.upperBound {
      cells.append(.init(row: tileRow, column: Int(columns[i]) - range.lowerBound))
      i += 1
    }
  }

  private func firstPosition(from start: Int, to end: Int, notBelow column: Int) -> Int {
    var (low, high) = (start, end)
    while low < high {
      let middle = (low + high) / 2
      if Int(columns[middle]) < column { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
