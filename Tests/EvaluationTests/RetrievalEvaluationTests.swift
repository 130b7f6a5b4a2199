import Testing
import TestSupport
import TwoTowerAutodiff
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerKernels
import TwoTowerRecommenders

/// A random problem with few distinct scores, so that ties are common and products are exact.
private struct RandomProblem {
  var queries: Tensor
  var candidates: Tensor
  var training: [[Int]]
  var test: [[Int]]

  init(users: Int, items: Int, dimension: Int, seed: UInt64, allowsOverlap: Bool = false) {
    var generator = SeededGenerator(seed: seed, purpose: .sample)
    func matrix(_ rows: Int) -> Tensor {
      Tensor([rows, dimension], (0..<rows * dimension).map { _ in Float(generator.below(5) - 2) })
    }
    queries = matrix(users)
    candidates = matrix(items)
    training = []
    test = []
    for _ in 0..<users {
      var order = Array(0..<items)
      generator.shuffle(&order)
      let trained = generator.below(items / 3 + 1)
      // The last quarter of the catalogue has no training rows at all.
      training.append(order.prefix(trained).filter { $0 < items * 3 / 4 })
      let rest = allowsOverlap ? order[0...] : order[trained...]
      test.append(Array(rest.prefix(generator.below(6))))
    }
  }

  var truth: RetrievalTruth {
    RetrievalTruth(
      userCount: training.count, candidateCount: candidates.shape[0],
      trainingUsers: training.indices.flatMap { user in training[user].map { _ in Int32(user) } },
      trainingItems: training.flatMap { $0.map(Int32.init) },
      testUsers: test.indices.flatMap { user in test[user].map { _ in Int32(user) } },
      testItems: test.flatMap { $0.map(Int32.init) })
  }

  var scores: [[Double]] {
    let (q, c, d) = (queries.array, candidates.array, queries.shape[1])
    return (0..<queries.shape[0]).map { user in
      (0..<candidates.shape[0]).map { item in
        (0..<d).reduce(0.0) { $0 + Double(q[user * d + $1]) * Double(c[item * d + $1]) }
      }
    }
  }
}

/// One user, four items with scores 3, 2, 2, 1.
private func fourItems(training: [Int32], test: [Int32]) throws -> RetrievalReport {
  try evaluateRetrieval(
    queries: Tensor([1, 1], [1]), candidates: Tensor([4, 1], [3, 2, 2, 1]),
    truth: RetrievalTruth(
      userCount: 1, candidateCount: 4, trainingUsers: training.map { _ in 0 }, trainingItems: training,
      testUsers: test.map { _ in 0 }, testItems: test),
    cutoffs: RetrievalCutoffs(accuracy: [1, 2, 3], list: 2), seed: 1)
}

struct RetrievalEvaluationTests {
  @Test func ranksByHand() throws {
    // Item 1 ties with item 2 behind item 0: rank 2; without item 0, which was seen, rank 1.
    let report = try fourItems(training: [0], test: [1])
    #expect(report.seenIncluded.topKCategoricalAccuracy == [1: 0, 2: 0, 3: 1])
    #expect(report.seenIncluded.mrr == 1.0 / 3)
    #expect(report.seenExcluded.topKCategoricalAccuracy == [1: 0, 2: 1, 3: 1])
    #expect(report.seenExcluded.mrr == 0.5)
    // The list is items 1 and 2 (the lower index first): a hit in the first place of two.
    #expect(report.seenExcluded.recall == [2: 1])
    #expect(report.seenExcluded.ndcg == [2: 1])
    #expect(report.seenExcluded.precision == [2: 0.5])
    #expect(report.seenExcluded.coverage == [2: 0.5])
    #expect(report.seenIncluded.recall.isEmpty && report.seenIncluded.coverage.isEmpty)
    // Chance: rank uniform among 4, then among 3 candidates.
    #expect(report.chance.seenIncluded.topKCategoricalAccuracy == [1: 0.25, 2: 0.5, 3: 0.75])
    #expect(report.chance.seenExcluded.topKCategoricalAccuracy == [1: 1.0 / 3, 2: 2.0 / 3, 3: 1])
    #expect(report.chance.seenExcluded.mrr == (1 + 0.5 + 1.0 / 3) / 3)
    #expect(report.chance.seenExcluded.recall == [2: 2.0 / 3])
    #expect(report.chance.seenExcluded.precision == [2: 1.0 / 3])
  }

