import TwoTowerKernels

/// The rows of `x` `[m, d]`, then those of `y` `[n, d]`: `[m + n, d]`.
///
/// - Precondition: both of rank 2 and one width.
package func concatenateRows(_ x: Variable, _ y: Variable) -> Variable {
  let tape = commonTape("concatenateRows", x, y)
  precondition(
    x.shape.rank == 2 && y.shape.rank == 2 && x.shape[1] == y.shape[1],
    "concatenateRows: shapes \(x.shape) and \(y.shape) do not fit")
  let result = Tensor(unfilled: [x.shape[0] + y.shape[0], x.shape[1]])
  result.buffer.copy(x.value.buffer, at: 0)
  result.buffer.copy(y.value.buffer, at: x.value.count)

  return tape.record(result, inputs: [x, y]) { gradient in
    let split = x.value.count
    tape.accumulate(into: x) { addScaled(1, gradient.buffer.span.extracting(first: split), into: &$0) }
    tape.accumulate(into: y) { addScaled(1, gradient.buffer.span.extracting(droppingFirst: split), into: &$0) }
  }
}
