import Kernels

/// The retrieval loss of `queries` `[B, d]` against `candidates` `[C, d]`, a scalar; 0 when there are no queries.
///
/// `problem` says which column is each query's positive, and holds temperature, corrections, row weights and masks.
/// The mean divides by B. Gradients are made in the forward pass, where the tiles of logits are at hand, and kept
/// until `backward` scales them and passes them on: nothing of size `[B, C]` is ever stored.
///
/// - Precondition: rank 2, the extents of `problem`.
public func retrievalSoftmax(
  queries: Variable, candidates: Variable, problem: RetrievalSoftmax, reduction: Reduction = .mean
) -> Variable {
  let tape = commonTape("retrievalSoftmax", queries, candidates)
  precondition(
    queries.shape == [problem.queryCount, problem.dimension]
      && candidates.shape == [problem.candidateCount, problem.dimension],
    """
    retrievalSoftmax: queries \(queries.shape), candidates \(candidates.shape), expected \
    [\(problem.queryCount), \(problem.dimension)] and [\(problem.candidateCount), \(problem.dimension)]
    """)
  let queryGradients = queries.requiresGradient ? FloatBuffer(zeros: queries.shape.count) : nil
  let candidateGradients = candidates.requiresGradient ? FloatBuffer(zeros: candidates.shape.count) : nil
  let scale = reduction == .sum || problem.queryCount == 0 ? 1 : 1 / Double(problem.queryCount)
  let loss = problem.loss(
    queries: queries.value.buffer, candidates: candidates.value.buffer, queryGradients: queryGradients,
    candidateGradients: candidateGradients, gradientScale: Float(scale))

  return tape.record(Tensor(scalar: Float(loss * scale)), inputs: [queries, candidates]) { gradient in
    for (input, known) in [(queries, queryGradients), (candidates, candidateGradients)] {
      guard let known else { continue }
      if gradient.item != 1 { known.scaleFirst(known.count, by: gradient.item) }
      tape.pass(Tensor(shape: input.shape, buffer: known), to: input)
    }
  }
}
