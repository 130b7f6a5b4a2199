import TwoTowerKernels

/// Each row of `[m, n]` divided by its Euclidean norm.
///
/// A row whose norm is at most `epsilon` has no direction: it becomes zeros and its gradient is zero.
///
/// - Precondition: rank 2.
package func l2NormalizeRows(_ x: Variable, epsilon: Float = smallestNorm) -> Variable {
  precondition(x.shape.rank == 2, "l2NormalizeRows: shape \(x.shape) is not of rank 2")
  let (tape, width) = (x.tape, x.shape[1])
  let result = Tensor(unfilled: x.shape)
  let inverseNorms = FloatBuffer(uninitialized: x.shape[0])
  var out = result.buffer.mutableSpan
  var inverses = inverseNorms.mutableSpan
  normalizeRows(x.value.buffer.span, width: width, epsilon: epsilon, into: &out, inverseNorms: &inverses)

  return tape.record(result, inputs: [x]) { gradient in
    tape.accumulate(into: x) { dx in
      addNormalizeGradient(
        gradient.buffer.span, y: result.buffer.span, inverseNorms: inverseNorms.span, width: width, into: &dx)
    }
  }
}
