import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerRecommenders

/// Measures a retrieval model by its embeddings: the score of a pair is their dot product.
///
/// - Parameters:
///   - queries: one embedding per user, `[userCount, dimension]`.
///   - candidates: one embedding per item of the catalogue, `[candidateCount, dimension]`.
/// - Throws: `ScoringError` when a k is beyond the catalogue or an embedding or a score is not finite.
/// - Precondition: shapes fit each other and the truth.
package func evaluateRetrieval(
  queries: Tensor, candidates: Tensor, truth: RetrievalTruth, cutoffs: RetrievalCutoffs = RetrievalCutoffs(),
  bootstrapSamples: Int = 1000, seed: UInt64
) throws(ScoringError) -> RetrievalReport {
  try cutoffs.check(candidateCount: truth.candidateCount)
  let vectors = RetrievalVectors(queries: queries, candidates: candidates)
  try vectors.checkFinite()
  return try evaluateRetrieval(
    scorer: vectors.scorer, truth: truth, cutoffs: cutoffs,
    bootstrapSamples: bootstrapSamples, seed: seed)
}

/// Measures a retrieval model exactly: every candidate is ranked for every user with a test row.
///
/// A test row's rank is the number of *other* candidates that score at least as high, so ties count against the model.
/// Scores are computed in blocks of users and tiles of candidates; users × candidates is never held whole. The report
/// has the same bits on any number of threads.
///
/// - Parameters:
///   - cutoffs: which k metrics are taken at.
///   - bootstrapSamples: how often users are drawn again for the 95 % intervals; 0 leaves the intervals out.
///   - seed: decides which users are drawn.
/// - Throws: `ScoringError` when a k is beyond the catalogue or a score is not finite.
/// - Precondition: the scorer has the users and candidates of the truth.
package func evaluateRetrieval(
  scorer: any CandidateScorer, truth: RetrievalTruth, cutoffs: RetrievalCutoffs = RetrievalCutoffs(),
  bootstrapSamples: Int = 1000, seed: UInt64
) throws(ScoringError) -> RetrievalReport {
  try cutoffs.check(candidateCount: truth.candidateCount)
  precondition(
    scorer.userCount == truth.userCount && scorer.candidateCount == truth.candidateCount,
    "evaluateRetrieval: a scorer of \(scorer.userCount) users and \(scorer.candidateCount) candidates does not fit "
      + "\(truth.userCount) users and \(truth.candidateCount) candidates")

  let users = truth.testedUsers
  let ranks = try rankAllTestItems(of: users, scorer: scorer, truth: truth, listLength: cutoffs.list)

  let columns = MetricColumns(cutoffs)
  let gains = cutoffs.lists.map(DiscountedGains.init(length:))
  var table = UserTable(columnCount: columns.count)
  var shown = cutoffs.list.map(ShownLists.init(length:))
  var ofEachUser: [MetricAtCutoff: [Double]] = [:]
  for (user, ranks) in zip(users, ranks) {
    shown?.append(ranks.shown.lazy.map(\.index), of: user)
    let sums = metricSums(of: user, ranks: ranks, truth: truth, columns: columns, gains: gains).values
    table.append(sums)
    // Of one user, a sum over users is the user's own value.
    let first = columns.offset(.seenExcluded) + columns.listOffset
    for (place, metric) in columns.ofLists.enumerated() {
      ofEachUser[metric.name, default: []].append(sums[first + place])
    }
  }

  func named(_ sums: [Double]) -> RetrievalGroups<Double> {
    columns.groups(of: columns.means(of: sums).map { $0.isNaN ? nil : $0 })
  }
  var report = RetrievalReport(userCount: users.count, rowCount: truth.test.items.count)
  report.shown = shown
  report.ofEachUser = ofEachUser
  report.warmRowCount = truth.test.items.count { truth.isWarm[Int($0)] }
  report.metrics = named(table.sums)
  if let shown, !users.isEmpty {
    for cutoff in cutoffs.lists {
      let all = AllLists(shown.shortened(to: cutoff), truth: truth, candidates: nil)
      for metric in RetrievalMetric.all where !metric.isOfListsOnly {
        guard case .allLists(let value) = metric.formula else { continue }
        report.metrics[.seenExcluded][MetricAtCutoff(metric, at: cutoff)] = value(all)
      }
    }
  }
  report.chance = named(chanceSums(truth: truth, columns: columns, gains: gains).values)
  report.intervals = columns.groups(
    of: table.bootstrapIntervals(samples: bootstrapSamples, seed: seed) { columns.means(of: $0) })
  return report
}

/// Ranks all users' test items in parallel; the first user with a bad score decides the error.
private func rankAllTestItems(
  of users: [Int], scorer: any CandidateScorer, truth: RetrievalTruth, listLength: Int?
) throws(ScoringError) -> [UserRanks] {
  try ScoreBlock.forEach(of: users.count) { range throws(ScoringError) in
    try rankTestItems(of: users[range], scorer: scorer, truth: truth, listLength: listLength)
  }
}

/// What one user adds to every metric.
private func metricSums(
  of user: Int, ranks: UserRanks, truth: RetrievalTruth, columns: MetricColumns, gains: [DiscountedGains]
) -> MetricSums {
  var sums = MetricSums(columns: columns)
  let tests = truth.test[user]
  for (position, item) in tests.enumerated() {
    sums.addRow(.seenIncluded, rank: ranks.included[position])
    sums.addRow(.seenExcluded, rank: ranks.excluded[position])
    sums.addRow(truth.isWarm[Int(item)] ? .warm : .cold, rank: ranks.excluded[position])
  }
  for group in RetrievalGroup.ofLists {
    let outcomes = gains.compactMap { gains in
      ListOutcome(ranks.shown.prefix(gains.length).lazy.map(\.index), tests: tests, gains: gains) {
        group.includes(isWarm: truth.isWarm[Int($0)])
      }
    }
    // Where no test item counts, there is no outcome at any k.
    if !outcomes.isEmpty { sums.addLists(group, columns.ofLists.map { $0.value(outcomes[$0.cutoff]) }) }
  }
  return sums
}
