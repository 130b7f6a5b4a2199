import TwoTowerKernels

extension Variable {
  /// The given columns of `[m, n]`: `[m, columns.count]`.
  ///
  /// - Precondition: rank 2, the columns exist.
  package func columns(_ columns: Range<Int>) -> Variable {
    precondition(
      shape.rank == 2 && columns.lowerBound >= 0 && columns.upperBound <= shape[1],
      "columns: \(columns) of shape \(shape)")
    let (tape, rows, width) = (tape, shape[0], shape[1])
    let result = Tensor(unfilled: [rows, columns.count])
    var out = result.buffer.mutableSpan
    copyColumns(
      value.buffer.span, width: width, columns: columns, rows: rows, into: &out, width: columns.count, at: 0)

    return tape.record(result, inputs: [self]) { gradient in
      tape.accumulate(into: self) { dx in
        addColumns(
          gradient.buffer.span, width: columns.count, columns: 0..<columns.count, rows: rows,
          into: &dx, width: width, at: columns.lowerBound)
      }
    }
  }

  /// The given rows of `[m, n]`: `[rows.count, n]`.
  ///
  /// - Precondition: rank 2, the rows exist.
  package func rows(_ rows: Range<Int>) -> Variable {
    precondition(
      shape.rank == 2 && rows.lowerBound >= 0 && rows.upperBound <= shape[0], "rows: \(rows) of shape \(shape)")
    // A row range is one run of memory: columns of a matrix with a single row.
    let (tape, count, width) = (tape, shape.count, shape[1])
    let elements = (rows.lowerBound * width)..<(rows.upperBound * width)
    let result = Tensor(unfilled: [rows.count, width])
    var out = result.buffer.mutableSpan
    copyColumns(
      value.buffer.span, width: count, columns: elements, rows: 1, into: &out, width: elements.count, at: 0)

    return tape.record(result, inputs: [self]) { gradient in
      tape.accumulate(into: self) { dx in
        addColumns(
          gradient.buffer.span, width: elements.count, columns: 0..<elements.count, rows: 1,
          into: &dx, width: count, at: elements.lowerBound)
      }
    }
  }

  /// The same elements under another shape of equal count.
  package func reshaped(to shape: Shape) -> Variable {
    precondition(shape.count == self.shape.count, "reshaped: \(self.shape) to \(shape)")
    let tape = tape
    return tape.record(value.reshaped(to: shape), inputs: [self]) { gradient in
      tape.pass(gradient.reshaped(to: self.shape), to: self)
    }
  }
}
