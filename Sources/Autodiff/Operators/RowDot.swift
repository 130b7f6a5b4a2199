import TwoTowerKernels

/// The inner product of each row of `x` `[m, d]` with the same row of `y` `[m, d]`: `[m]`.
///
/// - Precondition: equal shapes of rank 2.
package func rowDot(_ x: Variable, _ y: Variable) -> Variable {
  let tape = commonTape("rowDot", x, y)
  precondition(x.shape == y.shape && x.shape.rank == 2, "rowDot: shapes \(x.shape) and \(y.shape)")
  let width = x.shape[1]
  let result = Tensor(unfilled: [x.shape[0]])
  var out = result.buffer.mutableSpan
  rowDots(x.value.buffer.span, y.value.buffer.span, width: width, into: &out)

  return tape.record(result, inputs: [x, y]) { gradient in
    tape.accumulate(into: x) { dx in
      addRowsScaled(by: gradient.buffer.span, y.value.buffer.span, width: width, into: &dx)
    }
    tape.accumulate(into: y) { dy in
      addRowsScaled(by: gradient.buffer.span, x.value.buffer.span, width: width, into: &dy)
    }
  }
}
