import Testing
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

struct NegativeSamplerTests {
  /// Query 0 has candidates 1 and 3, query 1 all but 2, query 2 everything, query 3 nothing.
  private let history = SparseRows(
    offsets: [0, 2, 6, 11, 11], indices: [1, 3, 0, 1, 3, 4, 0, 1, 2, 3, 4], weights: Array(repeating: 1, count: 11))

  private func draw(
    _ kind: RetrievalSettings.Negatives, _ count: Int, query: Int32, positive: Int32, seed: UInt64 = 1
  ) -> [Int32] {
    var generator = SeededGenerator(seed: seed, purpose: .negatives)
    return NegativeSampler(kind, candidateCount: 5, history: history)
      .draw(count, queries: [query], positives: [positive], using: &generator)
  }

  @Test(arguments: RetrievalSettings.Negatives.allCases)
  func whatTheUserHasIsDrawnAgain(kind: RetrievalSettings.Negatives) {
    #expect(Set(draw(kind, 200, query: 0, positive: 1)) == [0, 2, 4])
    #expect(Set(draw(kind, 50, query: 1, positive: 0)) == [2])
    #expect(Set(draw(kind, 50, query: 2, positive: 3)) == [3])  // nothing is left but the positive itself
    #expect(!draw(kind, 200, query: 3, positive: 0).contains(0))
  }

  @Test func popularCandidatesAreDrawnByTheirShare() {
    // Of the candidates that query 0 lacks, 0 and 4 have two training rows each and 2 has one.
    let negatives = draw(.popularity, 30_000, query: 0, positive: 1)
    let share = Double(negatives.count { $0 == 2 }) / 30_000
    #expect(abs(share - 0.2) < 0.02, "\(share)")
    let uniform = Double(draw(.uniform, 30_000, query: 0, positive: 1).count { $0 == 2 }) / 30_000
    #expect(abs(uniform - 1 / 3.0) < 0.02, "\(uniform)")
  }

  @Test func negativesOfOneQueryStandTogether() {
    var generator = SeededGenerator(seed: 1, purpose: .negatives)
    let negatives = NegativeSampler(.uniform, candidateCount: 5, history: history)
      .draw(3, queries: [1, 0], positives: [0, 1], using: &generator)
    #expect(negatives.count == 6)
    #expect(negatives.prefix(3) == [2, 2, 2])
    #expect(negatives.suffix(3).allSatisfy { [0, 2, 4].contains($0) })
  }

  @Test func theSeedDecides() {
    #expect(draw(.uniform, 40, query: 3, positive: 0) == draw(.uniform, 40, query: 3, positive: 0))
    #expect(draw(.uniform, 40, query: 3, positive: 0) != draw(.uniform, 40, query: 3, positive: 0, seed: 2))
  }
}
