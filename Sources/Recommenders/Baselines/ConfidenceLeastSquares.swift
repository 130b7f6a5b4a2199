import Synchronization
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// Least squares with one side's embeddings fixed (Hu, Koren, Volinsky, "Collaborative filtering for implicit feedback
/// datasets", ICDM 2008, equation 4).
///
/// The embedding x of a row minimises λ|x|² + Σ c · (p − x · y)² over all fixed y, where p = 1 and c = 1 + α · weight for
/// what the row has, p = 0 and c = 1 for the rest. It solves (YᵀY + Σ (c − 1) y yᵀ + λI) x = Σ c y, the sums over
/// what the row has. Alternating it between users and items is iALS; with the items fixed it folds new users into any
/// model whose score is a dot product. A row that has nothing gets zeros.
package struct ConfidenceLeastSquares: Sendable {
  /// `[fixedCount, dimension]`.
  package let fixed: Tensor
  package let regularization: Float
  package let alpha: Float
  /// YᵀY + λI.
  private let gram: FloatBuffer
  private static let rowsPerChunk = 64

  /// - Throws: `BaselineError.setting` unless both settings are finite and positive.
  package init(fixed: Tensor, regularization: Float, alpha: Float) throws(BaselineError) {
    for (name, value) in [("regularization", regularization), ("alpha", alpha)] {
      try BaselineError.check(name, value, expected: "a finite number above 0", value > 0 && value.isFinite)
    }
    precondition(fixed.shape.rank == 2, "ConfidenceLeastSquares: shape \(fixed.shape) is not [rows, dimension]")
    self.fixed = fixed
    self.regularization = regularization
    self.alpha = alpha
    let dimension = fixed.shape[1]
    gram = FloatBuffer(zeros: dimension * dimension)
    var target = gram.mutableSpan
    matrixMultiply(
      fixed.buffer.span, fixed.buffer.span, into: &target, rows: dimension, columns: dimension, inner: fixed.shape[0],
      transposeA: true)
    for index in 0..<dimension { target[index * dimension + index] += regularization }
  }

  private var dimension: Int { fixed.shape[1] }

  /// The embedding of each row, `[rows.rowCount, dimension]`, by Cholesky factorisation.
  ///
  /// - Precondition: the rows' indices are rows of `fixed`.
  /// - Throws: `BaselineError.notPositiveDefinite`.
  package func solve(_ rows: SparseRows) throws(BaselineError) -> Tensor {
    let solution = Tensor(zeros: [rows.rowCount, dimension])
    try solve(rows, into: solution.buffer)
    return solution
  }

  func solve(_ rows: SparseRows, into embeddings: FloatBuffer) throws(BaselineError) {
    rows.checkIndices(below: fixed.shape[0], "ConfidenceLeastSquares.solve")
    checkShape(embeddings, rows, "solve")
    let width = dimension
    let hasFailed = Atomic(false)
    parallelForEach(rowsOf: embeddings, width: width, chunkSize: Self.rowsPerChunk) { chunk, part in
      let matrix = FloatBuffer(zeros: width * width)
      for (position, row) in chunk.enumerated() {
        var solution = part.part(position * width..<(position + 1) * width)
        if !solve(row, of: rows, scratch: matrix, into: &solution) { hasFailed.store(true, ordering: .relaxed) }
      }
    }
    if hasFailed.load(ordering: .relaxed) { throw .notPositiveDefinite(regularization: regularization) }
  }

  private func checkShape(_ embeddings: FloatBuffer, _ rows: SparseRows, _ name: StaticString) {
    precondition(
      embeddings.count == rows.rowCount * dimension,
      "ConfidenceLeastSquares.\(name): \(embeddings.count) values are not [\(rows.rowCount), \(dimension)]")
  }

  private func solve(
    _ row: Int, of rows: SparseRows, scratch: FloatBuffer, into solution: inout MutableSpan<Float>
  ) -> Bool {
    let width = dimension
    for column in 0..<width { solution[column] = 0 }
    let entries = rows.range(of: row)
    guard !entries.isEmpty else { return true }
    var matrix = scratch.mutableSpan
    scratch.copyFirst(width * width, from: gram)
    // Slabs bound the memory of a row that has very much.
    for start in stride(from: entries.lowerBound, to: entries.upperBound, by: 256) {
      let slab = start..<min(start + 256, entries.upperBound)
      let scaled = FloatBuffer(zeros: slab.count * width)
      var target = scaled.mutableSpan
      for (position, entry) in slab.enumerated() {
        let from = Int(rows.indices[entry]) * width
        let excess = alpha * rows.weights[entry]
        VectorMath.best.scaledAdd(
          excess.squareRoot(), fixed.buffer.span, from: from, 0, &target, from: position * width, count: width)
        VectorMath.best.scaledAdd(1 + excess, fixed.buffer.span, from: from, 1, &solution, count: width)
      }
      matrixMultiply(
        scaled.span, scaled.span, into: &matrix, rows: width, columns: width, inner: slab.count, transposeA: true,
        beta: 1)
    }
    return solvePositiveDefinite(&matrix, rows: &solution, order: width)
  }

  /// Brings embeddings nearer to the solution by a few steps of conjugate gradients from where they are (Takács,
  /// Pilászy, Tikk, "Applications of the conjugate gradient method for implicit feedback collaborative filtering",
  /// RecSys 2011).
  ///
  /// - Precondition: as for `solve`; `embeddings` are `[rows.rowCount, dimension]`.
  package func improve(_ embeddings: FloatBuffer, rows: SparseRows, steps: Int) {
    rows.checkIndices(below: fixed.shape[0], "ConfidenceLeastSquares.improve")
    checkShape(embeddings, rows, "improve")
    parallelForEach(rowsOf: embeddings, width: dimension, chunkSize: Self.rowsPerChunk) { chunk, part in
      improve(&part, chunk, of: rows, steps: steps)
    }
  }

  private func improve(_ x: inout MutableSpan<Float>, _ chunk: Range<Int>, of rows: SparseRows, steps: Int) {
    let width = dimension
    let count = chunk.count * width
    for (position, row) in chunk.enumerated() where rows.range(of: row).isEmpty {
      for column in 0..<width { x[position * width + column] = 0 }
    }
    let residual = FloatBuffer(zeros: count)
    let direction = FloatBuffer(zeros: count)
    let image = FloatBuffer(zeros: count)
    var r = residual.mutableSpan
    var p = direction.mutableSpan
    var ap = image.mutableSpan
    // r = b − A · x.
    multiply(chunk, of: rows, x.span, into: &r)
    for (position, row) in chunk.enumerated() {
      VectorMath.best.scaledAdd(0, x.span, from: position * width, -1, &r, from: position * width, count: width)
      for entry in rows.range(of: row) {
        VectorMath.best.scaledAdd(
          1 + alpha * rows.weights[entry], fixed.buffer.span, from: Int(rows.indices[entry]) * width, 1, &r,
          from: position * width, count: width)
      }
    }
    direction.copyFirst(count, from: residual)
    var squares = [Float](repeating: 0, count: chunk.count)
    for position in 0..<chunk.count { squares[position] = dot(r.span, r.span, position) }
    for _ in 0..<steps {
      multiply(chunk, of: rows, p.span, into: &ap)
      for position in 0..<chunk.count where squares[position] > Self.converged {
        let start = position * width
        let curvature = dot(p.span, ap.span, position)
        let step = squares[position] / curvature
        VectorMath.best.scaledAdd(step, p.span, from: start, 1, &x, from: start, count: width)
        VectorMath.best.scaledAdd(-step, ap.span, from: start, 1, &r, from: start, count: width)
        let square = dot(r.span, r.span, position)
        VectorMath.best.scaledAdd(1, r.span, from: start, square / squares[position], &p, from: start, count: width)
        squares[position] = square
      }
    }
  }

  /// Squared residuals below are rounding.
  private static let converged: Float = 1e-20

  private func dot(_ x: Span<Float>, _ y: Span<Float>, _ position: Int) -> Float {
    let range = position * dimension..<(position + 1) * dimension
    return VectorMath.best.dot(x.extracting(range), y.extracting(range))
  }

  /// out = A · x for each row's own A.
  private func multiply(
    _ chunk: Range<Int>, of rows: SparseRows, _ x: Span<Float>, into out: inout MutableSpan<Float>
  ) {
    let width = dimension
    let fixed = fixed.buffer.span
    matrixMultiply(x, gram.span, into: &out, rows: chunk.count, columns: width, inner: width)
    for (position, row) in chunk.enumerated() {
      let own = x.extracting(position * width..<(position + 1) * width)
      for entry in rows.range(of: row) {
        let start = Int(rows.indices[entry]) * width
        let product = VectorMath.best.dot(own, fixed.extracting(start..<start + width))
        VectorMath.best.scaledAdd(
          alpha * rows.weights[entry] * product, fixed, from: start, 1, &out, from: position * width, count: width)
      }
    }
  }
}
