import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerNeuralNetwork

/// Matrix factorisation of implicit feedback by alternating least squares (iALS: Hu, Koren, Volinsky, "Collaborative
/// filtering for implicit feedback datasets", ICDM 2008), in the form of `ImplicitLeastSquares`.
///
/// Users and items are embedded so that their products come near 1 for what was interacted with and 0 for all else.
package struct ImplicitALS: Baseline {
  package static let kind = "implicit-als"

  package struct Settings: BaselineKindSettings {
    package var dimension = 128
    /// α₀, how much the absence of an interaction weighs beside one.
    package var unobservedWeight: Float = 0.02
    /// λ, the weight of an embedding's squared norm.
    package var regularization: Float = 0.01
    /// ν: λ is multiplied by this power of what a row's pairs weigh in all.
    package var regularizationExponent: Float = 1
    /// How often users and then items are solved for.
    package var iterations = 12

    enum CodingKeys: String, CodingKey {
      case dimension, regularization, iterations
      case unobservedWeight = "unobserved-weight"
      case regularizationExponent = "regularization-exponent"
    }

    package static let searchAxes = [
      SearchAxis("unobserved-weight", \Settings.unobservedWeight, [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]),
      SearchAxis("regularization", \Settings.regularization, [0.0003, 0.001, 0.003, 0.006, 0.015, 0.03, 0.06]),
    ]

    package init() {}

    package func check() throws(BaselineError) {
      try BaselineError.check("dimension", dimension, expected: "1 to 4096", (1...4096).contains(dimension))
      try BaselineError.check("iterations", iterations, expected: "at least 1", iterations >= 1)
      try weights.check()
    }

    package func memory(userCount: Int, itemCount: Int) -> Int {
      // The embeddings, those that are being solved for, and the fixed ones in another basis.
      4 * dimension * (userCount + itemCount + 3 * max(userCount, itemCount))
    }

    var weights: ImplicitLeastSquares.Weights {
      ImplicitLeastSquares.Weights(
        unobserved: unobservedWeight, regularization: regularization, regularizationExponent: regularizationExponent)
    }
  }

  package let settings: Settings
  /// `[userCount, dimension]`.
  package let users: Tensor
  /// `[itemCount, dimension]`.
  package let items: Tensor

  /// Embeddings start from a normal distribution, of length .1 on average.
  ///
  /// The same seed gives the same bits on any number of threads.
  ///
  /// - Parameter afterIteration: called with the number of iterations done; what it throws ends the fit.
  /// - Throws: `BaselineError` when a setting is out of its range or the problem cannot be solved in single precision.
  package init(
    fitting interactions: InteractionMatrix, settings: Settings = Settings(), seed: UInt64,
    afterIteration: (Int) throws -> Void = { _ in }
  ) throws {
    try settings.check()
    let deviation = 0.1 / Float(settings.dimension).squareRoot()
    var users = Tensor(zeros: [0, settings.dimension])
    var items = Initializer.normal(standardDeviation: deviation).values(
      [interactions.itemCount, settings.dimension], name: "implicit-als/items", seed: seed)
    for iteration in 1...settings.iterations {
      users = try ImplicitLeastSquares(fixed: items, weights: settings.weights).solve(interactions.byUser)
      items = try ImplicitLeastSquares(fixed: users, weights: settings.weights).solve(interactions.byItem)
      try afterIteration(iteration)
    }
    self.init(settings: settings, users: users, items: items)
  }

  /// A model that was fitted before, with its embeddings of users and items.
  package init(settings: Settings, users: Tensor, items: Tensor) {
    precondition(
      [users, items].allSatisfy { $0.shape.rank == 2 && $0.shape[1] == settings.dimension },
      "ImplicitALS: users \(users.shape) and items \(items.shape) are not [n, \(settings.dimension)]")
    self.settings = settings
    self.users = users
    self.items = items
  }

  /// Embeddings of people who were not in the training rows, `[histories.rowCount, dimension]`, the items fixed.
  ///
  /// - Throws: `BaselineError.notPositiveDefinite`.
  package func foldIn(_ histories: SparseRows) throws(BaselineError) -> Tensor {
    try ImplicitLeastSquares(fixed: items, weights: settings.weights).solve(histories)
  }

  package var userCount: Int { users.shape[0] }
  package var candidateCount: Int { items.shape[0] }

  package func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    EmbeddingScorer(queries: self.users, candidates: items).score(users, candidates: candidates, into: &scores)
  }

  package func scorer(of histories: SparseRows) throws(BaselineError) -> any CandidateScorer {
    EmbeddingScorer(queries: try foldIn(histories), candidates: items)
  }
}

extension ImplicitALS {
  package init(
    fitting interactions: InteractionMatrix, settings: Settings, seed: UInt64,
    progress: (_ done: Int, _ count: Int) throws -> Void
  ) throws {
    try self.init(fitting: interactions, settings: settings, seed: seed) { try progress($0, settings.iterations) }
  }

  package var parameterCount: Int { users.count + items.count }
  package var vectors: RetrievalVectors? { RetrievalVectors(queries: users, candidates: items) }
  package func vectors(of histories: SparseRows) throws(BaselineError) -> Tensor? { try foldIn(histories) }

  package var tensors: [String: StoredArray] { ["baseline/users": .floats(users), "baseline/items": .floats(items)] }

  package init(
    loading source: any RecommenderSource, settings: Settings, interactions: () throws -> InteractionMatrix
  ) throws {
    self.init(
      settings: settings,
      users: try source.floats("baseline/users", shape: [source.userCount, settings.dimension]),
      items: try source.floats("baseline/items", shape: [source.itemCount, settings.dimension]))
  }
}
