import TwoTowerRecommenders

/// Finds the temperature and the weight of popularity of two towers for a plain table, by short fits, and then how long
/// to train.
///
/// Trials have narrower embeddings and half of the epochs; what they find is trained in full once, judged after every
/// epoch. How many trials there are follows from the rows, never from the clock.
struct TowerSearch {
  private struct Found {
    var settings: TaskSettings<RetrievalSettings>
    /// Trained on the rows that are not held out.
    var scorer: any CandidateScorer
    /// NDCG@20 on the sample.
    var value: Double
  }

  /// With more training rows than that, a single fit takes many minutes.
  static let largestRowCount = 4_000_000
  /// Trials see so many training rows in all.
  private static let rowBudget = 1_300_000
  private static let trialLimit = 10
  private static let temperatures: [Float] = [0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.32, 0.4]
  private static let popularityWeights: [Float] = [0, 0.25, 0.5, 0.7, 0.9]
  /// Factors of the weight of popularity in serving that are looked at after each fit.
  private static let servedPopularities: [Float] = [1, 0, 0.25, 0.5, 0.75, 1.25, 1.5, 2]

  private let recipe: Recipe
  /// Its validation rows are those of the sample.
  private let data: TowerData
  private let sample: ValidationSample
  private let stopSignal: () -> Int32?
  private let report: (SearchEvent) throws -> Void

  /// - Parameters:
  ///   - recipe: that `data` was prepared for; its towers are not looked at.
  ///   - data: with validation rows.
  init(
    _ recipe: Recipe, on data: TowerData, sample: ValidationSample, stopSignal: @escaping () -> Int32?,
    report: @escaping (SearchEvent) throws -> Void
  ) {
    (self.recipe, self.sample, self.stopSignal, self.report) = (recipe, sample, stopSignal, report)
    self.data = data.validating(on: sample)
  }

  /// The best towers, or nil where there are too many rows to look for them.
  func best() throws -> (settings: TaskSettings<RetrievalSettings>, towers: BlendSearch.FoundTowers)? {
    let rows = data.training.count
    guard rows <= Self.largestRowCount else { return nil }
    var settings = TaskSettings.plain(data)
    let limit = min(Self.trialLimit, Self.rowBudget / max(1, rows))
    if limit > 1 { settings = try searched(settings, limit: limit) }
    let found = try fitted(settings, judgingEpochs: true)
    return (
      found.settings,
      BlendSearch.FoundTowers(scorer: found.scorer, value: found.value) { data in
        try scorer(found.settings, on: data.withoutValidation)
      }
    )
  }

  /// The settings with the best temperature and weight of popularity that short fits find.
  private func searched(
    _ start: TaskSettings<RetrievalSettings>, limit: Int
  ) throws -> TaskSettings<RetrievalSettings> {
    func settings(_ point: [Int]) -> TaskSettings<RetrievalSettings> {
      var settings = start
      settings.model.temperature = Self.temperatures[point[0]]
      settings.model.popularityWeight = Self.popularityWeights[point[1]]
      return settings
    }
    func place(_ value: Float, _ values: [Float]) -> Int {
      values.indices.min { abs(values[$0] - value) < abs(values[$1] - value) }!
    }
    let (point, _) = try patternSearch(
      sizes: [Self.temperatures.count, Self.popularityWeights.count],
      start: [
        place(start.model.temperature, Self.temperatures), place(start.model.popularityWeight, Self.popularityWeights),
      ],
      limit: limit
    ) { point in
      var short = settings(point)
      short.training.epochs = max(1, short.training.epochs / 2)
      short.setDimension(64)
      return try fitted(short, judgingEpochs: false).value
    }
    return settings(point)
  }

  private func fit(_ settings: TaskSettings<RetrievalSettings>, on data: TowerData) throws -> ModelFit {
    var trial = recipe
    trial.retrieval = settings
    (trial.validation.every, trial.validation.patience) = (1, 2)
    var fit = try ModelFit(trial, on: data)
    try fit.run(stopSignal: stopSignal, report: { _ in })
    return fit
  }

  private func scorer(_ settings: TaskSettings<RetrievalSettings>, on data: TowerData) throws -> any CandidateScorer {
    guard let recommender = try fit(settings, on: data).recommender else {
      preconditionFailure("TowerSearch: no towers")
    }
    return recommender.scorer
  }

  private func fitted(_ settings: TaskSettings<RetrievalSettings>, judgingEpochs: Bool) throws -> Found {
    let fit = try fit(settings, on: judgingEpochs ? data : data.withoutValidation)
    guard let vectors = fit.recommender?.vectors else { preconditionFailure("TowerSearch: no vectors") }
    var found = Found(settings: settings, scorer: vectors.scorer, value: try sample.ndcg(vectors.scorer))
    if let epochs = bestEpochs(history: fit.state.progress.historyTable)[.retrieval] {
      found.settings.training.epochs = epochs
    }
    for factor in Self.servedPopularities.dropFirst() where settings.model.popularityWeight > 0 {
      let scorer = vectors.scalingLastColumn(by: factor).scorer
      let value = try sample.ndcg(scorer)
      guard value > found.value else { continue }
      (found.scorer, found.value, found.settings.model.servedPopularity) = (scorer, value, factor)
    }
    try report(
      .trial(
        kind: judgingEpochs ? "two towers" : "short fits of two towers",
        settings: [
          ("temperature", settings.model.temperature), ("popularity-weight", settings.model.popularityWeight),
          ("served-popularity", found.settings.model.servedPopularity),
        ], value: found.value))
    return found
  }
}

extension TaskSettings where Model == RetrievalSettings {
  fileprivate mutating func setDimension(_ dimension: Int) {
    for index in model.queryTower.features.indices { model.queryTower.features[index].dimension = dimension }
    for index in model.candidateTower.features.indices { model.candidateTower.features[index].dimension = dimension }
  }
}
