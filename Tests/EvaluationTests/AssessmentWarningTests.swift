import Testing
import TwoTowerAutodiff
import TwoTowerEvaluation

@Suite struct AssessmentWarningTests {
  private func lists(_ items: [[Int32]], length: Int) -> ShownLists {
    var lists = ShownLists(length: length)
    for (user, items) in items.enumerated() { lists.append(items, of: user) }
    return lists
  }

  private func metrics(recall: [Int: Double], ndcg: Double) -> RetrievalMetrics<Double> {
    var metrics = RetrievalMetrics<Double>()
    for (k, value) in recall { metrics[MetricAtCutoff(.recall, at: k)] = value }
    metrics[MetricAtCutoff(.ndcg, at: 20)] = ndcg
    return metrics
  }

  @Test func overlapIsTheMeanOverPairsOfUsers() {
    #expect(meanOverlap(of: lists([[1, 2], [1, 3]], length: 2)) == 0.5)
    #expect(meanOverlap(of: lists([[1, 2], [3, 4]], length: 2)) == 0)
    // Of three pairs, the first two lists have two in common, the others one each.
    #expect(abs(meanOverlap(of: lists([[1, 2], [2, 1], [1, 3]], length: 2))! - (2 + 1 + 1) / 6.0) < 1e-12)
    #expect(meanOverlap(of: lists([[1, 2]], length: 2)) == nil)
    #expect(meanOverlap(of: lists([[], []], length: 2)) == nil)
  }

  @Test func listsThatAreMuchTheSameAreWarnedOfUnlessTheCatalogueIsSmall() throws {
    let same = lists([[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [0, 1, 2, 3, 5]], length: 5)
    let warning = try #require(AssessmentWarning.listsAlike(same, candidateCount: 20))
    #expect(warning.kind == .listsAlike && warning.message.contains("87 % of their items in common"))
    #expect(AssessmentWarning.listsAlike(same, candidateCount: 19) == nil)
    #expect(AssessmentWarning.listsAlike(lists([[0, 1, 2, 3, 4], [0, 1, 2, 3, 5]], length: 5), candidateCount: 90) == nil)
  }

  @Test func theMeanCosineIsThatOfAllPairsOfItemsThatCount() throws {
    let rows = Tensor([4, 2], [1, 0, 0, 2, 3, 3, -5, 0])
    let half = 0.5.squareRoot()
    let cosine = try #require(meanCosine(of: rows, where: [true, true, true, false]))
    #expect(abs(cosine - (0 + half + half) / 3) < 1e-6)
    #expect(abs(try #require(meanCosine(of: rows, where: [true, false, false, true])) + 1) < 1e-6)
    #expect(meanCosine(of: rows, where: [true, false, false, false]) == nil)
  }

  @Test func vectorsThatPointTheSameWayAreWarnedOf() throws {
    let rows = Tensor([3, 2], [1, 0, 5, 0.5, 0, 1])
    #expect(AssessmentWarning.vectorsAlike(rows, isWarm: [true, true, true]) == nil)
    let warning = try #require(AssessmentWarning.vectorsAlike(rows, isWarm: [true, true, false]))
    #expect(warning.kind == .vectorsAlike && warning.message.contains("mean cosine of 1.00"))
  }

  @Test func beingWorseThanPopularityByEitherMetricIsWarnedOf() throws {
    let popularity = metrics(recall: [20: 0.12, 50: 0.3], ndcg: 0.1)
    #expect(AssessmentWarning.belowPopularity(popularity, popularity) == nil, "as good is not worse")
    #expect(AssessmentWarning.belowPopularity(metrics(recall: [20: 0.13, 50: 0.2], ndcg: 0.1), popularity) == nil)
    let worse = try #require(
      AssessmentWarning.belowPopularity(metrics(recall: [20: 0.2, 50: 0.4], ndcg: 0.09), popularity, users: "for some "))
    #expect(worse.kind == .belowPopularity && worse.message.hasPrefix("for some worse than recommending"))
    #expect(worse.message.contains("NDCG@20 is .0900, popularity's .1000") && !worse.message.contains("recall"))
    let both = try #require(AssessmentWarning.belowPopularity(metrics(recall: [20: 0.05], ndcg: 0.09), popularity))
    #expect(both.message.contains("recall@20 is .0500, popularity's .1200; NDCG@20"))
    #expect(AssessmentWarning.belowPopularity(RetrievalMetrics(), popularity) == nil)
  }
}
