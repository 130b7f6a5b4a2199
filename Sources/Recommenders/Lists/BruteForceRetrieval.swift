import TwoTowerAutodiff
import TwoTowerKernels

/// A candidate's row and its score for a query.
package typealias ScoredCandidate = ScoredIndex

/// Exact retrieval: every candidate is scored for each query.
package struct BruteForceRetrieval: Sendable {
  /// One embedding per candidate, `[candidateCount, dimension]`.
  package let candidates: Tensor

  /// - Throws: `ScoringError.nonFinite` when an embedding holds NaN or an infinity.
  package init(candidates: Tensor) throws(ScoringError) {
    try requireFinite(candidates, named: "candidate_embeddings")
    self.candidates = candidates
  }

  /// The `k` best candidates of one query, best first; of equal scores the lower index first.
  ///
  /// - Parameters:
  ///   - query: `[dimension]` or `[1, dimension]`.
  ///   - excluded: candidates to leave out, ascending. Fewer than `k` are returned when too few are left.
  /// - Throws: `ScoringError` when `k` is not in 1...candidateCount or a value is not finite.
  package func top(_ k: Int, query: Tensor, excluding excluded: [Int32] = []) throws(ScoringError) -> [ScoredCandidate]
  {
    try top(k, queries: query.reshaped(to: [1, query.count]), excluding: [excluded])[0]
  }

  /// The `k` best candidates of each query, as above.
  ///
  /// - Parameters:
  ///   - queries: `[queryCount, dimension]`.
  ///   - excluded: for each query the candidates to leave out, ascending; empty to leave out none anywhere.
  package func top(
    _ k: Int, queries: Tensor, excluding excluded: [[Int32]] = []
  ) throws(ScoringError) -> [[ScoredCandidate]] {
    try checkCutoff(k, candidateCount: candidates.shape[0])
    try requireFinite(queries, named: "query_embeddings")
    let scorer = EmbeddingScorer(queries: queries, candidates: candidates)
    return try topCandidates(k, of: Array(0..<scorer.userCount), scorer: scorer, excluding: excluded)
  }
}

/// The `k` best candidates of each of `users`, best first; of equal scores the lower index first.
///
/// - Parameter excluded: for each of `users` the candidates to leave out, ascending; empty to leave out none anywhere.
///   Fewer than `k` are returned when too few are left.
/// - Throws: `ScoringError` when `k` is not in 1...candidateCount or a score is not finite.
package func topCandidates(
  _ k: Int, of users: [Int], scorer: some CandidateScorer, excluding excluded: [[Int32]] = []
) throws(ScoringError) -> [[ScoredCandidate]] {
  try checkCutoff(k, candidateCount: scorer.candidateCount)
  precondition(
    excluded.isEmpty || excluded.count == users.count,
    "topCandidates: \(users.count) users, \(excluded.count) exclusions")
  return try ScoreBlock.forEach(of: users.count) { rows throws(ScoringError) in
    let block = ScoreBlock(scorer: scorer, users: users[rows])
    var best = rows.map { _ in [ScoredCandidate]() }
    for tile in 0..<block.tileCount {
      block.compute(tile: tile)
      for row in best.indices {
        guard firstNonFinite(block.scores(ofRow: row, tile: tile)) == nil else {
          throw ScoringError.nonFiniteScore(queryRow: users[rows.lowerBound + row])
        }
        best[row] = block.best(
          k, ofRow: row, tile: tile, and: best[row], excluding: excluded.isEmpty ? [] : excluded[rows.lowerBound + row])
      }
    }
    return best
  }
}

private func checkCutoff(_ k: Int, candidateCount: Int) throws(ScoringError) {
  guard k >= 1 && k <= candidateCount else { throw .cutoffOutOfRange(cutoff: k, candidateCount: candidateCount) }
}
