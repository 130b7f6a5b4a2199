import TwoTowerKernels

/// The pairwise ranking loss −ln σ(scale · (⟨q, p⟩ − ⟨q, n⟩)) of queries `[B, d]` with positives `[B, d]` and
/// negatives `[B · k, d]`, those of one query together: a scalar, 0 without pairs.
///
/// The mean divides by B · k.
///
/// - Precondition: rank 2, the extents above.
package func pairwiseRankingLoss(
  queries: Variable, positives: Variable, negatives: Variable, scale: Float = 1, reduction: Reduction = .mean
) -> Variable {
  let tape = commonTape("pairwiseRanking", queries, positives)
  _ = commonTape("pairwiseRanking", queries, negatives)
  precondition(
    queries.shape.rank == 2 && positives.shape == queries.shape && negatives.shape.rank == 2
      && negatives.shape[1] == queries.shape[1]
      && (queries.shape[0] == 0 ? negatives.shape[0] == 0 : negatives.shape[0] % queries.shape[0] == 0),
    "pairwiseRanking: queries \(queries.shape), positives \(positives.shape), negatives \(negatives.shape)")
  let inputs = [queries, positives, negatives]
  let gradients = inputs.map { FloatBuffer(uninitialized: $0.shape.count) }
  let pairCount = negatives.shape[0]
  let share = reduction == .sum || pairCount == 0 ? 1 : 1 / Double(pairCount)
  let sum = pairwiseRanking(
    queries: queries.value.buffer, positives: positives.value.buffer, negatives: negatives.value.buffer,
    width: queries.shape[1], negativeCount: queries.shape[0] == 0 ? 0 : pairCount / queries.shape[0], scale: scale,
    gradientScale: Float(share), queryGradients: gradients[0], positiveGradients: gradients[1],
    negativeGradients: gradients[2])

  return tape.record(Tensor(scalar: Float(sum * share)), inputs: inputs) { gradient in
    for (input, known) in zip(inputs, gradients) {
      tape.accumulate(into: input) { addScaled(gradient.item, known.span, into: &$0) }
    }
  }
}
