import TwoTowerKernels
import TwoTowerRecommenders

/// Where one user's test items stand, and what the user would be shown.
struct UserRanks {
  /// Each test item's rank among all candidates, in the order of `RetrievalTruth.test`.
  var included: [Int]
  /// The same without the candidates the user was trained on.
  var excluded: [Int]
  /// The user's first candidates, those trained on left out; best first.
  var shown: [ScoredIndex]
}

/// Ranks the test items of a block of users exactly.
///
/// One computation of the scores serves both protocols. A catalogue of more than one tile is scored twice: the first
/// time for the scores of the test items, the second to count how many candidates reach them.
func rankTestItems(
  of users: ArraySlice<Int>, scorer: any CandidateScorer, truth: RetrievalTruth, listLength: Int?
) throws(ScoringError) -> [UserRanks] {
  let block = ScoreBlock(scorer: scorer, users: users)
  var pending = users.map { PendingRanks(user: $0, truth: truth, listLength: listLength) }
  let margins = users.map { scorer.tieMargin(of: $0) }
  for isCounting in [false, true] {
    for tile in 0..<block.tileCount {
      if !isCounting || block.tileCount > 1 { block.compute(tile: tile) }
      let range = block.range(ofTile: tile)
      for row in pending.indices {
        if isCounting {
          pending[row].count(block.scores(ofRow: row, tile: tile), range: range)
          pending[row].keepBest(of: block, row: row, tile: tile)
        } else {
          let scores = block.scores(ofRow: row, tile: tile)
          guard firstNonFinite(scores) == nil else { throw .nonFiniteScore(queryRow: pending[row].user) }
          pending[row].noteTestScores(scores, range: range, margin: margins[row])
        }
      }
    }
  }
  return pending.map { $0.finished(candidateCount: truth.candidateCount) }
}

/// Counts of one user's test items while the tiles go by.
private struct PendingRanks {
  let user: Int
  private let tests: ArraySlice<Int32>
  private let seen: ArraySlice<Int32>
  /// The least score that ties with each test item's.
  private var thresholds: [Float]
  /// Candidates that score at least as high or tie, the item itself among them.
  private var atLeast: [Int]
  /// Those of them that the user was trained on.
  private var seenAtLeast: [Int]
  private let listLength: Int?
  private var best: [ScoredIndex] = []

  init(user: Int, truth: RetrievalTruth, listLength: Int?) {
    self.user = user
    tests = truth.test[user]
    seen = truth.training[user]
    thresholds = [Float](repeating: 0, count: tests.count)
    atLeast = [Int](repeating: 0, count: tests.count)
    seenAtLeast = atLeast
    self.listLength = listLength
  }

  /// The positions in an ascending slice of the items of a tile.
  private static func positions(_ items: ArraySlice<Int32>, in range: Range<Int>) -> Range<Int> {
    items.sortedIndex(of: Int32(range.lowerBound))..<items.sortedIndex(of: Int32(range.upperBound))
  }

  mutating func noteTestScores(_ scores: Span<Float>, range: Range<Int>, margin: Float) {
    for position in Self.positions(tests, in: range) {
      thresholds[position - tests.startIndex] = scores[Int(tests[position]) - range.lowerBound] - margin
    }
  }

  /// Counts the scores of a tile that reach each test item's.
  mutating func count(_ scores: Span<Float>, range: Range<Int>) {
    let seenHere = seen[Self.positions(seen, in: range)]
    for test in thresholds.indices {
      let threshold = thresholds[test]
      atLeast[test] += VectorMath.best.countAtLeast(scores, threshold)
      for item in seenHere where scores[Int(item) - range.lowerBound] >= threshold { seenAtLeast[test] += 1 }
    }
  }

  /// Keeps the best of the tile computed last and of those before it, seen items left out.
  mutating func keepBest(of block: ScoreBlock, row: Int, tile: Int) {
    guard let listLength else { return }
    best = block.best(listLength, ofRow: row, tile: tile, and: best, excluding: Array(seen))
  }

  func finished(candidateCount: Int) -> UserRanks {
    var excluded: [Int] = []
    for (index, item) in tests.enumerated() {
      // An excluded test item scores minus infinity, so every candidate scores at least as high.
      excluded.append(
        seen.sortedContains(item) ? candidateCount - 1 : atLeast[index] - seenAtLeast[index] - 1)
    }
    return UserRanks(included: atLeast.map { $0 - 1 }, excluded: excluded, shown: best)
  }
}
