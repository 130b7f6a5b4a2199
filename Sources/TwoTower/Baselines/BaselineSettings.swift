/// Which model that needs no gradient descent is fitted, and how.
///
/// A recipe has the settings of the chosen kind alone, beside `kind` and `weights`.
public struct BaselineSettings: Sendable, Equatable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// What most users have, for everyone alike.
    case popularity
    /// Items like those that the user has.
    case itemNeighbors = "item-neighbors"
    /// A linear autoencoder over items.
    case ease
    /// Matrix factorisation by alternating least squares.
    case implicitALS = "implicit-als"
  }

  /// What an interaction weighs.
  public enum Weights: String, Sendable, Codable, CaseIterable {
    /// 1.
    case binary
    /// Its label.
    case labels
  }

  /// The kind, with what only it can be set to.
  public enum Model: Sendable, Equatable {
    case popularity
    case itemNeighbors(ItemNeighbors.Settings)
    case ease(regularization: Float)
    case implicitALS(ImplicitALS.Settings)
  }

  public var weights = Weights.binary
  public var model: Model

  public init(model: Model) { self.model = model }

  /// The defaults of a kind.
  public init(kind: Kind) {
    switch kind {
    case .popularity: model = .popularity
    case .itemNeighbors: model = .itemNeighbors(ItemNeighbors.Settings())
    case .ease: model = .ease(regularization: EASE.defaultRegularization)
    case .implicitALS: model = .implicitALS(ImplicitALS.Settings())
    }
  }

  public var kind: Kind {
    switch model {
    case .popularity: .popularity
    case .itemNeighbors: .itemNeighbors
    case .ease: .ease
    case .implicitALS: .implicitALS
    }
  }

  /// Refuses settings out of their range.
  ///
  /// - Throws: `BaselineError.setting`, by the setting's name in a recipe.
  public func check() throws(BaselineError) {
    switch model {
    case .popularity: break
    case .itemNeighbors(let settings): try settings.check()
    case .ease(let regularization): try EASE.check(regularization: regularization)
    case .implicitALS(let settings): try settings.check()
    }
  }

  /// Refuses what cannot be fitted on `data`, before any of it is.
  ///
  /// - Throws: `BaselineError`.
  public func check(for data: TowerData) throws(BaselineError) {
    try check()
    if kind == .ease && data.userCount > EASE.defaultUserLimit {
      throw .tooManyUsers(found: data.userCount, limit: EASE.defaultUserLimit)
    }
    if weights == .labels, let bad = data.training.labels.first(where: { !($0 >= 0 && $0.isFinite) }) {
      throw .negativeLabel(bad)
    }
  }
}

extension BaselineSettings: Codable {
  private enum CodingKeys: String, CodingKey {
    case kind, weights, neighbors, shrinkage, dimension, regularization, alpha, iterations, solver
    case conjugateGradientSteps = "conjugate-gradient-steps"
  }

  /// The words of `solver`.
  public enum SolverName: String, Sendable, Codable, CaseIterable {
    case conjugateGradient = "conjugate-gradient"
    case cholesky
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys, as type: Value.Type = Value.self) throws -> Value {
      try container.decode(Value.self, forKey: key)
    }
    switch try value(.kind, as: Kind.self) {
    case .popularity: model = .popularity
    case .itemNeighbors:
      model = .itemNeighbors(ItemNeighbors.Settings(k: try value(.neighbors), shrinkage: try value(.shrinkage)))
    case .ease: model = .ease(regularization: try value(.regularization))
    case .implicitALS:
      var settings = ImplicitALS.Settings()
      settings.dimension = try value(.dimension)
      settings.regularization = try value(.regularization)
      settings.alpha = try value(.alpha)
      settings.iterations = try value(.iterations)
      switch try value(.solver, as: SolverName.self) {
      case .conjugateGradient: settings.solver = .conjugateGradient(steps: try value(.conjugateGradientSteps))
      case .cholesky: settings.solver = .cholesky
      }
      model = .implicitALS(settings)
    }
    weights = try value(.weights)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(weights, forKey: .weights)
    switch model {
    case .popularity: break
    case .itemNeighbors(let settings):
      try container.encode(settings.k, forKey: .neighbors)
      try container.encode(settings.shrinkage, forKey: .shrinkage)
    case .ease(let regularization): try container.encode(regularization, forKey: .regularization)
    case .implicitALS(let settings):
      try container.encode(settings.dimension, forKey: .dimension)
      try container.encode(settings.regularization, forKey: .regularization)
      try container.encode(settings.alpha, forKey: .alpha)
      try container.encode(settings.iterations, forKey: .iterations)
      switch settings.solver {
      case .conjugateGradient(let steps):
        try container.encode(SolverName.conjugateGradient, forKey: .solver)
        try container.encode(steps, forKey: .conjugateGradientSteps)
      case .cholesky:
        try container.encode(SolverName.cholesky, forKey: .solver)
        try container.encode(ImplicitALS.Settings.defaultSteps, forKey: .conjugateGradientSteps)
      }
    }
  }
}
