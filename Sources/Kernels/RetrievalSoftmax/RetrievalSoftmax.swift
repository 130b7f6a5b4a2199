/// The retrieval loss: each query against all candidates of a batch, a sample or the whole catalogue.
///
/// Row i's loss is the cross-entropy of the softmax over its logits
/// `scale · queries[i] · candidates[j] + corrections[j]` and its positive column, with candidates[j] / ‖candidates[j]‖
/// instead where candidates are normalised. Columns that happen to hold the same
/// item again (accidental hits), or items that the row's user is known to like (its history), can be masked: their
/// probability is exactly 0. With corrections −log q(j), q the chance that j is drawn into the batch, this is sampled
/// softmax (Bengio and Senécal 2008; Yi et al. 2019, "Sampling-bias-corrected neural modeling", section 4).
package struct RetrievalSoftmax: Sendable {
  /// Lists of identifiers, and which list belongs to each query.
  package struct History: Sendable {
    package let identifiers: IndexLists
    /// `[queryCount]`: the list of each query.
    package let listOfQuery: [Int32]

    package init(identifiers: IndexLists, listOfQuery: [Int32]) {
      self.identifiers = identifiers
      self.listOfQuery = listOfQuery
    }

    func contains(list: Int32) -> Bool { list >= 0 && Int(list) < identifiers.count }
  }

  package let candidateCount: Int
  package let dimension: Int
  /// `[queryCount]`: the column of each query's positive.
  package let positiveColumns: [Int32]
  /// What dot products are multiplied with: 1 / temperature.
  package var scale: Float = 1
  /// Compares with the directions of the candidates, as `normalizeRows` makes them, without holding a normalised copy;
  /// the gradients are those of the candidates as they are given.
  package var normalizesCandidates = false
  /// `[candidateCount]`, added to the logits of each column; empty for none.
  package var corrections: [Float] = []
  /// `[queryCount]`, each row's weight in the loss; empty for 1.
  package var rowWeights: [Float] = []
  /// `[candidateCount]`: what each column holds, such as vocabulary rows (memory grows with the greatest); needed
  /// for masking, else empty.
  ///
  /// Negative identifiers match nothing.
  package var candidateIdentifiers: [Int32] = []
  /// Masks the columns other than the positive one that hold the same identifier.
  package var masksAccidentalHits = false
  /// Masks the columns other than the positive one that hold an identifier of the row's list.
  package var history: History?

  package init(positiveColumns: [Int32], candidateCount: Int, dimension: Int) {
    self.positiveColumns = positiveColumns
    self.candidateCount = candidateCount
    self.dimension = dimension
  }

  package var queryCount: Int { positiveColumns.count }

  /// The summed loss Σ wᵢ · (logsumexpᵢ − positive logitᵢ), in Double; adds `gradientScale` times its gradients.
  ///
  /// Nothing of size [queryCount, candidateCount] is stored. The result has the same bits on any number of threads. A
  /// logit that is not finite makes the loss not finite (a correction of −infinity excludes a column instead).
  ///
  /// - Parameters:
  ///   - queries: `[queryCount, dimension]`.
  ///   - candidates: `[candidateCount, dimension]`.
  ///   - queryGradients: `[queryCount, dimension]`, added to; nil when not wanted.
  ///   - candidateGradients: `[candidateCount, dimension]`, added to; nil when not wanted.
  /// - Precondition: counts fit, positive columns are in 0..<candidateCount, masking has identifiers.
  package func loss(
    queries: FloatBuffer, candidates: FloatBuffer, queryGradients: FloatBuffer? = nil,
    candidateGradients: FloatBuffer? = nil, gradientScale: Float = 1, on vectorMath: VectorMath = .best
  ) -> Double {
    checkCounts(queries, candidates, queryGradients, candidateGradients)
    guard queryCount > 0 else { return 0 }
    let pass = RetrievalSoftmaxPass(
      self, queries: queries, candidates: candidates, queryGradients: queryGradients,
      candidateGradients: candidateGradients, gradientScale: gradientScale, table: vectorMath.table)
    return pass.run()
  }

  func checkCounts(
    _ queries: FloatBuffer, _ candidates: FloatBuffer, _ queryGradients: FloatBuffer?,
    _ candidateGradients: FloatBuffer?
  ) {
    let queryElements = queryCount * dimension
    let candidateElements = candidateCount * dimension
    precondition(
      queries.count == queryElements && (queryGradients?.count ?? queryElements) == queryElements,
      "RetrievalSoftmax: \(queries.count) query values are not [\(queryCount), \(dimension)]")
    precondition(
      candidates.count == candidateElements && (candidateGradients?.count ?? candidateElements) == candidateElements,
      "RetrievalSoftmax: \(candidates.count) candidate values are not [\(candidateCount), \(dimension)]")
    precondition(
      positiveColumns.allSatisfy { $0 >= 0 && Int($0) < candidateCount },
      "RetrievalSoftmax: a positive column is not in 0..<\(candidateCount)")
    precondition(
      corrections.isEmpty || corrections.count == candidateCount,
      "RetrievalSoftmax: \(corrections.count) corrections for \(candidateCount) candidates")
    precondition(
      rowWeights.isEmpty || rowWeights.count == queryCount,
      "RetrievalSoftmax: \(rowWeights.count) row weights for \(queryCount) queries")
    let needsIdentifiers = masksAccidentalHits || history != nil
    precondition(
      candidateIdentifiers.count == candidateCount || (candidateIdentifiers.isEmpty && !needsIdentifiers),
      "RetrievalSoftmax: \(candidateIdentifiers.count) identifiers for \(candidateCount) candidates")
    if let history {
      precondition(
        history.listOfQuery.count == queryCount && history.listOfQuery.allSatisfy(history.contains(list:)),
        "RetrievalSoftmax: the history's lists do not fit \(queryCount) queries")
    }
  }
}
