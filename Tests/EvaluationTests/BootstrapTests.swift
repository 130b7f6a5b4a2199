import Testing
import TwoTowerAutodiff
import TwoTowerEvaluation

struct BootstrapTests {
  /// A hundred users with one test row each, `hits` of which stand first.
  private func interval(hits: Int) throws -> ConfidenceInterval {
    let users = 100
    let report = try evaluateRetrieval(
      queries: Tensor([users, 1], [Float](repeating: 1, count: users)), candidates: Tensor([3, 1], [3, 2, 1]),
      truth: RetrievalTruth(
        userCount: users, candidateCount: 3, trainingUsers: [], trainingItems: [],
        testUsers: (0..<users).map(Int32.init), testItems: (0..<users).map { $0 < hits ? 0 : 1 }),
      cutoffs: RetrievalCutoffs(accuracy: [1], list: nil), bootstrapSamples: 20_000, seed: 1)
    return try #require(report.intervals.seenExcluded.topKCategoricalAccuracy[1])
  }

  /// Users drawn again hit as often as a binomial distribution says, whose 2.5 % and 97.5 % points are in any table.
  @Test(arguments: [(50, 0.40, 0.60), (30, 0.21, 0.39)])
  func intervalsAreThePercentilesOfTheBinomialDistribution(hits: Int, low: Double, high: Double) throws {
    let found = try interval(hits: hits)
    #expect(abs(found.low - low) < 1e-9 && abs(found.high - high) < 1e-9, "\(found)")
  }

  @Test func whatNeverVariesHasAnIntervalOfOnePoint() throws {
    #expect(try interval(hits: 100) == ConfidenceInterval(low: 1, high: 1))
  }
}