  @Test func tiesCountAgainstTheModel() throws {
    // Scores 5, 3, 3, 3, 1: each item in the middle stands behind the first and its two equals.
    let report = try evaluateRetrieval(
      queries: Tensor([3, 1], [1, 1, 1]), candidates: Tensor([5, 1], [5, 3, 3, 3, 1]),
      truth: RetrievalTruth(
        userCount: 3, candidateCount: 5, trainingUsers: [2], trainingItems: [2], testUsers: [0, 1, 2],
        testItems: [1, 3, 1]),
      cutoffs: RetrievalCutoffs(accuracy: [1, 2, 3, 4], list: nil), bootstrapSamples: 0, seed: 1)
    #expect(report.seenIncluded.topKCategoricalAccuracy == [1: 0, 2: 0, 3: 0, 4: 1])
    #expect(report.seenIncluded.mrr == 1.0 / 4)
    // One of the equals of user 2 was seen.
    #expect(report.seenExcluded.topKCategoricalAccuracy == [1: 0, 2: 0, 3: 1.0 / 3, 4: 1])
  }

  @Test func aTestItemThatWasTrainedOnStandsLastWhereSeenItemsAreExcluded() throws {
    let report = try fourItems(training: [0], test: [0])
    #expect(report.seenIncluded.topKCategoricalAccuracy[1] == 1)
    #expect(report.seenExcluded.topKCategoricalAccuracy == [1: 0, 2: 0, 3: 0])
    #expect(report.seenExcluded.mrr == 0.25)
    #expect(report.seenExcluded.recall == [2: 0])
  }

  @Test(arguments: [(1, 1, 1), (33, 1001, 37), (40, 130, 64), (5, 100, 3)])
  func aCollapsedModelScoresZero(users: Int, items: Int, dimension: Int) throws {
    var generator = SeededGenerator(seed: 4, purpose: .sample)
    let row = (0..<dimension).map { _ in generator.uniform() - 0.5 }
    func repeated(_ count: Int) -> Tensor {
      Tensor([count, dimension], (0..<count).flatMap { _ in row })
    }
    let report = try evaluateRetrieval(
      queries: repeated(users), candidates: repeated(items),
      truth: RetrievalTruth(
        userCount: users, candidateCount: items, trainingUsers: [], trainingItems: [],
        testUsers: (0..<users).map(Int32.init), testItems: (0..<users).map { Int32($0 * 7 % items) }),
      cutoffs: .fitting(candidateCount: items - 1), seed: 1)
    // Every other candidate ties, so all stand last.
    #expect(report.seenIncluded.topKCategoricalAccuracy.values.allSatisfy { $0 == 0 })
    #expect(abs(report.seenIncluded.mrr! - 1 / Double(items)) < 1e-12)
    #expect(report.seenExcluded.mrr == report.seenIncluded.mrr)
  }

