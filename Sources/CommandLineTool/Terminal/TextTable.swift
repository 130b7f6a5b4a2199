import TwoTowerFiles

/// Columns of text: words flush left, numbers flush right.
package struct TextTable {
  package enum Alignment { case left, right }

  /// Names and identifiers are not cut shorter than that.
  private static let leastWidth = 8

  private let alignments: [Alignment]
  /// The columns whose cells may be cut.
  private let shortened: Set<Int>
  private var rows: [[String]]
  /// The columns in bold of each row.
  private var boldColumns: [Set<Int>] = [[]]

  /// - Parameter shortening: the headers of columns whose cells are cut where the table is too wide: names, not numbers.
  package init(_ columns: [(header: String, alignment: Alignment)], shortening headers: Set<String> = []) {
    alignments = columns.map(\.alignment)
    rows = [columns.map(\.header)]
    shortened = Set(columns.indices.filter { headers.contains(columns[$0].header) })
  }

  /// - Parameter bold: the columns whose cells are shown in bold.
  /// - Precondition: a cell for every column.
  package mutating func add(_ row: [String], bold: Set<Int> = []) {
    precondition(row.count == alignments.count, "TextTable: \(row.count) cells for \(alignments.count) columns")
    rows.append(row.map { $0.onOneLine() })
    boldColumns.append(bold)
  }

  /// The lines of the table, the header first, as wide as the terminal at most.
  var lines: [String] { lines(width: Terminal.outputWidth) }

  /// The lines of the table in so many columns of a terminal, the header first.
  ///
  /// Long names are cut; where that would not suffice, the last columns stand in a table of their own below, with the
  /// first column beside them again.
  package func lines(width: Int) -> [String] {
    let widths = widths(for: width)
    var blocks: [[Int]] = [[]]
    for column in alignments.indices {
      let next = blocks[blocks.count - 1] + [column]
      if next.count > 2 && Self.total(next.map { widths[$0] }) > width {
        blocks.append([0, column])
      } else {
        blocks[blocks.count - 1] = next
      }
    }
    return Array(blocks.map { lines(of: $0, widths: widths) }.joined(separator: [""]))
  }

  private func lines(of columns: [Int], widths: [Int]) -> [String] {
    rows.enumerated().compactMap { index, row in
      // A second line of a row may have nothing to say in a part of the table.
      if index > 0 && columns.allSatisfy({ row[$0].isEmpty }) { return nil }
      let cells = columns.map { column in
        let cell = row[column].shortened(to: widths[column])
        let padding = String(repeating: " ", count: widths[column] - cell.columnCount)
        let text = boldColumns[index].contains(column) ? Terminal.bold(cell) : cell
        return alignments[column] == .left ? text + padding : padding + text
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return index == 0 ? Terminal.bold(line) : line
    }
  }

  /// The width of each column: that of its widest cell, names cut alike where the table is too wide.
  private func widths(for width: Int) -> [Int] {
    let natural = alignments.indices.map { column in rows.map { $0[column].columnCount }.max() ?? 0 }
    guard let widest = shortened.map({ natural[$0] }).max(), Self.total(natural) > width else { return natural }
    func cut(to limit: Int) -> [Int] {
      natural.indices.map { shortened.contains($0) ? min(natural[$0], limit) : natural[$0] }
    }
    let fitting = (Self.leastWidth..<max(Self.leastWidth + 1, widest)).last { Self.total(cut(to: $0)) <= width }
    return cut(to: fitting ?? max(Self.leastWidth, width / 3))
  }

  /// The width of columns of these widths, side by side.
  private static func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + 2 * max(0, widths.count - 1) }
}
