import TwoTowerKernels

/// What retrieval found for a user.
package struct RetrievedList: Sendable, Equatable {
  package let user: Int32
  /// The candidates with their retrieval scores, best first.
  package let candidates: [ScoredIndex]

  package init(user: Int32, candidates: [ScoredIndex]) {
    self.user = user
    self.candidates = candidates
  }

  package var items: [Int32] { candidates.map(\.index) }
}

extension CandidateScorer {
  /// The `depth` best candidates of each user.
  ///
  /// - Parameter excluding: the items that a user's list may not have, ascending.
  /// - Throws: `ScoringError` for a score that is not finite.
  package func retrieve(
    _ depth: Int, for users: [Int], excluding excluded: @Sendable (_ user: Int) -> [Int32]
  ) throws(ScoringError) -> [RetrievedList] {
    try ScoreBlock.forEach(of: users.count) { range throws(ScoringError) in
      let block = ScoreBlock(scorer: self, users: users[range])
      var best = range.map { _ in [ScoredIndex]() }
      let excluded = users[range].map(excluded)
      for tile in 0..<block.tileCount {
        block.compute(tile: tile)
        for (row, user) in users[range].enumerated() {
          guard firstNonFinite(block.scores(ofRow: row, tile: tile)) == nil else {
            throw ScoringError.nonFiniteScore(queryRow: user)
          }
          best[row] = block.best(depth, ofRow: row, tile: tile, and: best[row], excluding: excluded[row])
        }
      }
      return zip(users[range], best).map { RetrievedList(user: Int32($0), candidates: $1) }
    }
  }
}
