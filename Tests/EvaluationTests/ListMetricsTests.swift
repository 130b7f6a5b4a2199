import TwoTowerAutodiff
import Foundation
import Testing

import TwoTowerEvaluation

struct ListMetricsTests {
  /// Three users and five items; the training rows give the items 2, 1, 1, 0 and 0 users.
  private let truth = RetrievalTruth(
    userCount: 3, candidateCount: 5, trainingUsers: [0, 1, 2, 1], trainingItems: [0, 0, 1, 2], testUsers: [0, 0, 1],
    testItems: [1, 3, 4])
  private let candidates = Tensor([5, 2], [1, 0, 0, 2, 3, 0, -1, 0, 0, 1])

  private func lists(_ first: [Int32], _ second: [Int32], length: Int = 2) -> ShownLists {
    var lists = ShownLists(length: length)
    lists.append(first, of: 0)
    lists.append(second, of: 1)
    return lists
  }

  @Test func everyFigureByHand() throws {
    let report = try #require(evaluateLists(lists([1, 2], [1, 3]), truth: truth, candidates: candidates))
    #expect(report.recall == 0.25 && report.precision == 0.25, "one of user 0's two, none of user 1's")
    let ideal = 1 + 1 / log2(3.0)
    #expect(abs(try #require(report.ndcg) - (1 / ideal) / 2) < 1e-12)
    #expect(report.coverage == 3.0 / 5)
    #expect(report.meanAveragePrecision == 0.25, "user 0: 1 at the first of two places, of two items; user 1 none")
    #expect(report.hitRate == 0.5)
    #expect(report.entropy == 1.5, "shares 1/2, 1/4, 1/4")
    #expect(report.meanPopularity == 3.0 / 4)
    #expect(abs(try #require(report.novelty) - log2(3.0)) < 1e-12, "each has one user of three, the cold item counts so")
    // Items 1, 2, 1, 3: times 0, 2, 1, 1, 0.
    let gini: Double = (0 * -4 + 0 * -2 + 1 * 0 + 1 * 2 + 2 * 4) / 20
    #expect(abs(try #require(report.gini) - gini) < 1e-12)
    // Item 1 stands at a right angle to both items 2 and 3.
    #expect(abs(try #require(report.diversity) - 1) < 1e-6)
  }

  @Test func listsOfOppositesAreTwiceAsFarAsRightAngles() throws {
    let report = try #require(evaluateLists(lists([2, 3], [0, 3]), truth: truth, candidates: candidates))
    #expect(abs(try #require(report.diversity) - 2) < 1e-6)
  }

  @Test func figuresAgreeWithThoseOfTheRanks() throws {
    let problem = 30
    var values: [Float] = []
    for row in 0..<problem * 3 { values.append(Float((row * 7919) % 23) - 11) }
    let embeddings = Tensor([problem, 3], values)
    let truth = RetrievalTruth(
      userCount: problem, candidateCount: problem, trainingUsers: (0..<30).map { Int32($0) },
      trainingItems: (0..<30).map { Int32(($0 * 5) % 30) }, testUsers: (0..<60).map { Int32($0 / 2) },
      testItems: (0..<60).map { Int32(($0 * 11 + 1) % 30) })
    let cutoffs = RetrievalCutoffs(accuracy: [1], list: 4)
    let ranks = try evaluateRetrieval(
      queries: embeddings, candidates: embeddings, truth: truth, cutoffs: cutoffs, bootstrapSamples: 0, seed: 1)
    let shown = try #require(ranks.shown)
    let report = try #require(evaluateLists(shown, truth: truth, candidates: embeddings))
    for (name, list, rank) in [
      ("recall", report.recall, ranks.seenExcluded.recall[4]), ("ndcg", report.ndcg, ranks.seenExcluded.ndcg[4]),
      ("precision", report.precision, ranks.seenExcluded.precision[4]),
      ("coverage", report.coverage, ranks.seenExcluded.coverage[4]),
    ] {
      #expect(abs(try #require(list) - (try #require(rank))) < 1e-12, "\(name)")
    }
  }

  @Test func nothingShownIsNoReport() {
    #expect(evaluateLists(ShownLists(length: 5), truth: truth, candidates: candidates) == nil)
    #expect(evaluateLists(lists([], []), truth: truth, candidates: candidates) == nil)
  }

