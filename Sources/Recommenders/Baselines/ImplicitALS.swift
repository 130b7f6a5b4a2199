import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// Matrix factorisation of implicit feedback by alternating least squares (iALS: Hu, Koren, Volinsky, ICDM 2008).
///
/// Users and items are embedded so that their products come near 1 for what was interacted with and 0 for all else; an
/// interaction counts 1 + α · weight times as much as its absence. (The library `implicit` counts it α · weight times:
/// its α is ours plus 1 for weights of 1.)
package struct ImplicitALS: Baseline {
  package static let kind = "implicit-als"

  package struct Settings: BaselineKindSettings {
    package enum Solver: String, Sendable, Codable, CaseIterable {
      /// A few steps from the embedding of the iteration before.
      case conjugateGradient = "conjugate-gradient"
      /// Exact.
      case cholesky
    }

    package var dimension = 32
    /// λ, the weight of an embedding's squared norm.
    package var regularization: Float = 0.5
    package var alpha: Float = 5
    /// How often users and then items are solved for.
    package var iterations = 20
    package var solver = Solver.conjugateGradient
    package var conjugateGradientSteps = 3

    enum CodingKeys: String, CodingKey {
      case dimension, regularization, alpha, iterations, solver
      case conjugateGradientSteps = "conjugate-gradient-steps"
    }

    package static let choices = ["solver": Solver.allCases.map(\.rawValue)]

    package init() {}

    package func check() throws(BaselineError) {
      try BaselineError.check("dimension", dimension, expected: "1 to 4096", (1...4096).contains(dimension))
      try BaselineError.check("iterations", iterations, expected: "at least 1", iterations >= 1)
      for (name, value) in [("regularization", regularization), ("alpha", alpha)] {
        try BaselineError.check(name, value, expected: "a finite number above 0", value > 0 && value.isFinite)
      }
      try BaselineError.check(
        "conjugate-gradient-steps", conjugateGradientSteps, expected: "at least 1", conjugateGradientSteps >= 1)
    }
  }

  package let settings: Settings
  /// `[userCount, dimension]`.
  package let users: Tensor
  /// `[itemCount, dimension]`.
  package let items: Tensor

  /// Embeddings start uniform in 0..<0.01.
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
    func start(_ rowCount: Int, stream: Int) -> Tensor {
      var generator = SeededGenerator(seed: seed, purpose: .initialization, stream: stream)
      return Tensor(
        [rowCount, settings.dimension], (0..<rowCount * settings.dimension).map { _ in generator.uniform() * 0.01 })
    }
    self.settings = settings
    users = start(interactions.userCount, stream: 0)
    items = start(interactions.itemCount, stream: 1)
    for iteration in 1...settings.iterations {
      try Self.solve(users, from: items, interactions.byUser, settings)
      try Self.solve(items, from: users, interactions.byItem, settings)
      try afterIteration(iteration)
    }
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

  /// Replaces `embeddings` by what the other side's imply.
  private static func solve(
    _ embeddings: Tensor, from fixed: Tensor, _ rows: SparseRows, _ settings: Settings
  ) throws(BaselineError) {
    let problem = try ConfidenceLeastSquares(
      fixed: fixed, regularization: settings.regularization, alpha: settings.alpha)
    switch settings.solver {
    case .conjugateGradient:
      problem.improve(embeddings.buffer, rows: rows, steps: settings.conjugateGradientSteps)
    case .cholesky: try problem.solve(rows, into: embeddings.buffer)
    }
  }

  /// Embeddings of people who were not in the training rows, `[histories.rowCount, dimension]`, the items fixed.
  ///
  /// - Throws: `BaselineError.notPositiveDefinite`.
  package func foldIn(_ histories: SparseRows) throws(BaselineError) -> Tensor {
    try ConfidenceLeastSquares(fixed: items, regularization: settings.regularization, alpha: settings.alpha)
      .solve(histories)
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
