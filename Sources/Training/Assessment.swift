import Autodiff
import Evaluation
import Features
import TwoTower

/// What a trained run is worth on its test rows, with the baselines beside it.
public struct Assessment {
  public var retrieval: RetrievalReport?
  /// The same figures for recommending everyone the most popular items.
  public var popularity: RetrievalReport?
  public var ranking: RankingReport?
  public var rankingWithPairs: RankingReport?
}

/// Evaluates embeddings and rankings on the run's test rows.
///
/// - Parameters:
///   - queries: `[userCount, d]`; nil when the run has no retrieval task.
///   - candidates: `[itemCount, d]`.
///   - ranking: predictions for the test rows without features of the pair, and with them.
/// - Throws: `EvaluationError` naming a tensor that is not finite.
public func assess(
  _ data: TowerData, queries: Tensor?, candidates: Tensor?, ranking: [Float]?, rankingWithPairs: [Float]?, seed: UInt64
) throws -> Assessment {
  var assessment = Assessment()
  guard data.test.count > 0 else { return assessment }
  if let queries, let candidates {
    let truth = data.testTruth
    let cutoffs = RetrievalCutoffs.fitting(candidateCount: data.itemCount)
    assessment.retrieval = try evaluateRetrieval(
      queries: queries, candidates: candidates, truth: truth, cutoffs: cutoffs, seed: seed)
    let popularity = popularityEmbeddings(counts: truth.trainingCounts, userCount: data.userCount)
    assessment.popularity = try evaluateRetrieval(
      queries: popularity.queries, candidates: popularity.candidates, truth: truth, cutoffs: cutoffs, seed: seed)
  }
  let seen = data.training.labels + data.validation.labels
  let mean = Float(seen.reduce(0.0) { $0 + Double($1) } / Double(max(1, seen.count)))
  func report(_ predictions: [Float]) throws -> RankingReport {
    try evaluateRanking(
      predictions: predictions, labels: data.test.labels, users: data.test.users, trainingMean: mean, seed: seed)
  }
  assessment.ranking = try ranking.map(report)
  assessment.rankingWithPairs = try rankingWithPairs.map(report)
  return assessment
}

extension TowerData {
  /// The test rows against all that the user has in the training file, validation rows included.
  public var testTruth: RetrievalTruth {
    RetrievalTruth(
      userCount: userCount, candidateCount: itemCount, trainingUsers: training.users + validation.users,
      trainingItems: training.items + validation.items, testUsers: test.users, testItems: test.items)
  }
}
