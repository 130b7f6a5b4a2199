import Testing
import TwoTowerKernels
import TwoTowerRecommenders

struct RerankerTests {
  private let names = ["retrieval-score", "prediction"]

  @Test func listsAreOrderedByTheWeightedSum() {
    let reranker = Reranker(names: names, weights: [1, 2])
    let values: [Float] = [3, 0, 2, 1, 0, 1.25]
    #expect(reranker.scores(values) == [3, 4, 2.5])
    #expect(reranker.order(values) == [1, 0, 2])
    #expect(!reranker.changesNothing)
  }

  @Test func equalSumsStayInTheOrderOfRetrieval() {
    let values: [Float] = [5, 0, 4, 1, 3, 2, 6, 0]
    #expect(Reranker(names: names, weights: [1, 1]).order(values) == [3, 0, 1, 2])
    #expect(Reranker(names: names, weights: [0, 0]).order(values) == [0, 1, 2, 3])
  }

  @Test func theOrderOfRetrievalIsKept() {
    let kept = Reranker(keepingOrderOf: names)
    #expect(kept.changesNothing)
    #expect(kept.order([3, 0, 2, 9, 1, 20]) == [0, 1, 2])
  }
}

struct RetrievedListTests {
  /// The score of an item is its number times the user's, over more than one tile.
  private struct Scorer: CandidateScorer {
    let userCount = 3
    let candidateCount = ScoreBlock.candidatesPerTile + 10
    var damaged: Int?

    func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
      for (row, user) in users.enumerated() {
        for (column, item) in candidates.enumerated() {
          scores[row * candidates.count + column] = user == damaged && item == 7 ? .nan : Float(item * (user - 1))
        }
      }
    }
  }

  @Test func theBestOfEachUserAreFoundWithoutWhatIsExcluded() throws {
    let scorer = Scorer()
    let last = Int32(scorer.candidateCount - 1)
    let lists = try scorer.retrieve(3, for: [0, 2]) { $0 == 0 ? [0, 2] : [last - 1] }
    #expect(lists.map(\.user) == [0, 2])
    #expect(lists[0].items == [1, 3, 4])
    #expect(lists[1].items == [last, last - 2, last - 3])
    #expect(lists[1].candidates[0].score == Float(last))
  }

  @Test func scoresThatAreNotNumbersAreAnError() {
    #expect(throws: ScoringError.nonFiniteScore(queryRow: 2)) {
      try Scorer(damaged: 2).retrieve(3, for: [0, 2]) { _ in [] }
    }
  }
}
