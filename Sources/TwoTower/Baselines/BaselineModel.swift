import Autodiff
import Features
import Kernels

/// A fitted model of one of the kinds that `BaselineSettings` chooses from.
public enum BaselineModel: Sendable {
  case popularity(Popularity)
  case itemNeighbors(ItemNeighbors)
  case ease(EASE)
  case implicitALS(ImplicitALS)

  /// Fits on the training rows of `data`.
  ///
  /// - Parameter afterIteration: called with the number of iterations done, of the kinds that iterate; what it throws
  ///   ends the fit.
  /// - Throws: `BaselineError`.
  public init(
    fitting data: TowerData, settings: BaselineSettings, seed: UInt64, afterIteration: (Int) throws -> Void = { _ in }
  ) throws {
    try settings.check(for: data)
    let interactions = try InteractionMatrix(data, weights: settings.weights)
    switch settings.model {
    case .popularity: self = .popularity(Popularity(fitting: interactions))
    case .itemNeighbors(let settings):
      self = .itemNeighbors(try ItemNeighbors(fitting: interactions, settings: settings))
    case .ease(let regularization):
      self = .ease(try EASE(fitting: interactions, regularization: regularization))
    case .implicitALS(let settings):
      self = .implicitALS(
        try ImplicitALS(fitting: interactions, settings: settings, seed: seed, afterIteration: afterIteration))
    }
  }

  /// Scores the users that the model was fitted on.
  public var scorer: any CandidateScorer & HistoryModel {
    switch self {
    case .popularity(let model): model
    case .itemNeighbors(let model): model
    case .ease(let model): model
    case .implicitALS(let model): model
    }
  }

  /// The vectors whose dot products rank, of all users and items; nil for a kind that has none.
  public var embeddings: (queries: Tensor, candidates: Tensor)? {
    if case .implicitALS(let model) = self { (model.users, model.items) } else { nil }
  }

  /// The same, with users folded in who have no training rows.
  ///
  /// - Parameter histories: what is given of such users; empty rows for the others.
  /// - Throws: `BaselineError.notPositiveDefinite`.
  public func embeddings(
    foldingIn histories: SparseRows
  ) throws(BaselineError) -> (queries: Tensor, candidates: Tensor)? {
    guard case .implicitALS(let model) = self, !histories.indices.isEmpty else { return embeddings }
    let folded = try model.foldIn(histories)
    let users = model.users.copy()
    for user in 0..<histories.rowCount where !histories.range(of: user).isEmpty {
      users.buffer.copy(folded.row(user).buffer, at: user * model.settings.dimension)
    }
    return (users, model.items)
  }

  /// Fitted numbers.
  public var parameterCount: Int {
    switch self {
    case .popularity(let model): model.totals.count
    case .itemNeighbors(let model): model.neighbors.weights.count
    case .ease(let model): model.inverseGram.count + model.residuals.count
    case .implicitALS(let model): model.users.count + model.items.count
    }
  }
}

extension InteractionMatrix {
  /// The training rows of `data`.
  ///
  /// - Throws: `BaselineError.negativeLabel`, or `tooManyEntries`.
  public init(_ data: TowerData, weights: BaselineSettings.Weights) throws(BaselineError) {
    try BaselineError.checkEntries(data.training.count, advice: "fit on fewer rows")
    let labels = weights == .labels ? data.training.labels : nil
    if let bad = labels?.first(where: { !($0 >= 0 && $0.isFinite) }) { throw .negativeLabel(bad) }
    self.init(
      userCount: data.userCount, itemCount: data.itemCount, users: data.training.users, items: data.training.items,
      weights: labels)
  }
}
