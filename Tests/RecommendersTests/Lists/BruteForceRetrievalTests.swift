import Testing
import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerRecommenders

struct BruteForceRetrievalTests {
  private let retrieval = try! BruteForceRetrieval(candidates: Tensor([5, 1], [2, 3, 1, 3, 2]))

  @Test func bestFirstAndTiesByLowerIndex() throws {
    let top = try retrieval.top(4, query: Tensor([1], [2]))
    #expect(top.map(\.index) == [1, 3, 0, 4])
    #expect(top.map(\.score) == [6, 6, 4, 4])
  }

  @Test func excludedCandidatesAreLeftOut() throws {
    #expect(try retrieval.top(2, query: Tensor([1, 1], [1]), excluding: [1, 2]).map(\.index) == [3, 0])
    #expect(try retrieval.top(5, query: Tensor([1], [1]), excluding: [0, 1, 4]).map(\.index) == [3, 2])
    #expect(try retrieval.top(5, query: Tensor([1], [1]), excluding: [0, 1, 2, 3, 4]).isEmpty)
    // With reversed scores too: minus infinity must not pass as a score.
    #expect(try retrieval.top(5, query: Tensor([1], [-1]), excluding: [2]).map(\.index) == [0, 4, 1, 3])
  }

  @Test(arguments: [1, 7, 65, 40_000])
  func agreesWithSorting(itemCount: Int) throws {
    var generator = SeededGenerator(seed: UInt64(itemCount), purpose: .sample)
    let items = (0..<itemCount * 2).map { _ in Float(generator.below(50)) }
    let queries = (0..<35 * 2).map { _ in Float(generator.below(9) - 4) }
    let retrieval = try BruteForceRetrieval(candidates: Tensor([itemCount, 2], items))
    let excluded = (0..<35).map { _ in
      Set((0..<5).map { _ in Int32(generator.below(itemCount)) }).sorted()
    }
    let k = min(itemCount, 12)
    let top = try retrieval.top(k, queries: Tensor([35, 2], queries), excluding: excluded)
    for query in [0, 1, 34] {
      let scores = (0..<itemCount).map { items[$0 * 2] * queries[query * 2] + items[$0 * 2 + 1] * queries[query * 2 + 1] }
      let order = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
        .filter { !excluded[query].contains(Int32($0)) }
      #expect(top[query].map { Int($0.index) } == Array(order.prefix(k)))
      #expect(top[query].map(\.score) == order.prefix(k).map { scores[$0] })
    }
  }

  @Test func badInputIsAnError() throws {
    #expect(throws: ScoringError.cutoffOutOfRange(cutoff: 6, candidateCount: 5)) {
      try retrieval.top(6, query: Tensor([1], [1]))
    }
    #expect(throws: ScoringError.cutoffOutOfRange(cutoff: 0, candidateCount: 5)) {
      try retrieval.top(0, query: Tensor([1], [1]))
    }
    #expect(throws: ScoringError.nonFinite(tensor: "query_embeddings", row: 0)) {
      try retrieval.top(1, query: Tensor([1], [.nan]))
    }
    #expect(throws: ScoringError.nonFinite(tensor: "candidate_embeddings", row: 1)) {
      _ = try BruteForceRetrieval(candidates: Tensor([2, 2], [0, 0, 0, .nan]))
    }
  }
}

/// Scores by a formula: user + 2 · candidate, but candidate 3 of user 1 is not a number.
private struct FormulaScorer: CandidateScorer {
  let userCount = 200
  let candidateCount = 5
  let isDamaged: Bool

  func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    for (row, user) in users.enumerated() {
      for (column, candidate) in candidates.enumerated() {
        scores[row * candidates.count + column] =
          isDamaged && user == 1 && candidate == 3 ? .nan : Float(user + 2 * candidate)
      }
    }
  }
}

struct TopCandidatesTests {
  @Test func anyScorerIsRanked() throws {
    let scorer = FormulaScorer(isDamaged: false)
    let users = [39, 0] + Array(1..<39) + Array(40..<200)
    let top = try topCandidates(2, of: users, scorer: scorer, excluding: users.map { $0 == 0 ? [4] : [] })
    #expect(top[0] == [ScoredCandidate(index: 4, score: 47), ScoredCandidate(index: 3, score: 45)])
    #expect(top[1] == [ScoredCandidate(index: 3, score: 6), ScoredCandidate(index: 2, score: 4)])
    #expect(top.count == 200 && top[39][0].score == 46 && top[199][0].score == 207)
  }

  @Test func scoresThatAreNotNumbersAreAnError() {
    #expect(throws: ScoringError.nonFiniteScore(queryRow: 1)) {
      try topCandidates(1, of: [0, 1], scorer: FormulaScorer(isDamaged: true))
    }
  }
}