  @Test func averagePrecisionCountsPlaces() throws {
    let below = try #require(evaluateLists(lists([2, 3], [0, 4]), truth: truth, candidates: nil))
    // User 0 finds one of two items at the second place, 1/2; user 1 the only one there, 1/2.
    #expect(below.meanAveragePrecision == (0.5 / 2 + 0.5 / 1) / 2)
    let both = try #require(evaluateLists(lists([1, 3], [4, 0]), truth: truth, candidates: nil))
    #expect(both.meanAveragePrecision == 1 && both.hitRate == 1)
    let longer = try #require(evaluateLists(lists([0, 1, 3], [2, 0, 4], length: 3), truth: truth, candidates: nil))
    let first: Double = (1.0 / 2 + 2.0 / 3) / 2
    let expected: Double = (first + 1.0 / 3) / 2
    #expect(abs(try #require(longer.meanAveragePrecision) - expected) < 1e-12)
  }

  @Test func entropyIsZeroForOneItemAndGreatestForAllAlike() throws {
    #expect(evaluateLists(lists([1], [1]), truth: truth, candidates: nil)?.entropy == 0)
    #expect(evaluateLists(lists([0, 1], [2, 3]), truth: truth, candidates: nil)?.entropy == 2)
  }

  @Test func giniIsZeroForEvenAndNearOneForOne() {
    #expect(giniCoefficient(of: [3, 3, 3]) == 0)
    #expect(giniCoefficient(of: [0, 0, 0, 8]) == 0.75)
    #expect(giniCoefficient(of: []) == 0 && giniCoefficient(of: [0, 0]) == 0)
  }

  @Test func usersAreGroupedByActivityAndItemsByPopularity() throws {
    let shown = lists([1, 3], [4, 3])
    let activity = activityGroups(shown, truth: truth)
    #expect(activity.map(\.trainingRows) == [1...1, 2...2])
    #expect(activity.map(\.metrics.recall) == [1, 1])
    #expect(activity.map(\.metrics.precision) == [1, 0.5])
    let popularity = popularityGroups(shown, truth: truth)
    #expect(popularity.map(\.trainingRows) == [0...0, 1...4])
    #expect(popularity.map(\.itemCount) == [2, 3])
    #expect(popularity.map(\.testRowCount) == [2, 1])
    #expect(popularity.map(\.hitRate) == [1, 1])
    #expect(popularity.map(\.shareOfRecommendations) == [0.75, 0.25])
  }

  @Test func itemsAreGroupedByTheirTrainingRows() throws {
    // The items have this many training rows; the last user has the test rows and is shown all.
    let counts = [0, 1, 4, 5, 19, 20, 29, 99, 100, 130]
    let pairs = counts.enumerated().flatMap { item, count in (0..<count).map { (user: Int32($0), item: Int32(item)) } }
    let truth = RetrievalTruth(
      userCount: 131, candidateCount: counts.count, trainingUsers: pairs.map(\.user), trainingItems: pairs.map(\.item),
      testUsers: [130, 130, 130], testItems: [4, 6, 7])
    var lists = ShownLists(length: 10)
    lists.append([4, 7, 9, 0], of: 130)
    let groups = popularityGroups(lists, truth: truth)
    #expect(groups.map(\.trainingRows) == [0...0, 1...4, 5...19, 20...99, 100...130])
    #expect(groups.map(\.itemCount) == [1, 2, 2, 3, 2])
    #expect(groups.map(\.testRowCount) == [0, 0, 1, 2, 0])
    #expect(groups.map(\.hitRate) == [nil, nil, 1, 0.5, nil])
    #expect(groups.map(\.shareOfRecommendations) == [0.25, 0, 0.25, 0.25, 0.25])
  }

  @Test func usersWithoutTrainingRowsStandApartAndQuartersAreAboutEqual() {
    // User u has u training rows; all have a test row.
    let users = (0..<41).flatMap { user in Array(repeating: Int32(user), count: user) }
    let items = (0..<41).flatMap { user in (0..<user).map(Int32.init) }
    let truth = RetrievalTruth(
      userCount: 41, candidateCount: 50, trainingUsers: users, trainingItems: items, testUsers: (0..<41).map { $0 },
      testItems: (0..<41).map { _ in 49 })
    var lists = ShownLists(length: 1)
    for user in 0..<41 { lists.append([user < 20 ? 49 : 48], of: user) }
    let groups = activityGroups(lists, truth: truth)
    #expect(groups.map(\.trainingRows) == [0...0, 1...10, 11...20, 21...30, 31...40])
    #expect(groups.map(\.userCount) == [1, 10, 10, 10, 10])
    #expect(groups.map(\.metrics.recall) == [1, 1, 0.9, 0, 0])
  }
}
