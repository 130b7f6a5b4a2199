import Testing
import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerRecommenders

struct ReorderingTests {
  private let candidates = Tensor([4, 2], [1, 0, 1, 0.01, 0, 1, 0.7, 0.7])
  private let scores: [Float] = [4, 3.9, 3, 2]

  private func list(_ reordering: Reordering, counts: [Int] = [1, 1, 1, 1], excluding: [Int32] = []) -> [Int32] {
    Reorderer(reordering, counts: counts, candidates: candidates).list(scores, length: 3, excluding: excluding)
      .map(\.index)
  }

  @Test func withoutBothTheBestScoresStand() {
    #expect(list(Reordering()) == [0, 1, 2])
    #expect(list(Reordering(), excluding: [1]) == [0, 2, 3])
    #expect(Reordering().changesNothing)
  }

  @Test func diversityPassesOverWhatIsAlike() {
    #expect(list(Reordering(diversity: 0.5)) == [0, 2, 1], "item 1 is almost item 0")
    #expect(list(Reordering(diversity: 0.8)) == [0, 2, 3])
    #expect(list(Reordering(diversity: 0.01)) == [0, 1, 2])
    #expect(list(Reordering(diversity: 1), excluding: [0]) == [1, 2, 3])
  }

  @Test func thePenaltyBringsUpWhatFewHave() {
    #expect(list(Reordering(popularityPenalty: 1), counts: [1000, 0, 10, 0])[0] == 1)
    #expect(list(Reordering(popularityPenalty: 100), counts: [1000, 100, 10, 0]) == [3, 2, 1])
    #expect(list(Reordering(popularityPenalty: 5)) == [0, 1, 2], "equal popularity changes nothing")
  }

  @Test func aPenaltyOfOneWeighsBothAlike() {
    // Scores and popularity fall in the same steps, so a penalty of 1 leaves no difference.
    let counts = [0, 1, 3, 7].map { $0 }
    let reorderer = Reorderer(Reordering(popularityPenalty: 1), counts: counts, candidates: candidates)
    var scores: [Float] = [0, 10, 20, 30]
    reorderer.penalize(&scores)
    #expect(scores.allSatisfy { abs($0 - scores[0]) < 1e-4 }, "\(scores)")
  }

  @Test func smallPoolsAndNothing() {
    let reorderer = Reorderer(Reordering(diversity: 0.5), counts: [], candidates: Tensor([0, 2], []))
    #expect(reorderer.list([], length: 5, excluding: []).isEmpty)
    #expect(list(Reordering(popularityPenalty: 1, diversity: 1), excluding: [0, 1, 2]) == [3])
  }
}