  @Test(arguments: [(1, 4, 1), (3, 30, 2), (70, 41, 4), (33, 150, 3)], [false, true])
  func agreesWithTheDefinition(shape: (Int, Int, Int), allowsOverlap: Bool) throws {
    for seed in 0..<5 {
      let problem = RandomProblem(
        users: shape.0, items: shape.1, dimension: shape.2, seed: UInt64(seed), allowsOverlap: allowsOverlap)
      let cutoffs = RetrievalCutoffs(accuracy: [1, 2, 4], list: 4)
      let report = try evaluateRetrieval(
        queries: problem.queries, candidates: problem.candidates, truth: problem.truth, cutoffs: cutoffs,
        bootstrapSamples: 20, seed: 9)
      func naive(_ isCounted: (Int) -> Bool) -> NaiveMetrics {
        NaiveMetrics(
          scores: problem.scores, training: problem.training, test: problem.test, cutoffs: cutoffs.accuracy, list: 4,
          isCounted: isCounted)
      }
      let warmItems = Set(problem.training.joined())
      let all = naive { _ in true }
      #expect(agree(report.seenIncluded.byName, all.included))
      #expect(agree(report.seenExcluded.byName, all.excluded))
      var warm = naive { warmItems.contains($0) }.excluded
      var cold = naive { !warmItems.contains($0) }.excluded
      // Coverage is about what is shown, not about targets.
      warm["coverage"] = nil
      cold["coverage"] = nil
      #expect(agree(report.warm.byName, warm))
      #expect(agree(report.cold.byName, cold))
      #expect(report.rowCount == problem.test.joined().count)
      #expect(report.coldRowCount == problem.test.joined().count { !warmItems.contains($0) })
    }
  }

  @Test func cataloguesOfSeveralTilesAgreeWithTheDefinition() throws {
    // Two full tiles and a part; items beyond the first tile are tested and trained on.
    let items = 70_000
    let users = 3
    var generator = SeededGenerator(seed: 2, purpose: .sample)
    var problem = RandomProblem(users: users, items: 8, dimension: 2, seed: 1)
    problem.candidates = Tensor([items, 2], (0..<2 * items).map { _ in Float(generator.below(4000)) })
    problem.queries = Tensor([users, 2], (0..<2 * users).map { _ in Float(generator.below(40) + 1) })
    problem.training = (0..<users).map { _ in Set((0..<40).map { _ in generator.below(items) }).sorted() }
    let scores = problem.scores
    problem.test = (0..<users).map { user in
      // Good and poor items, so that the figures are not all 0.
      let best = scores[user].indices.sorted { scores[user][$0] > scores[user][$1] }.prefix(30)
      return Array(Set(best.filter { $0 % 3 == 0 } + (0..<5).map { _ in generator.below(items) }).subtracting(problem.training[user]))
    }
    let report = try evaluateRetrieval(
      queries: problem.queries, candidates: problem.candidates, truth: problem.truth, bootstrapSamples: 0, seed: 1)
    let naive = NaiveMetrics(
      scores: scores, training: problem.training, test: problem.test, cutoffs: [1, 5, 10, 50, 100], list: 20)
    #expect(agree(report.seenIncluded.byName, naive.included))
    #expect(agree(report.seenExcluded.byName, naive.excluded))
    #expect(report.seenExcluded.recall[20]! > 0.1)
    #expect(report.intervals == RetrievalGroups())
  }

  @Test func threadCountsLeaveTheBitsAlone() throws {
    var generator = SeededGenerator(seed: 3, purpose: .sample)
    func matrix(_ rows: Int) -> Tensor { Tensor([rows, 24], (0..<rows * 24).map { _ in generator.uniform() - 0.5 }) }
    var problem = RandomProblem(users: 150, items: 400, dimension: 1, seed: 3)
    problem.queries = matrix(150)
    problem.candidates = matrix(400)
    let reports = try onThreadCounts {
      try evaluateRetrieval(
        queries: problem.queries, candidates: problem.candidates, truth: problem.truth, seed: 6)
    }
    #expect(reports[0] == reports[1])
    #expect(reports[0] == reports[2])
    #expect(reports[0].json.text() == reports[1].json.text())
  }

