/// Columns of text: words flush left, numbers flush right.
struct TextTable {
  enum Alignment { case left, right }

  private let alignments: [Alignment]
  private var rows: [[String]]
  /// The columns in bold of each row.
  private var boldColumns: [Set<Int>] = [[]]

  init(_ columns: [(header: String, alignment: Alignment)]) {
    alignments = columns.map(\.alignment)
    rows = [columns.map(\.header)]
  }

  /// - Parameter bold: the columns whose cells are shown in bold.
  /// - Precondition: a cell for every column.
  mutating func add(_ row: [String], bold: Set<Int> = []) {
    precondition(row.count == alignments.count, "TextTable: \(row.count) cells for \(alignments.count) columns")
    rows.append(row)
    boldColumns.append(bold)
  }

  /// The lines of the table, the header first.
  var lines: [String] {
    let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.enumerated().map { index, row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        let text = boldColumns[index].contains(column) ? Terminal.bold(cell) : cell
        return alignments[column] == .left ? text + padding : padding + text
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return index == 0 ? Terminal.bold(line) : line
    }
  }
}
