import TwoTowerKernels

/// Each row of `x` `[m, n]` times its own number.
///
/// - Precondition: rank 2, a factor for every row.
package func scaleRows(_ x: Variable, by factors: [Float]) -> Variable {
  precondition(
    x.shape.rank == 2 && x.shape[0] == factors.count, "scaleRows: \(factors.count) factors for \(x.shape)")
  let tape = x.tape
  return tape.record(scaled(x.value, factors), inputs: [x]) { gradient in
    tape.pass(scaled(gradient, factors), to: x)
  }
}

private func scaled(_ x: Tensor, _ factors: [Float]) -> Tensor {
  let width = x.shape[1]
  let result = Tensor(zeros: x.shape)
  var out = result.buffer.mutableSpan
  for (row, factor) in factors.enumerated() {
    VectorMath.best.scaledAdd(factor, x.buffer.span, from: row * width, 1, &out, from: row * width, count: width)
  }
  return result
}
