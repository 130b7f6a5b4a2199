import Autodiff
import Kernels

/// Exact retrieval: every candidate is scored for each query.
public struct BruteForceRetrieval: Sendable {
  /// One embedding per candidate, `[candidateCount, dimension]`.
  public let candidates: Tensor

  /// - Throws: `EvaluationError.nonFinite` when an embedding holds NaN or an infinity.
  public init(candidates: Tensor) throws(EvaluationError) {
    try requireFinite(candidates, named: "candidate_embeddings")
    self.candidates = candidates
  }

  /// The `k` best candidates of one query, best first; of equal scores the lower index first.
  ///
  /// - Parameters:
  ///   - query: `[dimension]` or `[1, dimension]`.
  ///   - excluded: candidates to leave out, ascending. Fewer than `k` are returned when too few are left.
  /// - Throws: `EvaluationError` when `k` is not in 1...candidateCount or a value is not finite.
  public func top(_ k: Int, query: Tensor, excluding excluded: [Int32] = []) throws(EvaluationError) -> [ScoredCandidate] {
    try top(k, queries: query.reshaped(to: [1, query.count]), excluding: [excluded])[0]
  }

  /// The `k` best candidates of each query, as above.
  ///
  /// - Parameters:
  ///   - queries: `[queryCount, dimension]`.
  ///   - excluded: for each query the candidates to leave out, ascending; empty to leave out none anywhere.
  public func top(
    _ k: Int, queries: Tensor, excluding excluded: [[Int32]] = []
  ) throws(EvaluationError) -> [[ScoredCandidate]] {
    let candidateCount = candidates.shape[0]
    guard k >= 1 && k <= candidateCount else {
      throw .cutoffOutOfRange(cutoff: k, candidateCount: candidateCount)
    }
    try requireFinite(queries, named: "query_embeddings")
    let queryCount = queries.shape[0]
    precondition(
      queries.shape[1] == candidates.shape[1] && (excluded.isEmpty || excluded.count == queryCount),
      "BruteForceRetrieval.top: queries \(queries.shape), candidates \(candidates.shape), \(excluded.count) exclusions")

    var results: [[ScoredCandidate]] = []
    for start in stride(from: 0, to: queryCount, by: ScoreBlock.queriesPerBlock) {
      let rows = start..<min(start + ScoreBlock.queriesPerBlock, queryCount)
      let block = ScoreBlock(queries: queries, rows: rows, candidates: candidates)
      var best = rows.map { _ in BestCandidates(capacity: k) }
      for tile in 0..<block.tileCount {
        block.compute(tile: tile)
        let range = block.range(ofTile: tile)
        for row in best.indices {
          guard areFinite(block.scores(ofRow: row, tile: tile)) else {
            throw .nonFiniteScore(queryRow: start + row)
          }
          if !excluded.isEmpty {
            for item in excluded[start + row] where range.contains(Int(item)) {
              block.exclude(item, row: row, tile: tile)
            }
          }
          best[row].offer(block.scores(ofRow: row, tile: tile), firstIndex: range.lowerBound)
        }
      }
      results += best.map(\.entries)
    }
    return results
  }
}
