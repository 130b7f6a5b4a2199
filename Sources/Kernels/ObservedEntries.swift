/// The observed entries of a matrix that is mostly unknown, in the order of its rows and in that of its columns.
package struct ObservedEntries: Sendable {
  package let columnCount: Int
  /// The columns of each row, in the order in which they were given, with the values.
  let byRow: SparseRows
  /// Where each column's entries stand in `byRow`.
  let byColumn: Grouping
  /// The row of each entry, in the order of columns.
  let rows: [Int32]

  /// - Precondition: arrays of equal length; every row and column exists.
  package init(rowCount: Int, columnCount: Int, rows: [Int32], columns: [Int32], values: [Float]) {
    precondition(
      rows.count == columns.count && rows.count == values.count,
      "ObservedEntries: \(rows.count) rows, \(columns.count) columns, \(values.count) values")
    checkRows("ObservedEntries rows", rows.span, rowCount: rowCount)
    checkRows("ObservedEntries columns", columns.span, rowCount: columnCount)
    self.columnCount = columnCount
    let order = Grouping(keys: rows, groupCount: rowCount)
    byRow = SparseRows(
      offsets: order.offsets, indices: order.order.map { columns[Int($0)] },
      weights: order.order.map { values[Int($0)] })
    byColumn = Grouping(keys: byRow.indices, groupCount: columnCount)
    let owners = byRow.owners
    self.rows = byColumn.order.map { owners[Int($0)] }
  }

  package var rowCount: Int { byRow.rowCount }
  package var count: Int { rows.count }
}