  @Test func intervalsHoldTheFigureAndNarrowWithUsers() throws {
    func width(users: Int) throws -> Double {
      let problem = RandomProblem(users: users, items: 60, dimension: 3, seed: 8)
      let report = try evaluateRetrieval(
        queries: problem.queries, candidates: problem.candidates, truth: problem.truth,
        cutoffs: .fitting(candidateCount: 60), seed: 2)
      for (figures, intervals) in [
        (report.seenIncluded, report.intervals.seenIncluded), (report.seenExcluded, report.intervals.seenExcluded),
        (report.warm, report.intervals.warm), (report.cold, report.intervals.cold),
      ] {
        for (k, value) in figures.topKCategoricalAccuracy {
          let interval = try #require(intervals.topKCategoricalAccuracy[k])
          #expect(interval.low <= value && value <= interval.high)
        }
        #expect(figures.recall.keys.sorted() == intervals.recall.keys.sorted())
        #expect(intervals.coverage.isEmpty)
      }
      let interval = try #require(report.intervals.seenExcluded.recall[20])
      return interval.high - interval.low
    }
    // Ten times the users: √10 narrower.
    let ratio = try width(users: 60) / width(users: 600)
    #expect(ratio > 2.2 && ratio < 4.5)
  }

  @Test func chanceIsTheMeanOverRandomOrders() throws {
    let items = 30
    var problem = RandomProblem(users: 12, items: items, dimension: 1, seed: 5)
    let cutoffs = RetrievalCutoffs(accuracy: [1, 5], list: 5)
    var generator = SeededGenerator(seed: 5, purpose: .sample, stream: 1)
    var sums: [String: Double] = [:]
    var chance: [String: Double] = [:]
    let draws = 3000
    for _ in 0..<draws {
      // A random order for each user: distinct random scores through one dimension per user.
      problem.queries = Tensor([12, 12], (0..<144).map { $0 / 12 == $0 % 12 ? 1 : 0 })
      problem.candidates = Tensor([items, 12], (0..<items * 12).map { _ in generator.uniform() })
      let report = try evaluateRetrieval(
        queries: problem.queries, candidates: problem.candidates, truth: problem.truth, cutoffs: cutoffs,
        bootstrapSamples: 0, seed: 1)
      for (name, value) in report.seenExcluded.byName where name != "coverage" { sums[name, default: 0] += value }
      for (name, value) in report.cold.byName { sums["cold \(name)", default: 0] += value }
      chance = report.chance.seenExcluded.byName
      for (name, value) in report.chance.cold.byName { chance["cold \(name)"] = value }
    }
    #expect(agree(sums.mapValues { $0 / Double(draws) }, chance, within: 0.01))
    #expect(chance["recall"]! > 0.1)
  }

  @Test func usersWithoutTestRowsChangeNothing() throws {
    let problem = RandomProblem(users: 20, items: 50, dimension: 3, seed: 11)
    var longer = problem
    longer.queries = Tensor([25, 3], problem.queries.array + [Float](repeating: 9, count: 15))
    // They were trained on items that are warm already.
    let warm = Set(problem.training.joined()).sorted()
    longer.training += (0..<5).map { Array(warm.prefix($0)) }
    longer.test += [[Int]](repeating: [], count: 5)
    func report(_ problem: RandomProblem) throws -> RetrievalReport {
      try evaluateRetrieval(
        queries: problem.queries, candidates: problem.candidates, truth: problem.truth,
        cutoffs: .fitting(candidateCount: 50), seed: 2)
    }
    #expect(try report(problem) == report(longer))
  }

  @Test func figuresWithoutTestRowsAreAbsent() throws {
    let none = try fourItems(training: [0], test: [])
    #expect(none.metrics == RetrievalGroups() && none.intervals == RetrievalGroups() && none.chance == RetrievalGroups())
    #expect(none.json.text(indent: nil) == #"{"seen_included":{},"seen_excluded":{}}"#)

    let coldOnly = try fourItems(training: [0], test: [3])
    #expect(coldOnly.warm.isEmpty && coldOnly.intervals.warm.isEmpty && coldOnly.chance.warm.isEmpty)
    #expect(coldOnly.cold.topKCategoricalAccuracy == [1: 0, 2: 0, 3: 1])
    #expect(coldOnly.cold.recall == [2: 0])
    #expect(coldOnly.warmRowCount == 0 && coldOnly.coldRowCount == 1)
  }

