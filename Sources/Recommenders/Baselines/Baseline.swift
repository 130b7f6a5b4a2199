import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// A model that is fitted without gradient descent, in one go; scores the users it was fitted on.
package protocol Baseline: CandidateScorer {
  associatedtype Settings: BaselineKindSettings

  /// The word of `baseline.kind`.
  static var kind: String { get }

  /// Fits on all interactions.
  ///
  /// - Parameter progress: told how many of how many iterations are done, by kinds that iterate; what it throws ends
  ///   the fit.
  init(
    fitting interactions: InteractionMatrix, settings: Settings, seed: UInt64,
    progress: (_ done: Int, _ count: Int) throws -> Void) throws
  /// A scorer whose user `row` has the items of `histories` row `row`, with their weights.
  ///
  /// - Precondition: the items are in the catalogue.
  func scorer(of histories: SparseRows) throws(BaselineError) -> any CandidateScorer

  var parameterCount: Int { get }
  var vectors: RetrievalVectors? { get }
  /// The vectors of `histories`, `[histories.rowCount, dimension]`; nil for a kind that has none.
  func vectors(of histories: SparseRows) throws(BaselineError) -> Tensor?

  var tensors: [String: StoredArray] { get }
  /// - Parameter interactions: those that the model was fitted on.
  init(loading source: any RecommenderSource, settings: Settings, interactions: () throws -> InteractionMatrix) throws
}

/// What only one kind of baseline can be set to, in the section `baseline` of a recipe.
package protocol BaselineKindSettings: Sendable, Codable, Equatable {
  /// The defaults.
  init()
  /// Refuses settings out of their range.
  ///
  /// - Throws: `BaselineError.setting`, by the setting's name in a recipe.
  func check() throws(BaselineError)
  /// What a search changes; none for a kind with nothing to find.
  static var searchAxes: [SearchAxis<Self>] { get }
  /// Bytes that a fit holds at once, as far as sizes tell.
  func memory(userCount: Int, itemCount: Int) -> Int
}

/// The kinds of baselines: a new one is a line here.
package let baselineTypes: [any Baseline.Type] = [
  Popularity.self, ItemNeighbors.self, EASE.self, ImplicitALS.self, Blend.self,
]

extension Baseline {
  package var vectors: RetrievalVectors? { nil }
  package func vectors(of histories: SparseRows) throws(BaselineError) -> Tensor? { nil }
}

extension BaselineKindSettings {
  package static var searchAxes: [SearchAxis<Self>] { [] }
  package func memory(userCount: Int, itemCount: Int) -> Int { 0 }
}

/// A baseline as a recommender: it takes the weights of interactions that the recipe asks for.
package struct BaselineRecommender<Model: Baseline>: Recommender {
  package static var kind: String { Model.kind }

  package let model: Model
  package let weights: BaselineSettings.Weights

  package init(_ model: Model, weights: BaselineSettings.Weights) {
    self.model = model
    self.weights = weights
  }

  package init(loading source: any RecommenderSource) throws {
    guard let baseline = source.settings.baseline, let settings = baseline.model as? Model.Settings else {
      throw source.refusal("model settings", found: "no baseline of kind \(Model.kind)", expected: "one")
    }
    weights = baseline.weights
    model = try Model(loading: source, settings: settings) { try source.interactions(baseline.weights) }
  }

  package var userCount: Int { model.userCount }
  package var itemCount: Int { model.candidateCount }
  package var parameterCount: Int { model.parameterCount }
  package var scorer: any CandidateScorer { model }
  package var vectors: RetrievalVectors? { model.vectors }
  package var tensors: [String: StoredArray] { model.tensors }

  package func scorer(for people: EncodedPeople) throws -> any CandidateScorer {
    try model.scorer(of: weights.histories(of: people))
  }

  package func vectors(of people: EncodedPeople) throws -> Tensor? {
    try model.vectors(of: weights.histories(of: people))
  }
}

extension BaselineSettings.Weights {
  /// What people have, weighed as interactions are.
  func histories(of people: EncodedPeople) -> SparseRows {
    switch self {
    case .binary: people.labels.withWeights()
    case .labels: people.labels
    }
  }
}

func recommenderType(of baseline: any Baseline.Type) -> any Recommender.Type {
  func type<Model: Baseline>(_ model: Model.Type) -> any Recommender.Type { BaselineRecommender<Model>.self }
  return type(baseline)
}

extension BaselineSettings {
  /// Fits the model of the chosen kind on the training rows of `data`.
  ///
  /// - Parameter progress: told how many of how many iterations are done, by kinds that iterate; what it throws ends
  ///   the fit.
  /// - Throws: `BaselineError`.
  package func fit(
    on data: TowerData, seed: UInt64, progress: (_ done: Int, _ count: Int) throws -> Void = { _, _ in }
  ) throws -> any Recommender {
    try check(for: data)
    func recommender(_ model: some Baseline) -> any Recommender { BaselineRecommender(model, weights: weights) }
    return recommender(try fitted(on: InteractionMatrix(data, weights: weights), seed: seed, progress: progress))
  }

  /// Fits the model of the chosen kind.
  ///
  /// - Throws: `BaselineError`, or what `progress` throws.
  package func fitted(
    on interactions: InteractionMatrix, seed: UInt64,
    progress: (_ done: Int, _ count: Int) throws -> Void = { _, _ in }
  ) throws -> any Baseline {
    func fit<Model: Baseline>(_ type: Model.Type) throws -> any Baseline {
      guard let settings = model as? Model.Settings else {
        preconditionFailure("BaselineSettings: settings of \(model) for kind \(kind)")
      }
      return try Model(fitting: interactions, settings: settings, seed: seed, progress: progress)
    }
    return try fit(baselineType)
  }
}

extension InteractionMatrix {
  /// The training rows of `data`.
  ///
  /// - Throws: `BaselineError.negativeLabel`.
  package init(_ data: TowerData, weights: BaselineSettings.Weights) throws(BaselineError) {
    let labels = weights == .labels ? data.training.labels : nil
    if let bad = labels?.first(where: { !($0 >= 0 && $0.isFinite) }) { throw .negativeLabel(bad) }
    self.init(
      userCount: data.userCount, itemCount: data.itemCount, users: data.training.users, items: data.training.items,
      weights: labels)
  }
}
