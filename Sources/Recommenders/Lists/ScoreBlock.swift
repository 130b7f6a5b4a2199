import Synchronization
import TwoTowerKernels

/// The scores of a few users against all candidates, tile by tile, so that neither their number nor the size of the
/// catalogue decides how much memory is in use.
package struct ScoreBlock {
  /// The candidates are packed for the multiplication once per block: few users leave that the larger part.
  package static let usersPerBlock = 64
  /// 64 users × 65,536 candidates are 16 MB.
  package static let candidatesPerTile = 65_536

  /// Calls `body` for each block of up to `size` of `userCount` users, in parallel, and returns what they gave, in the order of the users.
  ///
  /// - Throws: the error of the first block that has one.
  package static func forEach<Value: Sendable>(
    of userCount: Int, size: Int = usersPerBlock, _ body: (Range<Int>) throws(ScoringError) -> [Value]
  ) throws(ScoringError) -> [Value] {
    let results = Mutex(
      [Result<[Value], ScoringError>?](
        repeating: nil, count: (userCount + size - 1) / size))
    parallelForEach(count: userCount, chunkSize: size) { users in
      let result = Result { () throws(ScoringError) in try body(users) }
      results.withLock { $0[users.lowerBound / size] = result }
    }
    var values: [Value] = []
    values.reserveCapacity(userCount)
    for case let result? in results.withLock({ $0 }) { values += try result.get() }
    return values
  }

  package let tileCount: Int
  private let scorer: any CandidateScorer
  private let users: [Int]
  private let scores: FloatBuffer

  /// A block of the users of `scorer`.
  package init(scorer: any CandidateScorer, users: some Collection<Int>) {
    self.scorer = scorer
    self.users = Array(users)
    tileCount = (scorer.candidateCount + Self.candidatesPerTile - 1) / Self.candidatesPerTile
    scores = FloatBuffer(zeros: users.count * min(scorer.candidateCount, Self.candidatesPerTile))
  }

  /// The candidates of a tile.
  package func range(ofTile tile: Int) -> Range<Int> {
    let start = tile * Self.candidatesPerTile
    return start..<min(start + Self.candidatesPerTile, scorer.candidateCount)
  }

  /// Computes the scores of a tile.
  ///
  /// The same tile gives the same bits each time.
  package func compute(tile: Int) {
    let range = range(ofTile: tile)
    var target = scores.mutableSpan(of: 0..<users.count * range.count)
    scorer.score(users, candidates: range, into: &target)
  }

  /// The scores of one user of the block for the tile computed last, by position in the tile.
  @_lifetime(borrow self)
  package func scores(ofRow row: Int, tile: Int) -> Span<Float> {
    let width = range(ofTile: tile).count
    return scores.span.extracting(row * width..<(row + 1) * width)
  }

  /// The `k` best candidates of one user over the tile computed last and `best`, those of the tiles before it.
  ///
  /// - Parameter excluded: candidates to pass over, ascending.
  package func best(_ k: Int, ofRow row: Int, tile: Int, and best: [ScoredIndex], excluding excluded: [Int32])
    -> [ScoredIndex]
  {
    let start = Int32(range(ofTile: tile).lowerBound)
    let found = topK(
      scores(ofRow: row, tile: tile), k: k, excluding: start == 0 ? excluded : excluded.map { $0 - start }
    )
    .map { ScoredIndex(index: $0.index + start, score: $0.score) }
    return best.isEmpty ? found : Array((best + found).sorted { $0.precedes($1) }.prefix(k))
  }
}
