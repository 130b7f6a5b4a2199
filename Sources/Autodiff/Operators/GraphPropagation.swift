import TwoTowerKernels

/// Σ Âᵏ · x for k = 0...hops, with a symmetric sparse matrix Â `[n, n]` and x `[n, d]`: `[n, d]`.
///
/// Nothing is kept for the gradient, which is the same sum over the gradient of the result.
///
/// - Parameter graph: Â; row i has the entry (j, w) where row j has (i, w).
/// - Precondition: `x` of rank 2, with a row for every row of `graph`.
package func propagate(_ x: Variable, over graph: SparseRows, hops: Int) -> Variable {
  precondition(
    x.shape.rank == 2 && x.shape[0] == graph.rowCount && hops >= 0,
    "propagate: \(x.shape) over \(graph.rowCount) rows, \(hops) hops")
  let tape = x.tape
  return tape.record(sumOfPowers(of: graph, hops, times: x.value), inputs: [x]) { gradient in
    tape.pass(sumOfPowers(of: graph, hops, times: gradient), to: x)
  }
}

/// By Horner's rule: x + Â (x + Â (x + …)).
private func sumOfPowers(of graph: SparseRows, _ hops: Int, times x: Tensor) -> Tensor {
  guard hops > 0 else { return x.copy() }
  var sum = x
  for _ in 0..<hops {
    let next = Tensor(unfilled: x.shape)
    var out = next.buffer.mutableSpan
    sumBags(
      sum.buffer.span, offsets: graph.offsets.span, indices: graph.indices.span, weights: graph.weights.span,
      width: x.shape[1], into: &out)
    addScaled(1, x.buffer.span, into: &out)
    sum = next
  }
  return sum
}
