import Testing
import TwoTowerAutodiff
import TwoTowerEvaluation
import TwoTowerRecommenders

struct ReorderedListsTests {
  private let candidates = Tensor([4, 2], [1, 0, 1, 0.01, 0, 1, 0.7, 0.7])

  @Test func listsForAllUsersAreThoseForEach() throws {
    let truth = RetrievalTruth(
      userCount: 3, candidateCount: 4, trainingUsers: [0, 2], trainingItems: [0, 3], testUsers: [0, 2],
      testItems: [1, 2])
    let queries = Tensor([3, 2], [1, 0, 5, 5, 0, 1])
    for reordering in [Reordering(), Reordering(popularityPenalty: 0.5, diversity: 0.4)] {
      let lists = try reorderedLists(
        scorer: EmbeddingScorer(queries: queries, candidates: candidates), candidates: candidates, truth: truth,
        length: 2, reordering: reordering)
      #expect(lists.users == [0, 2])
      let reorderer = Reorderer(reordering, counts: truth.trainingCounts, candidates: candidates)
      for (position, user) in [0, 2].enumerated() {
        let scores = (0..<4).map { item in
          zip(queries.row(user).array, candidates.row(item).array).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        }
        let expected = reorderer.list(scores, length: 2, excluding: Array(truth.training[user])).map(\.index)
        #expect(Array(lists[position]) == expected)
      }
    }
  }
}
