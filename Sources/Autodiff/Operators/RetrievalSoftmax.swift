import TwoTowerKernels

/// Terms linear in the logits of some (query, candidate) pairs, for a loss that is a softmax and a linear part.
package struct LinearLogitTerms: Sendable {
  /// The query and the candidate of each pair.
  package var rows, columns: [Int32]
  /// What each pair's dot product, times the temperature's scale, is multiplied with.
  package var weights: [Float]
  /// What is added without a gradient.
  package var constant: Double

  package init(rows: [Int32], columns: [Int32], weights: [Float], constant: Double) {
    precondition(
      rows.count == columns.count && rows.count == weights.count,
      "LinearLogitTerms: \(rows.count) rows, \(columns.count) columns, \(weights.count) weights")
    self.rows = rows
    self.columns = columns
    self.weights = weights
    self.constant = constant
  }
}

/// The retrieval loss of `queries` `[B, d]` against `candidates` `[C, d]`, a scalar; 0 when there are no queries.
///
/// `problem` says which column is each query's positive, and holds temperature, corrections, row weights and masks.
/// The mean divides by B. Gradients are made in the forward pass, where the tiles of logits are at hand, and kept
/// until `backward` scales them and passes them on: nothing of size `[B, C]` is ever stored.
///
/// - Parameter terms: added to the summed loss, in Double: parts may be much larger than the whole.
/// - Precondition: rank 2, the extents of `problem`; candidates are not normalised where there are terms.
package func retrievalSoftmax(
  queries: Variable, candidates: Variable, problem: RetrievalSoftmax, adding terms: LinearLogitTerms? = nil,
  reduction: Reduction = .mean
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
  var loss = problem.loss(
    queries: queries.value.buffer, candidates: candidates.value.buffer, queryGradients: queryGradients,
    candidateGradients: candidateGradients, gradientScale: Float(scale))
  if let terms {
    precondition(!problem.normalizesCandidates, "retrievalSoftmax: linear terms of normalised candidates")
    loss += addLinearTerms(
      terms, queries.value, candidates.value, problem.scale, gradientScale: Float(scale),
      queryGradients: queryGradients, candidateGradients: candidateGradients)
  }

  return tape.record(Tensor(scalar: Float(loss * scale)), inputs: [queries, candidates]) { gradient in
    for (input, known) in [(queries, queryGradients), (candidates, candidateGradients)] {
      guard let known else { continue }
      if gradient.item != 1 { known.scaleFirst(known.count, by: gradient.item) }
      tape.pass(Tensor(shape: input.shape, buffer: known), to: input)
    }
  }
}

/// The sum of the terms, in Double; adds `gradientScale` times their gradients.
private func addLinearTerms(
  _ terms: LinearLogitTerms, _ queries: Tensor, _ candidates: Tensor, _ scale: Float, gradientScale: Float,
  queryGradients: FloatBuffer?, candidateGradients: FloatBuffer?
) -> Double {
  let (count, width) = (terms.rows.count, queries.shape[1])
  func gathered(_ table: Tensor, _ rows: [Int32]) -> FloatBuffer {
    let result = FloatBuffer(uninitialized: count * width)
    var out = result.mutableSpan
    gatherRows(table.buffer.span, rows: rows.span, width: width, into: &out)
    return result
  }
  let (left, right) = (gathered(queries, terms.rows), gathered(candidates, terms.columns))
  let products = FloatBuffer(uninitialized: count)
  var out = products.mutableSpan
  rowDots(left.span, right.span, width: width, into: &out)

  let factors = terms.weights.map { gradientScale * scale * $0 }
  for (gradients, rows, other) in [(queryGradients, terms.rows, right), (candidateGradients, terms.columns, left)] {
    guard let gradients else { continue }
    let parts = FloatBuffer(zeros: count * width)
    var partsOut = parts.mutableSpan
    addRowsScaled(by: factors.span, other.span, width: width, into: &partsOut)
    var target = gradients.mutableSpan
    scatterAddRows(parts.span, rows: rows.span, width: width, into: &target)
  }
  return Double(scale) * dot(terms.weights.span, products.span) + terms.constant
}