  @Test func popularityIsMeasuredByTheSameFunction() throws {
    let counts = [5, 1, 9]
    let (queries, candidates) = popularityEmbeddings(counts: counts, userCount: 2)
    let truth = RetrievalTruth(
      userCount: 2, candidateCount: 3, trainingUsers: [], trainingItems: [], testUsers: [0, 1], testItems: [2, 1])
    let report = try evaluateRetrieval(
      queries: queries, candidates: candidates, truth: truth, cutoffs: RetrievalCutoffs(accuracy: [1, 2], list: nil),
      seed: 1)
    #expect(report.seenExcluded.topKCategoricalAccuracy == [1: 0.5, 2: 0.5])
    #expect(report.seenExcluded.recall.isEmpty)
  }

  @Test func cutoffsBeyondTheCatalogueAreRefused() {
    let truth = RetrievalTruth(
      userCount: 1, candidateCount: 99, trainingUsers: [], trainingItems: [], testUsers: [0], testItems: [0])
    #expect(throws: ScoringError.cutoffOutOfRange(cutoff: 100, candidateCount: 99)) {
      try evaluateRetrieval(
        queries: Tensor(zeros: [1, 1]), candidates: Tensor(zeros: [99, 1]), truth: truth, seed: 1)
    }
    #expect(throws: ScoringError.cutoffOutOfRange(cutoff: 0, candidateCount: 99)) {
      try evaluateRetrieval(
        queries: Tensor(zeros: [1, 1]), candidates: Tensor(zeros: [99, 1]), truth: truth,
        cutoffs: RetrievalCutoffs(accuracy: [0]), seed: 1)
    }
    #expect(RetrievalCutoffs.fitting(candidateCount: 99).accuracy == [1, 5, 10, 50])
    #expect(RetrievalCutoffs.fitting(candidateCount: 19).list == nil)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func valuesThatAreNotFiniteAreNamed(value: Float) throws {
    let problem = RandomProblem(users: 20, items: 30, dimension: 3, seed: 1)
    func evaluate(_ queries: Tensor, _ candidates: Tensor) throws {
      _ = try evaluateRetrieval(
        queries: queries, candidates: candidates, truth: problem.truth, cutoffs: .fitting(candidateCount: 30), seed: 1)
    }
    var queries = problem.queries.array
    queries[17 * 3 + 1] = value
    var candidates = problem.candidates.array
    candidates[29 * 3 + 2] = value
    let error = #expect(throws: ScoringError.nonFinite(tensor: "query_embeddings", row: 17)) {
      try evaluate(Tensor([20, 3], queries), problem.candidates)
    }
    #expect(error?.description.contains("query_embeddings row 17") == true)
    #expect(throws: ScoringError.nonFinite(tensor: "candidate_embeddings", row: 29)) {
      try evaluate(problem.queries, Tensor([30, 3], candidates))
    }
  }

  @Test func overflowingScoresAreAnError() {
    let truth = RetrievalTruth(
      userCount: 80, candidateCount: 3, trainingUsers: [], trainingItems: [],
      testUsers: (0..<80).map(Int32.init), testItems: [Int32](repeating: 0, count: 80))
    var queries = [Float](repeating: 1, count: 80)
    queries[70] = 1e30
    queries[41] = -1e30
    #expect(throws: ScoringError.nonFiniteScore(queryRow: 41)) {
      try evaluateRetrieval(
        queries: Tensor([80, 1], queries), candidates: Tensor([3, 1], [1, 2, 1e30]), truth: truth,
        cutoffs: RetrievalCutoffs(accuracy: [1], list: 3), seed: 1)
    }
  }
}
