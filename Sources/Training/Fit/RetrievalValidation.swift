import Evaluation
import TwoTower

extension TowerData {
  /// What is retrieved of the validation rows, without what the user has in training: higher is better.
  ///
  /// - Throws: `EvaluationError` where a score is not finite.
  func validationScore(_ scorer: some CandidateScorer, metric: ValidationSettings.Metric) throws -> Double {
    let truth = RetrievalTruth(
      userCount: userCount, candidateCount: itemCount, trainingUsers: training.users, trainingItems: training.items,
      testUsers: validation.users, testItems: validation.items)
    let figures = try evaluateRetrieval(
      scorer: scorer, truth: truth, cutoffs: .fitting(candidateCount: itemCount), bootstrapSamples: 0, seed: 0
    ).seenExcluded
    let value: Double? =
      switch metric {
      case .recall20: figures.recall[20]
      case .ndcg20: figures.ndcg[20]
      case .top100: figures.topKCategoricalAccuracy[100]
      }
    return value ?? figures.mrr ?? 0
  }
}
