import Testing
import TwoTowerKernels
import TwoTowerRecommenders

struct PopularityTests {
  @Test func scoresAreTotals() {
    let popularity = Popularity(
      fitting: InteractionMatrix(
        userCount: 2, itemCount: 3, users: [0, 1, 1], items: [2, 2, 0], weights: [1, 2, 0.5]))
    #expect(popularity.allScores == [[0.5, 0, 3], [0.5, 0, 3]])
    #expect(popularity.scorer(of: SparseRows(offsets: [0, 0])).allScores == [[0.5, 0, 3]])
  }
}
