import TwoTowerKernels

/// activation(x · weight + bias) in one tensor: `[m, k]`, `[k, n]` and `[n]` give `[m, n]`.
///
/// The same as `matrixMultiply`, `+` and the activation one after the other, without their intermediate results.
///
/// - Precondition: ranks 2, 2 and 1, extents that fit.
package func dense(_ x: Variable, weight: Variable, bias: Variable?, activation: Activation) -> Variable {
  let tape = commonTape("dense", x, weight)
  precondition(
    x.shape.rank == 2 && weight.shape.rank == 2 && x.shape[1] == weight.shape[0],
    "dense: shapes \(x.shape) and \(weight.shape) do not fit")
  let (rows, inner, columns) = (x.shape[0], x.shape[1], weight.shape[1])
  let result = Tensor(unfilled: [rows, columns])
  var out = result.buffer.mutableSpan
  if let bias {
    precondition(
      bias.tape === tape && bias.shape == [columns], "dense: bias \(bias.shape) of weight \(weight.shape)")
    repeatRow(bias.value.buffer.span, into: &out)
  }
  matrixMultiply(
    x.value.buffer.span, weight.value.buffer.span, into: &out, rows: rows, columns: columns, inner: inner,
    beta: bias == nil ? 0 : 1)
  activation.apply(to: result.buffer)

  return tape.record(result, inputs: [x, weight] + (bias.map { [$0] } ?? [])) { gradient in
    activation.differentiate(gradient.buffer, y: result.buffer)
    let g = gradient.buffer.span
    tape.accumulate(into: x) { dx in
      matrixMultiply(
        g, weight.value.buffer.span, into: &dx, rows: rows, columns: inner, inner: columns, transposeB: true, beta: 1)
    }
    tape.accumulate(into: weight) { dw in
      matrixMultiply(
        x.value.buffer.span, g, into: &dw, rows: inner, columns: columns, inner: rows, transposeA: true, beta: 1)
    }
    if let bias { tape.accumulate(into: bias) { addColumnSums(1, g, into: &$0) } }
  }
}
