/// Replaces a symmetric positive definite matrix, `[order, order]`, by its inverse (LAPACK's potrf and potri).
///
/// Only the upper triangle is read. No second matrix is stored.
///
/// - Returns: false when the matrix is not positive definite in single precision; its content is then undefined.
package func invertPositiveDefinite(_ matrix: inout MutableSpan<Float>, order: Int) -> Bool {
  precondition(
    order >= 0 && order <= 1 << 20 && matrix.count == order * order,
    "invertPositiveDefinite: \(matrix.count) values are not [\(order), \(order)]")
  return matrix.withUnsafeMutableBufferPointer { matrix in
    guard let a = matrix.baseAddress, order > 0 else { return true }
    guard factorize(a, order: order) else { return false }
    guard BLAS.invertFactorized(a, order: order) else { return false }
    mirrorUpperTriangle(a, order: order)
    return true
  }
}

/// Solves `matrix` · x = b for each row b of `rows`, `[count, order]`, in place, by Cholesky factorisation.
///
/// Only the upper triangle of `matrix`, `[order, order]`, is read; the factor takes its place. Runs on the calling
/// thread.
///
/// - Returns: false when the matrix is not positive definite in single precision; `rows` are then untouched.
package func solvePositiveDefinite(
  _ matrix: inout MutableSpan<Float>, rows: inout MutableSpan<Float>, order: Int
) -> Bool {
  let count = order == 0 ? 0 : rows.count / order
  precondition(
    order >= 0 && order <= 1 << 20 && matrix.count == order * order && rows.count == count * order,
    "solvePositiveDefinite: \(matrix.count) and \(rows.count) values are not [\(order), \(order)] and rows of \(order)")
  return matrix.withUnsafeMutableBufferPointer { matrix in
    rows.withUnsafeMutableBufferPointer { rows in
      guard let a = matrix.baseAddress, let b = rows.baseAddress, count > 0 else { return true }
      guard factorize(a, order: order) else { return false }
      // With A = UᵀU, rows X of X · A = B are B · U⁻¹ · U⁻ᵀ.
      for transposed in [false, true] {
        BLAS.solveTriangular(a, transposed: transposed, rows: b, count: count, order: order)
      }
      return true
    }
  }
}

/// A = UᵀU in the upper triangle.
private func factorize(_ a: UnsafeMutablePointer<Float>, order: Int) -> Bool {
  guard BLAS.factorize(a, order: order) else { return false }
  // LAPACK lets what is not a number pass; it always reaches the diagonal.
  return (0..<order).allSatisfy { a[$0 * (order + 1)].isFinite }
}

/// Copies the upper triangle below the diagonal, in squares that stay in the cache.
private func mirrorUpperTriangle(_ a: UnsafeMutablePointer<Float>, order: Int) {
  let side = 64
  parallelForEach(count: order, chunkSize: side) { rows in
    for start in stride(from: 0, to: rows.upperBound, by: side) {
      for row in rows {
        for column in start..<max(start, min(start + side, row)) { a[row * order + column] = a[column * order + row] }
      }
    }
  }
}
