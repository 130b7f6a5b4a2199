import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerNeuralNetwork

/// The matrix factorisation task: a vector per user and per item whose dot products meet the labels of observed pairs.
package struct MatrixFactorizationSettings: Sendable, Codable, Equatable {
  /// Width of the vectors.
  package var dimension = 30
  /// Standard deviation of the vectors' initial values.
  package var initialDeviation: Float = 0.05
  /// λᵣ of λᵣ (1/N Σ‖Uᵢ‖² + 1/M Σ‖Vⱼ‖²): keeps vectors short.
  package var regularization: Float = 0
  /// λ_g of λ_g / (MN) Σ ⟨Uᵢ, Vⱼ⟩²: pulls the scores of all pairs, observed or not, towards 0.
  package var gravity: Float = 0
  /// Epochs between two reports of the errors and of the parts of the loss.
  package var reportEvery = 100

  enum CodingKeys: String, CodingKey {
    case dimension, regularization, gravity
    case initialDeviation = "initial-deviation"
    case reportEvery = "report-every"
  }

  package init() {}
}

/// The mean squared errors of a matrix factorisation and the weighted penalties of its loss.
package struct FactorizationFigures: Sendable, Codable, Equatable {
  package var trainError: Double
  /// Nil without test rows.
  package var testError: Double?
  package var regularizationLoss: Double
  package var gravityLoss: Double
}

/// Vectors of users `[N, d]` and items `[M, d]`, fitted by gradient descent on the observed entries alone.
package struct MatrixFactorizationModel {
  package let settings: MatrixFactorizationSettings
  private let users: Parameter
  private let items: Parameter
  private let penalties: FactorizationPenalties

  package init(settings: MatrixFactorizationSettings, userCount: Int, itemCount: Int, seed: UInt64) {
    self.settings = settings
    func vectors(_ name: String, _ count: Int) -> Parameter {
      Parameter(
        name: "matrix-factorization/\(name)", shape: [count, settings.dimension],
        initializer: .normal(standardDeviation: settings.initialDeviation), seed: seed)
    }
    users = vectors("users", userCount)
    items = vectors("items", itemCount)
    penalties = FactorizationPenalties(regularization: settings.regularization, gravity: settings.gravity)
  }

  package var parameters: [Parameter] { [users, items] }

  /// The vectors whose dot products rank, of users `[N, d]` and of items `[M, d]`.
  package var embeddings: (queries: Tensor, candidates: Tensor) { (users.value.copy(), items.value.copy()) }

  /// The pairs as the loss takes them.
  package func entries(_ pairs: LabeledPairs) -> ObservedEntries {
    ObservedEntries(
      rowCount: users.value.shape[0], columnCount: items.value.shape[0], rows: pairs.users, columns: pairs.items,
      values: pairs.labels)
  }

  /// The mean squared error of the entries plus the penalties, a scalar.
  package func loss(_ entries: ObservedEntries, on tape: Tape) -> Variable {
    factorizationLoss(tape.parameter(users), tape.parameter(items), entries: entries, penalties: penalties)
  }

  /// The mean squared error of the entries; nil when there are none.
  package func meanSquaredError(_ entries: ObservedEntries) -> Double? {
    guard entries.count > 0 else { return nil }
    let errors = FloatBuffer(zeros: entries.count)
    let (u, v) = (users.value.buffer, items.value.buffer)
    var span = errors.mutableSpan
    let squares = factorizationErrors(
      entries, rows: u.span, columns: v.span, width: settings.dimension, into: &span)
    return squares / Double(entries.count)
  }

  /// Errors on both sets of rows and the parts of the loss, as the vectors stand.
  ///
  /// Predictions of test rows are taken as they are, in units of training labels, as those of published models are.
  package func figures(training: ObservedEntries, test: ObservedEntries) -> FactorizationFigures {
    FactorizationFigures(
      trainError: meanSquaredError(training) ?? 0, testError: meanSquaredError(test),
      regularizationLoss: penalties.regularizationLoss(rows: users.value, columns: items.value),
      gravityLoss: penalties.gravityLoss(rows: users.value, columns: items.value))
  }
}
