/// The observed entries of a matrix that is mostly unknown, in the order of its rows and in that of its columns.
public struct ObservedEntries: Sendable {
  public let rowCount: Int
  public let columnCount: Int
  /// Row `r` has entries `rowOffsets[r]..<rowOffsets[r + 1]`, in the order in which they were given.
  let rowOffsets: [Int32]
  /// The column of each entry, in the order of rows.
  let columns: [Int32]
  /// The value of each entry, in the order of rows.
  let values: [Float]
  /// Column `c` has `columnOffsets[c]..<columnOffsets[c + 1]` of `rows` and `positions`.
  let columnOffsets: [Int32]
  /// The row of each entry, in the order of columns.
  let rows: [Int32]
  /// Where each entry stands in the order of rows, in the order of columns.
  let positions: [Int32]

  /// - Precondition: arrays of equal length; every row and column exists.
  public init(rowCount: Int, columnCount: Int, rows: [Int32], columns: [Int32], values: [Float]) {
    precondition(
      rows.count == columns.count && rows.count == values.count,
      "ObservedEntries: \(rows.count) rows, \(columns.count) columns, \(values.count) values")
    checkRows("ObservedEntries rows", rows.span, rowCount: rowCount)
    checkRows("ObservedEntries columns", columns.span, rowCount: columnCount)
    self.rowCount = rowCount
    self.columnCount = columnCount
    let byRow = countingSort(rows, keyCount: rowCount)
    rowOffsets = byRow.offsets
    let sortedRows = byRow.order.map { rows[Int($0)] }
    let sortedColumns = byRow.order.map { columns[Int($0)] }
    self.columns = sortedColumns
    self.values = byRow.order.map { values[Int($0)] }
    let byColumn = countingSort(sortedColumns, keyCount: columnCount)
    columnOffsets = byColumn.offsets
    positions = byColumn.order
    self.rows = byColumn.order.map { sortedRows[Int($0)] }
  }

  public var count: Int { values.count }
}

/// The positions of `keys` in ascending order of key, equal keys in their own order; with where each key starts.
private func countingSort(_ keys: [Int32], keyCount: Int) -> (offsets: [Int32], order: [Int32]) {
  var offsets = [Int32](repeating: 0, count: keyCount + 1)
  for key in keys { offsets[Int(key) + 1] += 1 }
  for key in 0..<keyCount { offsets[key + 1] += offsets[key] }
  var next = offsets
  var order = [Int32](repeating: 0, count: keys.count)
  for (position, key) in keys.enumerated() {
    order[Int(next[Int(key)])] = Int32(position)
    next[Int(key)] += 1
  }
  return (offsets, order)
}
