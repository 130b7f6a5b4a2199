import TwoTowerEvaluation
import TwoTowerRecommenders

extension TowerData {
  /// The validation metric, seen items excluded: higher is better.
  ///
  /// - Throws: `RecipeError` where the metric says nothing on this catalogue, `ScoringError` where a score is not
  ///   finite.
  /// - Precondition: there are validation rows.
  package func validationScore(_ scorer: any CandidateScorer, metric: ValidationSettings.Metric) throws -> Double {
    let name = try metric.fitting(candidateCount: itemCount)
    let telling = telling
    let truth = RetrievalTruth(
      userCount: userCount, candidateCount: itemCount, trainingUsers: training.users, trainingItems: training.items,
      testUsers: telling.users, testItems: telling.items)
    let metrics = try evaluateRetrieval(
      scorer: scorer, truth: truth,
      cutoffs: metric == .top100
        ? RetrievalCutoffs(accuracy: [name.cutoff!], list: nil)
        : RetrievalCutoffs(accuracy: [], list: name.cutoff),
      bootstrapSamples: 0, seed: 0
    ).seenExcluded
    guard let value = metrics[name] else { preconditionFailure("validationScore: no validation rows") }
    return value
  }
}

extension ValidationSettings.Metric {
  /// The metric, with its k.
  private var name: MetricAtCutoff {
    switch self {
    case .recall20: MetricAtCutoff(.recall, at: 20)
    case .ndcg20: MetricAtCutoff(.ndcg, at: 20)
    case .top100: MetricAtCutoff(.topKCategoricalAccuracy, at: 100)
    }
  }

  /// The metric at its k, or at the size of a smaller catalogue.
  ///
  /// - Throws: `RecipeError` where every model finds everything: within so many items, each is found by any order.
  func fitting(candidateCount: Int) throws(RecipeError) -> MetricAtCutoff {
    let name = name
    guard let cutoff = name.cutoff, cutoff >= candidateCount else { return name }
    guard self == .ndcg20 else {
      throw RecipeError(
        place: "validation.metric",
        message: "found '\(rawValue)', which every model has in full where there are only \(candidateCount) items: "
          + "set '\(Self.ndcg20.rawValue)'")
    }
    return MetricAtCutoff(name.metric, at: candidateCount)
  }
}

extension Recipe {
  /// Checks that the validation metric tells models apart on a catalogue.
  ///
  /// - Parameter remarks: told where the metric is taken at the size of the catalogue.
  /// - Throws: `RecipeError` with what to set instead.
  func checkValidationMetric(candidateCount: Int, remarks: (String) -> Void = { _ in }) throws(RecipeError) {
    guard validation.share > 0, retrieval != nil || baseline != nil else { return }
    let name = try validation.metric.fitting(candidateCount: candidateCount)
    if name.title.lowercased() != validation.metric.rawValue {
      remarks(
        "validation.metric: '\(validation.metric.rawValue)' is taken as \(name.title): there are only "
          + "\(candidateCount) items")
    }
  }
}
