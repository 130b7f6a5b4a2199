import TwoTowerRecommenders

/// What a search for settings tells.
package enum SearchEvent: Sendable {
  /// - Parameter settings: those that are being searched, by name.
  case trial(kind: String, settings: [(name: String, value: Float)], value: Double)
  /// The best of each kind are fitted once more, to be blended by other rows than they were chosen by.
  case confirming
  case blended(members: [(kind: String, weight: Float)], value: Double)
}

/// Finds the settings of the models that need no gradient descent, and the blend of them that is best on validation
/// rows.
///
/// The number of trials follows from sizes and figures, never from the clock: the same data and seed find the same.
package struct BlendSearch {
  /// Beyond so many rows or columns, EASE takes minutes for one trial.
  private static let easeOrderLimit = 8_000
  /// Above so many interactions, iALS is searched and fitted with narrower embeddings.
  private static let wideInteractionLimit = 3_000_000
  /// While settings are being compared.
  private static let searchIterations = 5

  private let data: TowerData
  package let sample: ValidationSample
  private let interactions: InteractionMatrix
  private let confirmation: TowerData?
  private let seed: UInt64
  private let report: (SearchEvent) throws -> Void

  /// - Parameters:
  ///   - data: with validation rows.
  ///   - confirmation: the same with other validation rows, for which nothing was chosen: members are fitted there once
  ///     more, and the blend is judged by both; nil to go without.
  ///   - report: told of every trial; what it throws ends the search.
  package init(
    _ data: TowerData, confirmation: TowerData? = nil, seed: UInt64, report: @escaping (SearchEvent) throws -> Void
  ) throws {
    (self.data, self.confirmation) = (data, confirmation)
    self.seed = seed
    self.report = report
    sample = ValidationSample(data, seed: seed)
    interactions = try InteractionMatrix(data, weights: .binary)
  }

  /// The best blend, or the best model where nothing is gained by others beside it.
  ///
  /// - Parameter towers: finds two towers on the same data, to be a member; returns nil to go without.
  package func best(towers: () throws -> FoundTowers?) throws -> Best {
    // What is best alone is not always best beside others: the blend chooses among the first few of a kind.
    var members = try searched(ItemNeighbors.Settings(), of: ItemNeighbors.self, keeping: 2)
    var factorization = ImplicitALS.Settings()
    factorization.dimension = interactions.count > Self.wideInteractionLimit ? 64 : 128
    let iterations = factorization.iterations
    factorization.iterations = Self.searchIterations
    for var found in try searched(factorization, of: ImplicitALS.self, keeping: 3) {
      if var settings = found.settings.model as? ImplicitALS.Settings {
        settings.iterations = iterations
        found.settings.model = settings
      }
      members.append(found)
    }
    if min(data.userCount, data.itemCount) <= Self.easeOrderLimit {
      members += try searched(EASE.Settings(), of: EASE.self, keeping: 1)
    }
    members += try searched(Popularity.Settings(), of: Popularity.self, keeping: 1)

    var scorers = members.map(\.scorer)
    var values = members.map(\.value)
    let towers = try towers()
    if let towers {
      scorers.append(towers.scorer)
      values.append(towers.value)
    }
    let first = values.indices.max { values[$0] < values[$1] }!
    var pool = try BlendPool(scorers, sample: sample)
    if let confirmation {
      try report(.confirming)
      let interactions = try InteractionMatrix(confirmation, weights: .binary)
      var again = try members.map { try $0.settings.fitted(on: interactions, seed: seed) as any CandidateScorer }
      if let towers { again.append(try towers.train(confirmation)) }
      pool = try pool + BlendPool(again, sample: ValidationSample(confirmation, seed: seed))
    }
    // What two draws of rows say is less often chance.
    let (weights, value) = pool.bestWeights(
      first: first, memberCount: scorers.count, keeping: confirmation == nil ? 0.995 : 0.999)
    let kept = members.indices.filter { weights[$0] > 0 }
    let towersWeight = scorers.count > members.count ? weights[members.count] : 0
    var parts = kept.map { (members[$0].settings.kind, weights[$0]) }
    if towersWeight > 0 { parts.append(("two towers", towersWeight)) }
    try report(.blended(members: parts, value: value))
    if kept.isEmpty { return Best(baseline: nil, hasTowers: true, value: value) }
    if kept == [first], towersWeight == 0 {
      return Best(baseline: members[first].settings, hasTowers: false, value: value)
    }
    let blend = Blend.Settings(
      kept.map { BlendMember(members[$0].settings, weight: weights[$0]) }, towersWeight: towersWeight)
    return Best(baseline: BaselineSettings(Blend.self, blend), hasTowers: towersWeight > 0, value: value)
  }

  /// Two towers that a search has found.
  package struct FoundTowers {
    /// Trained on the rows of the search that are not held out.
    package var scorer: any CandidateScorer
    /// NDCG@20 on the validation sample.
    package var value: Double
    /// Trains the same on other rows.
    package var train: (TowerData) throws -> any CandidateScorer

    package init(
      scorer: any CandidateScorer, value: Double, train: @escaping (TowerData) throws -> any CandidateScorer
    ) {
      (self.scorer, self.value, self.train) = (scorer, value, train)
    }
  }

  /// What a search has found to be best.
  package struct Best {
    /// A model, or a blend; nil where two towers are best alone.
    package var baseline: BaselineSettings?
    package var hasTowers: Bool
    /// NDCG@20 on the validation sample.
    package var value: Double
  }

  private struct Found {
    var settings: BaselineSettings
    var scorer: any CandidateScorer
    var value: Double
  }

  /// The best settings of one kind, by steps from `start`, best first; of equals the one that was tried first.
  private func searched<Model: Baseline>(
    _ start: Model.Settings, of type: Model.Type, keeping count: Int
  ) throws -> [Found] {
    let axes = Model.Settings.searchAxes
    func settings(_ point: [Int]) -> Model.Settings {
      var settings = start
      for (axis, position) in zip(axes, point) { axis.set(&settings, axis.values[position]) }
      return settings
    }
    var best: [Found] = []
    _ = try patternSearch(sizes: axes.map(\.values.count), start: axes.map { $0.position(in: start) }) { point in
      let settings = settings(point)
      let model: Model
      do { model = try Model(fitting: interactions, settings: settings, seed: seed) { _, _ in } } catch BaselineError
        .notPositiveDefinite
      { return -1 }
      let value = try sample.ndcg(model)
      try report(.trial(kind: Model.kind, settings: axes.map { ($0.name, $0.get(settings)) }, value: value))
      let place = best.firstIndex { value > $0.value } ?? best.count
      best.insert(Found(settings: BaselineSettings(type, settings), scorer: model, value: value), at: place)
      if best.count > count { best.removeLast() }
      return value
    }
    guard !best.isEmpty else { throw BaselineError.notPositiveDefinite(regularization: 0) }
    return best
  }
}
