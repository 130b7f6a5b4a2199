import TwoTowerKernels

/// How the rows of a bag become one.
package enum BagCombiner: String, Sendable, Codable {
  /// Σ weight · row.
  case sum
  /// Σ weight · row / Σ weight; zeros where the weights sum to 0.
  case mean
}

/// One combined row of an embedding table `[n, d]` per bag: `[offsets.count − 1, d]`.
///
/// The gradient is row-sparse.
///
/// Bag b holds the entries offsets[b]..<offsets[b + 1] of `indices` and `weights`. An empty bag gives zeros.
///
/// - Precondition: offsets ascend from 0 to `indices.count`; every index in 0..<n; a weight for every index.
package func bag(
  _ table: Parameter, offsets: [Int32], indices: [Int32], weights: [Float], combiner: BagCombiner, on tape: Tape
) -> Variable {
  precondition(table.value.shape.rank == 2, "bag: \(indices.count) rows of shape \(table.value.shape)")
  checkRowIndices("bag", indices, of: table.value.shape)
  let width = table.value.shape[1]
  let factors = combiner == .sum ? weights : meanBagWeights(offsets: offsets.span, weights: weights.span)
  let rows = table.value.buffer
  let result = Tensor(unfilled: [max(0, offsets.count - 1), width])
  var out = result.buffer.mutableSpan
  sumBags(
    rows.span, offsets: offsets.span, indices: indices.span, weights: factors.span, width: width, into: &out)
  guard tape.isTraining && table.isTrainable else { return tape.constant(result) }

  return tape.recordAlways(result) { gradient in
    let (buffer, slots) = table.gradientRows(for: indices)
    var out = buffer.mutableSpan
    addBagGradients(
      gradient.buffer.span, offsets: offsets.span, indices: slots.span, weights: factors.span, width: width,
      into: &out)
  }
}
