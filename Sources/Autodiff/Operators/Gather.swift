import TwoTowerKernels

/// Rows of an embedding table `[n, d]`, in the order of `rows`: `[rows.count, d]`.
///
/// The gradient is row-sparse.
///
/// - Precondition: rank 2, every row in 0..<n.
package func gather(_ table: Parameter, rows: [Int32], on tape: Tape) -> Variable {
  let result = gatheredRows(table.value, rows)
  guard tape.isTraining && table.isTrainable else { return tape.constant(result) }
  return tape.recordAlways(result) { gradient in
    let (buffer, slots) = table.gradientRows(for: rows)
    var out = buffer.mutableSpan
    scatterAddRows(gradient.buffer.span, rows: slots.span, width: table.value.shape[1], into: &out)
  }
}

/// Rows of `x` `[n, d]`, in the order of `rows`: `[rows.count, d]`.
///
/// A row may repeat; its gradients add up.
///
/// - Precondition: rank 2, every row in 0..<n.
package func gather(_ x: Variable, rows: [Int32]) -> Variable {
  let tape = x.tape
  return tape.record(gatheredRows(x.value, rows), inputs: [x]) { gradient in
    tape.accumulate(into: x) { out in
      scatterAddRows(gradient.buffer.span, rows: rows.span, width: x.shape[1], into: &out)
    }
  }
}

private func gatheredRows(_ table: Tensor, _ rows: [Int32]) -> Tensor {
  precondition(table.shape.rank == 2, "gather: \(rows.count) rows of shape \(table.shape)")
  checkRowIndices("gather", rows, of: table.shape)
  let result = Tensor(unfilled: [rows.count, table.shape[1]])
  var out = result.buffer.mutableSpan
  gatherRows(table.buffer.span, rows: rows.span, width: table.shape[1], into: &out)
  return result
}

func checkRowIndices(_ name: StaticString, _ rows: [Int32], of shape: Shape) {
  let count = shape[0]
  for row in rows { precondition(row >= 0 && Int(row) < count, "\(name): row \(row) of shape \(shape)") }
}
