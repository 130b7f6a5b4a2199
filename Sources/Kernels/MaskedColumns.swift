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

  /// Calls `body` for each column in `range` to mask in `row`, some perhaps twice, the positive column perhaps too.
  func forEach(row: Int, in range: Range<Int>, _ body: (Int) -> Void) {
    if problem.masksAccidentalHits {
      let positive = Int(problem.positiveColumns[row])
      forEachColumn(of: problem.candidateIdentifiers[positive], in: range, body)
    }
    if let history = problem.history {
      let list = Int(history.listOfQuery[row])
      for i in history.offsets[list]..<history.offsets[list + 1] {
        forEachColumn(of: history.identifiers[i], in: range, body)
      }
    }
  }

  private func forEachColumn(of identifier: Int32, in range: Range<Int>, _ body: (Int) -> Void) {
    guard identifier >= 0 && Int(identifier) + 1 < starts.count else { return }
    var i = Int(starts[Int(identifier)])
    let end = Int(starts[Int(identifier) + 1])
    if range.lowerBound > 0 { i = firstPosition(from: i, to: end, notBelow: range.lowerBound) }
    while i < end, Int(columns[i]) < range.upperBound {
      body(Int(columns[i]))
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
