import Testing
import TwoTowerAutodiff
import TwoTowerRecommenders

struct EmbeddingScorerTests {
  @Test func scoresAreDotProducts() {
    let scorer = EmbeddingScorer(
      queries: Tensor([3, 2], [1, 2, 3, 4, 5, 6]), candidates: Tensor([2, 2], [1, 0, 1, -1]))
    #expect(scorer.allScores == [[1, -1], [3, -1], [5, -1]])
    #expect(scorer.scores(of: [2, 0], candidates: 1..<2) == [[-1], [-1]])
  }
}
