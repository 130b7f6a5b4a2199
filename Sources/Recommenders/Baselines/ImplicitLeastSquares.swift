import Foundation
import Synchronization
import TwoTowerAutodiff
import TwoTowerKernels

/// Least squares of implicit feedback with one side's embeddings fixed, in the form of Rendle, Krichene, Zhang, Koren,
/// "Revisiting the performance of iALS on item recommendation benchmarks" (RecSys 2022, equations 1 to 3).
///
/// The embedding x of a row minimises Σ w · (1 − x · y)² over what the row has + α₀ · Σ (x · y)² over all fixed y +
/// λ · (Σ w + α₀ · fixedCount)^ν · |x|². Alternating it between users and items is iALS; with the items fixed it folds new
/// users into any model whose score is a dot product. A row that has nothing gets zeros.
///
/// YᵀY is diagonal in the basis of its eigenvectors, where a row that has fewer y than there are dimensions takes a
/// system of its own size (the Woodbury identity): (Λ + BᵀB)⁻¹ Bᵀ = Λ⁻¹ Bᵀ (I + B Λ⁻¹ Bᵀ)⁻¹.
package struct ImplicitLeastSquares: Sendable {
  /// What the objective is made of besides the interactions.
  package struct Weights: Sendable, Equatable {
    /// α₀, the weight of every pair's product.
    package var unobserved: Float
    /// λ.
    package var regularization: Float
    /// ν.
    package var regularizationExponent: Float

    package init(unobserved: Float, regularization: Float, regularizationExponent: Float) {
      self.unobserved = unobserved
      self.regularization = regularization
      self.regularizationExponent = regularizationExponent
    }

    func check() throws(BaselineError) {
      for (name, value) in [("unobserved-weight", unobserved), ("regularization", regularization)] {
        try BaselineError.check(name, value, expected: "a finite number above 0", value > 0 && value.isFinite)
      }
      try BaselineError.check(
        "regularization-exponent", regularizationExponent, expected: "0 to 2",
        (0...2).contains(regularizationExponent))
    }
  }

  private let weights: Weights
  private let fixedCount, dimension: Int
  /// The eigenvectors of YᵀY, a row each.
  private let basis: FloatBuffer
  /// α₀ · the eigenvalues.
  private let spectrum: [Float]
  /// Y in that basis, `[fixedCount, dimension]`.
  private let rotated: FloatBuffer
  private static let rowsPerChunk = 64

  /// - Parameter fixed: `[fixedCount, dimension]`.
  /// - Throws: `BaselineError` when a setting is out of its range or the embeddings are not finite.
  package init(fixed: Tensor, weights: Weights) throws(BaselineError) {
    try weights.check()
    precondition(fixed.shape.rank == 2, "ImplicitLeastSquares: shape \(fixed.shape) is not [rows, dimension]")
    let (fixedCount, dimension) = (fixed.shape[0], fixed.shape[1])
    let basis = FloatBuffer(zeros: dimension * dimension)
    var vectors = basis.mutableSpan
    matrixMultiply(
      fixed.buffer.span, fixed.buffer.span, into: &vectors, rows: dimension, columns: dimension, inner: fixedCount,
      transposeA: true)
    guard let values = symmetricEigen(&vectors, order: dimension) else {
      throw .notPositiveDefinite(regularization: weights.regularization)
    }
    // What rounding makes of a 0 may be below it.
    spectrum = values.map { weights.unobserved * max(0, $0) }
    let rotated = FloatBuffer(zeros: fixedCount * dimension)
    var target = rotated.mutableSpan
    matrixMultiply(
      fixed.buffer.span, basis.span, into: &target, rows: fixedCount, columns: dimension, inner: dimension,
      transposeB: true)
    (self.weights, self.fixedCount, self.dimension) = (weights, fixedCount, dimension)
    (self.basis, self.rotated) = (basis, rotated)
  }

  /// The embedding of each row, `[rows.rowCount, dimension]`.
  ///
  /// - Precondition: the rows' indices are rows of `fixed`.
  /// - Throws: `BaselineError.notPositiveDefinite`.
  package func solve(_ rows: SparseRows) throws(BaselineError) -> Tensor {
    rows.checkIndices(below: fixedCount, "ImplicitLeastSquares.solve")
    let solutions = FloatBuffer(zeros: rows.rowCount * dimension)
    let hasFailed = Atomic(false)
    parallelForEach(rowsOf: solutions, width: dimension, chunkSize: Self.rowsPerChunk) { chunk, part in
      let scratch = Scratch(dimension)
      for (position, row) in chunk.enumerated() where !rows.range(of: row).isEmpty {
        var solution = part.part(position * dimension..<(position + 1) * dimension)
        if !solve(row, of: rows, scratch, into: &solution) { hasFailed.store(true, ordering: .relaxed) }
      }
    }
    guard !hasFailed.load(ordering: .relaxed) else {
      throw .notPositiveDefinite(regularization: weights.regularization)
    }
    let embeddings = Tensor(zeros: [rows.rowCount, dimension])
    var target = embeddings.buffer.mutableSpan
    matrixMultiply(
      solutions.span, basis.span, into: &target, rows: rows.rowCount, columns: dimension, inner: dimension)
    return embeddings
  }

  /// What a thread works in.
  private struct Scratch {
    let matrix, slab: FloatBuffer

    init(_ dimension: Int) {
      matrix = FloatBuffer(zeros: dimension * dimension)
      slab = FloatBuffer(zeros: dimension * dimension)
    }
  }

  /// Solves one row in the rotated basis; false where that is not possible in single precision.
  private func solve(
    _ row: Int, of rows: SparseRows, _ scratch: Scratch, into solution: inout MutableSpan<Float>
  ) -> Bool {
    let entries = rows.range(of: row)
    let total = rows.weightSum(of: row) + Double(weights.unobserved) * Double(fixedCount)
    let ridge = weights.regularization * Float(pow(total, Double(weights.regularizationExponent)))
    return entries.count < dimension
      ? solveInner(entries, of: rows, ridge, scratch, into: &solution)
      : solveOuter(entries, of: rows, ridge, scratch, into: &solution)
  }

  /// x = Λ⁻¹ Bᵀ z with (I + B Λ⁻¹ Bᵀ) z = √w, B = √w · Y of the row.
  private func solveInner(
    _ entries: Range<Int>, of rows: SparseRows, _ ridge: Float, _ scratch: Scratch,
    into solution: inout MutableSpan<Float>
  ) -> Bool {
    let (count, width) = (entries.count, dimension)
    let scales = spectrum.map { 1 / ($0 + ridge).squareRoot() }
    var slab = scratch.slab.mutableSpan
    let source = rotated.span
    for (position, entry) in entries.enumerated() {
      let root = rows.weights[entry].squareRoot()
      let from = Int(rows.indices[entry]) * width
      for column in 0..<width { slab[position * width + column] = root * scales[column] * source[from + column] }
    }
    var system = scratch.matrix.mutableSpan(of: 0..<count * count)
    matrixMultiply(
      scratch.slab.span, scratch.slab.span, into: &system, rows: count, columns: count, inner: width, transposeB: true)
    for index in 0..<count { system[index * (count + 1)] += 1 }
    let multipliers = FloatBuffer(entries.map { rows.weights[$0].squareRoot() })
    var z = multipliers.mutableSpan
    guard solvePositiveDefinite(&system, rows: &z, order: count) else { return false }
    for position in 0..<count {
      VectorMath.best.scaledAdd(
        multipliers.span[position], scratch.slab.span, from: position * width, 1, &solution, count: width)
    }
    for column in 0..<width { solution[column] *= scales[column] }
    return true
  }

  /// (Λ + BᵀB) x = Bᵀ √w.
  private func solveOuter(
    _ entries: Range<Int>, of rows: SparseRows, _ ridge: Float, _ scratch: Scratch,
    into solution: inout MutableSpan<Float>
  ) -> Bool {
    let width = dimension
    var system = scratch.matrix.mutableSpan
    for index in 0..<width * width { system[index] = 0 }
    for index in 0..<width { system[index * (width + 1)] = spectrum[index] + ridge }
    var slab = scratch.slab.mutableSpan
    // Slabs bound the memory of a row that has very much.
    for start in stride(from: entries.lowerBound, to: entries.upperBound, by: width) {
      let part = start..<min(start + width, entries.upperBound)
      for (position, entry) in part.enumerated() {
        let from = Int(rows.indices[entry]) * width
        let root = rows.weights[entry].squareRoot()
        VectorMath.best.scaledAdd(root, rotated.span, from: from, 0, &slab, from: position * width, count: width)
        VectorMath.best.scaledAdd(rows.weights[entry], rotated.span, from: from, 1, &solution, count: width)
      }
      matrixMultiply(
        scratch.slab.span, scratch.slab.span, into: &system, rows: width, columns: width, inner: part.count,
        transposeA: true, beta: 1)
    }
    return solvePositiveDefinite(&system, rows: &solution, order: width)
  }
}
