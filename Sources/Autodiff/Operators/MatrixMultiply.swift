import TwoTowerKernels

/// op(x) · op(y), with op the transpose where asked for: `[m, k]` by `[k, n]` gives `[m, n]`.
///
/// - Precondition: both of rank 2, inner extents equal.
package func matrixMultiply(
  _ x: Variable, _ y: Variable, transposeX: Bool = false, transposeY: Bool = false
) -> Variable {
  let tape = commonTape("matrixMultiply", x, y)
  precondition(
    x.shape.rank == 2 && y.shape.rank == 2 && x.shape[transposeX ? 0 : 1] == y.shape[transposeY ? 1 : 0],
    "matrixMultiply: shapes \(x.shape)\(transposeX ? "ᵀ" : "") and \(y.shape)\(transposeY ? "ᵀ" : "") do not fit")
  let rows = x.shape[transposeX ? 1 : 0]
  let inner = x.shape[transposeX ? 0 : 1]
  let columns = y.shape[transposeY ? 0 : 1]
  let result = Tensor(unfilled: [rows, columns])
  var out = result.buffer.mutableSpan
  matrixMultiply(
    x.value.buffer.span, y.value.buffer.span, into: &out, rows: rows, columns: columns, inner: inner,
    transposeA: transposeX, transposeB: transposeY)

  return tape.record(result, inputs: [x, y]) { gradient in
    let g = gradient.buffer.span
    tape.accumulate(into: x) { dx in
      let y = y.value.buffer.span
      if transposeX {  // dx = op(y) · gᵀ
        matrixMultiply(
          y, g, into: &dx, rows: inner, columns: rows, inner: columns,
          transposeA: transposeY, transposeB: true, beta: 1)
      } else {  // dx = g · op(y)ᵀ
        matrixMultiply(
          g, y, into: &dx, rows: rows, columns: inner, inner: columns, transposeB: !transposeY, beta: 1)
      }
    }
    tape.accumulate(into: y) { dy in
      let x = x.value.buffer.span
      if transposeY {  // dy = gᵀ · op(x)
        matrixMultiply(
          g, x, into: &dy, rows: columns, columns: inner, inner: rows,
          transposeA: true, transposeB: transposeX, beta: 1)
      } else {  // dy = op(x)ᵀ · g
        matrixMultiply(
          x, g, into: &dy, rows: inner, columns: columns, inner: rows, transposeA: !transposeX, beta: 1)
      }
    }
  }
}
