import TwoTowerKernels

/// What a matrix factorisation is charged for, apart from its errors.
package struct FactorizationPenalties: Sendable, Equatable {
  /// λᵣ of λᵣ (1/N Σ‖Uᵢ‖² + 1/M Σ‖Vⱼ‖²).
  package var regularization: Float
  /// λ_g of λ_g / (MN) Σ ⟨Uᵢ, Vⱼ⟩² over all pairs, observed or not.
  package var gravity: Float

  package init(regularization: Float = 0, gravity: Float = 0) {
    self.regularization = regularization
    self.gravity = gravity
  }

  /// The weighted regularisation of factors `[N, d]` and `[M, d]`.
  package func regularizationLoss(rows: Tensor, columns: Tensor) -> Double {
    guard regularization != 0 else { return 0 }
    func meanSquaredNorm(_ x: Tensor) -> Double { dot(x.buffer.span, x.buffer.span) / Double(max(1, x.shape[0])) }
    return Double(regularization) * (meanSquaredNorm(rows) + meanSquaredNorm(columns))
  }

  /// The weighted gravity of factors `[N, d]` and `[M, d]`, through their Gram matrices: Σᵢⱼ ⟨Uᵢ, Vⱼ⟩² = ⟨UᵀU, VᵀV⟩.
  package func gravityLoss(rows: Tensor, columns: Tensor) -> Double {
    guard gravity != 0 else { return 0 }
    let width = rows.shape[1]
    let rowGram = gramMatrix(rows.buffer.span, width: width)
    let columnGram = gramMatrix(columns.buffer.span, width: width)
    return gravityScale(rows, columns) * dot(rowGram.span, columnGram.span)
  }

  /// λ_g / (MN).
  fileprivate func gravityScale(_ rows: Tensor, _ columns: Tensor) -> Double {
    Double(gravity) / Double(max(1, rows.shape[0] * columns.shape[0]))
  }
}

/// The mean squared error of ⟨rows[i], columns[j]⟩ on observed entries, plus penalties: a scalar.
///
/// The loss of the matrix factorisation in Google's course on recommendation systems. Nothing of size
/// rows × columns is ever stored. 0 errors without entries.
///
/// - Precondition: `rows` `[entries.rowCount, d]` and `columns` `[entries.columnCount, d]`.
package func factorizationLoss(
  _ rows: Variable, _ columns: Variable, entries: ObservedEntries, penalties: FactorizationPenalties
) -> Variable {
  let tape = commonTape("factorizationLoss", rows, columns)
  precondition(
    rows.shape.rank == 2 && columns.shape.rank == 2 && rows.shape[1] == columns.shape[1]
      && rows.shape[0] == entries.rowCount && columns.shape[0] == entries.columnCount,
    "factorizationLoss: \(rows.shape) and \(columns.shape) for entries of [\(entries.rowCount), \(entries.columnCount)]"
  )
  let width = rows.shape[1]
  let (u, v) = (rows.value, columns.value)
  let share = entries.count == 0 ? 0 : 1 / Double(entries.count)
  let errors = FloatBuffer(uninitialized: entries.count)
  var errorSpan = errors.mutableSpan
  var loss =
    share
    * factorizationErrors(
      entries, rows: u.buffer.span, columns: v.buffer.span, width: width, into: &errorSpan)
  loss += penalties.regularizationLoss(rows: u, columns: v)
  var grams: (rows: FloatBuffer, columns: FloatBuffer)?
  let gravityScale = penalties.gravityScale(u, v)
  if penalties.gravity != 0 {
    let known = (rows: gramMatrix(u.buffer.span, width: width), columns: gramMatrix(v.buffer.span, width: width))
    loss += gravityScale * dot(known.rows.span, known.columns.span)
    grams = known
  }

  return tape.record(Tensor(scalar: Float(loss)), inputs: [rows, columns]) { gradient in
    let factor = Double(gradient.item)
    func addPenalties(of x: Tensor, otherGram: FloatBuffer?, into out: inout MutableSpan<Float>) {
      if penalties.regularization != 0 {
        addScaled(
          Float(factor * 2 * Double(penalties.regularization) / Double(max(1, x.shape[0]))), x.buffer.span, into: &out)
      }
      if let otherGram {
        matrixMultiply(
          x.buffer.span, otherGram.span, into: &out, rows: x.shape[0], columns: width, inner: width,
          alpha: Float(factor * 2 * gravityScale), beta: 1)
      }
    }
    tape.accumulate(into: rows) { out in
      addFactorizationRowGradient(
        entries, errors: errors.span, columns: v.buffer.span, width: width, scale: Float(factor * 2 * share), into: &out
      )
      addPenalties(of: u, otherGram: grams?.columns, into: &out)
    }
    tape.accumulate(into: columns) { out in
      addFactorizationColumnGradient(
        entries, errors: errors.span, rows: u.buffer.span, width: width, scale: Float(factor * 2 * share), into: &out)
      addPenalties(of: v, otherGram: grams?.rows, into: &out)
    }
  }
}
