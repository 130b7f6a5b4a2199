/// Replaces a symmetric matrix, `[order, order]`, by its eigenvectors, a row each, of length 1 and in the order of the
/// eigenvalues (LAPACK's syevd).
///
/// Only the upper triangle is read. Runs on the calling thread.
///
/// - Returns: the eigenvalues, ascending; nil when the matrix is not finite or the iteration does not converge, and the
///   content is then undefined.
package func symmetricEigen(_ matrix: inout MutableSpan<Float>, order: Int) -> [Float]? {
  precondition(
    order >= 0 && order <= 1 << 14 && matrix.count == order * order,
    "symmetricEigen: \(matrix.count) values are not [\(order), \(order)]")
  guard order > 0 else { return [] }
  guard firstNonFinite(matrix.span) == nil else { return nil }
  return matrix.withUnsafeMutableBufferPointer { matrix in
    var values = [Float](repeating: 0, count: order)
    let isFound = values.withUnsafeMutableBufferPointer {
      BLAS.eigenvectors(matrix.baseAddress!, values: $0.baseAddress!, order: order)
    }
    return isFound ? values : nil
  }
}
