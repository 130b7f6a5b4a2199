import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// EASE, a linear autoencoder over items with a zero diagonal (Steck, "Embarrassingly shallow autoencoders for sparse
/// data", WWW 2019): a user's scores are their row of X · B with B = I − C · diag(1 / diag C), C = (XᵀX + λI)⁻¹.
///
/// Solved exactly by a matrix of items × items, or one of users × users that comes to the same, whichever is smaller.
package struct EASE: Baseline {
  package static let kind = "ease"

  package struct Settings: BaselineKindSettings {
    /// λ, the weight of the squared weights between items; a greater one suits fewer interactions.
    package var regularization: Float = 100

    package static let searchAxes = [
      SearchAxis("regularization", \Settings.regularization, [10, 25, 50, 100, 200, 400, 800])
    ]

    package init() {}

    package func check() throws(BaselineError) {
      try BaselineError.check(
        "regularization", regularization, expected: "a finite number above 0",
        regularization > 0 && regularization.isFinite)
    }

    package func memory(userCount: Int, itemCount: Int) -> Int {
      let order = min(userCount, itemCount)
      return 4 * order * order
    }
  }

  private let form: any EASEForm

  /// - Throws: `BaselineError` when λ is not positive or too small to compute with.
  package init(fitting interactions: InteractionMatrix, settings: Settings = Settings()) throws(BaselineError) {
    try settings.check()
    form = try Self.form(userCount: interactions.userCount, itemCount: interactions.itemCount)
      .init(fitting: interactions, regularization: settings.regularization)
  }

  private static func form(userCount: Int, itemCount: Int) -> any EASEForm.Type {
    userCount < itemCount ? EASEOverUsers.self : EASEOverItems.self
  }

  package var userCount: Int { form.userCount }
  package var candidateCount: Int { form.candidateCount }

  package func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    form.score(users, candidates: candidates, into: &scores)
  }

  package func scorer(of histories: SparseRows) -> any CandidateScorer { form.scorer(of: histories) }
}

/// One of the two ways to the same scores.
protocol EASEForm: CandidateScorer {
  init(fitting interactions: InteractionMatrix, regularization: Float) throws(BaselineError)
  func scorer(of histories: SparseRows) -> any CandidateScorer
  var tensors: [String: StoredArray] { get }
  var parameterCount: Int { get }
  /// - Parameter interactions: those that the model was fitted on.
  init(loading source: any RecommenderSource, regularization: Float, interactions: InteractionMatrix) throws
}

extension EASE {
  package init(
    fitting interactions: InteractionMatrix, settings: Settings, seed: UInt64,
    progress: (_ done: Int, _ count: Int) throws -> Void
  ) throws {
    try self.init(fitting: interactions, settings: settings)
  }

  package var parameterCount: Int { form.parameterCount }
  package var tensors: [String: StoredArray] { form.tensors }

  package init(
    loading source: any RecommenderSource, settings: Settings, interactions: () throws -> InteractionMatrix
  ) throws {
    form = try Self.form(userCount: source.userCount, itemCount: source.itemCount)
      .init(loading: source, regularization: settings.regularization, interactions: interactions())
  }
}

/// X · Xᵀ + diagonal · I, `[rows.rowCount, rows.rowCount]`, summed in Double.
///
/// - Parameter columns: the transpose of `rows`.
func gramMatrix(_ rows: SparseRows, _ columns: SparseRows, diagonal: Float) -> FloatBuffer {
  let count = rows.rowCount
  let gram = FloatBuffer(zeros: count * count)
  guard count > 0 else { return gram }
  parallelForEach(rowsOf: gram, width: count, chunkSize: 32) { chunk, part in
    var sums = [Double](repeating: 0, count: count)
    for (position, row) in chunk.enumerated() {
      sums[row] = Double(diagonal)
      for entry in rows.range(of: row) {
        let weight = Double(rows.weights[entry])
        for other in columns.range(of: Int(rows.indices[entry])) {
          sums[Int(columns.indices[other])] += weight * Double(columns.weights[other])
        }
      }
      for other in 0..<count {
        part[position * count + other] = Float(sums[other])
        sums[other] = 0
      }
    }
  }
  return gram
}
