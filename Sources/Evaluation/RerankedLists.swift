import TwoTowerKernels
import TwoTowerRecommenders

/// Retrieval with the first candidates of some users put in another order: all others stand below these.
struct RerankedScorer: CandidateScorer {
  private let scorer: any CandidateScorer
  /// The scores of what was put in order, by user and item.
  private let places: [Int: [Int32: Float]]

  /// - Parameter orders: for each user, the first candidates, best first.
  init(_ scorer: any CandidateScorer, orders: [(user: Int32, items: [Int32], best: Float)]) {
    self.scorer = scorer
    var places: [Int: [Int32: Float]] = [:]
    for (user, items, best) in orders {
      // Steps that neither rounding nor the margin of ties bridges.
      let step = max(1, abs(best))
      places[Int(user)] = Dictionary(
        items.enumerated().map { ($1, best + step * Float(items.count - $0)) }, uniquingKeysWith: { first, _ in first })
    }
    self.places = places
  }

  var userCount: Int { scorer.userCount }
  var candidateCount: Int { scorer.candidateCount }
  func tieMargin(of user: Int) -> Float { scorer.tieMargin(of: user) }

  func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    scorer.score(users, candidates: candidates, into: &scores)
    for (row, user) in users.enumerated() {
      for (item, score) in places[user] ?? [:] where candidates.contains(Int(item)) {
        scores[row * candidates.count + Int(item) - candidates.lowerBound] = score
      }
    }
  }
}

/// Measures retrieval whose first candidates a reranker puts in order; the user's training items are no candidates, and
/// lists of what is popular stay as they are.
///
/// - Throws: as `evaluateRetrieval`.
package func evaluateReranked(
  _ reranker: Reranker, inputs: RerankingInputs, scorer: ServedScorer, truth: RetrievalTruth,
  cutoffs: RetrievalCutoffs, bootstrapSamples: Int = 1000, seed: UInt64
) throws(ScoringError) -> RetrievalReport {
  let lists = try scorer.retrieve(Reranker.depth, for: truth.testedUsers) { Array(truth.training[$0]) }
    .filter { !scorer.servesPopularity($0) }
  let orders = zip(lists, inputs.rows(of: lists)).map { list, rows in
    (
      user: list.user, items: reranker.order(rows.values).map { list.candidates[$0].index },
      best: list.candidates.first?.score ?? 0
    )
  }
  return try evaluateRetrieval(
    scorer: RerankedScorer(scorer, orders: orders), truth: truth, cutoffs: cutoffs,
    bootstrapSamples: bootstrapSamples, seed: seed)
}
