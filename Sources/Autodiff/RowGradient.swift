import TwoTowerKernels

/// The gradient of an embedding table: only the rows that a step touched, each once.
///
/// Rows are kept in the order of first touch, which the batch fixes, so sums are the same on any number of threads.
package final class RowGradient {
  package let rowCount: Int
  package let width: Int
  /// The touched rows, in order of first touch.
  package private(set) var indices: [Int32] = []
  /// `[capacity, width]`; the first `indices.count` rows are the gradients of `indices`.
  package private(set) var values: FloatBuffer
  private var slotOfRow: [Int32]

  package init(rowCount: Int, width: Int) {
    self.rowCount = rowCount
    self.width = width
    values = FloatBuffer(zeros: 0)
    slotOfRow = Array(repeating: -1, count: rowCount)
  }

  /// Forgets the touched rows; keeps the memory.
  package func clear() {
    values.zeroFirst(indices.count * width)
    for row in indices { slotOfRow[Int(row)] = -1 }
    indices.removeAll(keepingCapacity: true)
  }

  /// Makes room for `rows` and returns the slot of each: where in `values` its gradient is added.
  ///
  /// - Precondition: every row is in 0..<rowCount.
  package func slots(for rows: [Int32]) -> [Int32] {
    var slots = [Int32](repeating: 0, count: rows.count)
    for (i, row) in rows.enumerated() {
      precondition(row >= 0 && Int(row) < rowCount, "RowGradient: row \(row) of shape [\(rowCount), \(width)]")
      var slot = slotOfRow[Int(row)]
      if slot < 0 {
        slot = Int32(indices.count)
        slotOfRow[Int(row)] = slot
        indices.append(row)
      }
      slots[i] = slot
    }
    let needed = indices.count * width
    if values.count < needed {
      let larger = FloatBuffer(zeros: max(needed, min(values.count * 2, rowCount * width)))
      larger.copyFirst(values.count, from: values)
      values = larger
    }
    return slots
  }
}
