/// Finds the columns that a row of the retrieval softmax must not be compared with.
///
/// The columns of each identifier are listed once per batch (a counting sort), so a row costs as much as it masks.
struct MaskedColumns {
  private let problem: RetrievalSoftmax
  /// The columns of each identifier, ascending; the last list has those of negative identifiers, which match nothing.
  private let columns: IndexLists

  init(_ problem: RetrievalSoftmax) {
    self.problem = problem
    guard problem.masksAccidentalHits || problem.history != nil else {
      columns = IndexLists(offsets: [0, 0], indices: [])
      return
    }
    let identifiers = problem.candidateIdentifiers
    let bound = max(-1, identifiers.max() ?? -1) + 1
    columns = Grouping(keys: identifiers.map { $0 < 0 ? bound : $0 }, groupCount: Int(bound) + 1).lists
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
      let list = history.identifiers.range(of: Int(history.listOfQuery[row]))
      history.identifiers.indices.withUnsafeBufferPointer { identifiers in
        for i in list where hasColumns(identifiers[i]) {
          append(columnsOf: identifiers[i], tileRow: tileRow, in: range, to: &cells)
        }
      }
    }
  }

  /// Whether any column holds `identifier`; of a long history, few of a batch do.
  private func hasColumns(_ identifier: Int32) -> Bool {
    guard isListed(identifier) else { return false }
    return columns.offsets.withUnsafeBufferPointer { $0[Int(identifier)] < $0[Int(identifier) + 1] }
  }

  private func isListed(_ identifier: Int32) -> Bool { identifier >= 0 && Int(identifier) + 1 < columns.count }

  private func append(
    columnsOf identifier: Int32, tileRow: Int, in range: Range<Int>, to cells: inout [MaskedCells.Cell]
  ) {
    guard isListed(identifier) else { return }
    var list = columns.range(of: Int(identifier))
    if range.lowerBound > 0 { list = columns.entries(of: Int(identifier), in: range) }
    for i in list {
      let column = Int(columns.indices[i])
      guard column < range.upperBound else { break }
      cells.append(.init(row: tileRow, column: column - range.lowerBound))
    }
  }
}
