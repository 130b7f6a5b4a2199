/// Columns of text: words flush left, numbers flush right.
struct TextTable {
  enum Alignment { case left, right }

  private let alignments: [Alignment]
  private var rows: [[String]]

  init(_ columns: [(header: String, alignment: Alignment)]) {
    alignments = columns.map(\.alignment)
    rows = [columns.map(\.header)]
  }

  /// - Precondition: a cell for every column.
  mutating func add(_ row: [String]) {
    precondition(row.count == alignments.count, "TextTable: \(row.count) cells for \(alignments.count) columns")
    rows.append(row)
  }

  /// The lines of the table, the header first.
  var lines: [String] {
    let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.enumerated().map { index, row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return alignments[column] == .left ? cell + padding : padding + cell
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return index == 0 ? Terminal.bold(line) : line
    }
  }
}
