import Autodiff
import Kernels
import TwoTower

/// Measures a retrieval model by its embeddings: the score of a pair is their dot product.
///
/// - Parameters:
///   - queries: one embedding per user, `[userCount, dimension]`.
///   - candidates: one embedding per item of the catalogue, `[candidateCount, dimension]`.
/// - Throws: `EvaluationError` when a k is beyond the catalogue or an embedding or a score is not finite.
/// - Precondition: shapes fit each other and the truth.
public func evaluateRetrieval(
  queries: Tensor, candidates: Tensor, truth: RetrievalTruth, cutoffs: RetrievalCutoffs = RetrievalCutoffs(),
  bootstrapSamples: Int = 1000, seed: UInt64
) throws(EvaluationError) -> RetrievalReport {
  try cutoffs.check(candidateCount: truth.candidateCount)
  try requireFinite(queries, named: "query_embeddings")
  try requireFinite(candidates, named: "candidate_embeddings")
  return try evaluateRetrieval(
    scorer: EmbeddingScorer(queries: queries, candidates: candidates), truth: truth, cutoffs: cutoffs,
    bootstrapSamples: bootstrapSamples, seed: seed)
}

/// Measures a retrieval model exactly: every candidate is ranked for every user with a test row.
///
/// A test row's rank is the number of *other* candidates that score at least as high, so ties count against the model.
/// Scores are computed in blocks of users and tiles of candidates; users × candidates is never held whole. The report
/// has the same bits on any number of threads.
///
/// - Parameters:
///   - cutoffs: which k the figures are taken at.
///   - bootstrapSamples: how often users are drawn again for the 95 % intervals; 0 leaves the intervals out.
///   - seed: decides which users are drawn.
/// - Throws: `EvaluationError` when a k is beyond the catalogue or a score is not finite.
/// - Precondition: the scorer has the users and candidates of the truth.
public func evaluateRetrieval(
  scorer: some CandidateScorer, truth: RetrievalTruth, cutoffs: RetrievalCutoffs = RetrievalCutoffs(),
  bootstrapSamples: Int = 1000, seed: UInt64
) throws(EvaluationError) -> RetrievalReport {
  try cutoffs.check(candidateCount: truth.candidateCount)
  precondition(
    scorer.userCount == truth.userCount && scorer.candidateCount == truth.candidateCount,
    "evaluateRetrieval: a scorer of \(scorer.userCount) users and \(scorer.candidateCount) candidates does not fit "
      + "\(truth.userCount) users and \(truth.candidateCount) candidates")

  let users = truth.testedUsers
  let ranks = try rankAllTestItems(of: users, scorer: scorer, truth: truth, listLength: cutoffs.list)

  let list = cutoffs.list.map(ListFigures.init(length:))
  var table = UserTable(columnCount: FigureSums.columnCount(cutoffs))
  var isShown = [Bool](repeating: false, count: truth.candidateCount)
  var shown = cutoffs.list.map(ShownLists.init(length:))
  for (user, ranks) in zip(users, ranks) {
    shown?.append(ranks.shown.lazy.map(\.index), of: user)
    table.append(figureSums(of: user, ranks: ranks, truth: truth, cutoffs: cutoffs, list: list).values)
    for candidate in ranks.shown { isShown[Int(candidate.index)] = true }
  }

  var report = RetrievalReport(userCount: users.count, rowCount: truth.test.items.count)
  report.shown = shown
  report.warmRowCount = truth.test.items.count { truth.isWarm[Int($0)] }
  report.figures = namedFigures(table.sums, cutoffs)
  if let list = cutoffs.list, !users.isEmpty {
    report.figures.seenExcluded.coverage[list] = Double(isShown.count { $0 }) / Double(truth.candidateCount)
  }
  report.chance = namedFigures(chanceSums(truth: truth, cutoffs: cutoffs).values, cutoffs)
  report.intervals = FigureSums.groups(
    of: table.bootstrapIntervals(samples: bootstrapSamples, seed: seed) {
      FigureSums.ratios(of: $0, cutoffs: cutoffs)
    }, cutoffs: cutoffs)
  return report
}

private func namedFigures(_ sums: [Double], _ cutoffs: RetrievalCutoffs) -> RetrievalGroups<Double> {
  let ratios = FigureSums.ratios(of: sums, cutoffs: cutoffs).map { $0.isNaN ? nil : $0 }
  return FigureSums.groups(of: ratios, cutoffs: cutoffs)
}

/// Ranks all users' test items in parallel; the first user with a bad score decides the error.
private func rankAllTestItems(
  of users: [Int], scorer: any CandidateScorer, truth: RetrievalTruth, listLength: Int?
) throws(EvaluationError) -> [UserRanks] {
  try ScoreBlock.forEach(of: users.count) { range throws(EvaluationError) in
    try rankTestItems(of: users[range], scorer: scorer, truth: truth, listLength: listLength)
  }
}

/// What one user adds to every figure.
private func figureSums(
  of user: Int, ranks: UserRanks, truth: RetrievalTruth, cutoffs: RetrievalCutoffs, list: ListFigures?
) -> FigureSums {
  var sums = FigureSums(cutoffs: cutoffs)
  let tests = truth.test[user]
  for (position, item) in tests.enumerated() {
    sums.addRow(.seenIncluded, rank: ranks.included[position])
    sums.addRow(.seenExcluded, rank: ranks.excluded[position])
    sums.addRow(truth.isWarm[Int(item)] ? .warm : .cold, rank: ranks.excluded[position])
  }
  guard let list else { return sums }
  let hits = ranks.shown.enumerated().filter { tests.sortedContains($0.element.index) }
  for group in [FigureSums.Group.seenExcluded, .warm, .cold] {
    let counted = hits.filter { group.includes(isWarm: truth.isWarm[Int($0.element.index)]) }
    list.add(
      to: &sums, group, hits: Double(counted.count), gain: counted.reduce(0) { $0 + list.discounts[$1.offset] },
      relevant: tests.count { group.includes(isWarm: truth.isWarm[Int($0)]) })
  }
  return sums
}
