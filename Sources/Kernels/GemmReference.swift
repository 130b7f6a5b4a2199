/// The plain definition of `matrixMultiply`: three loops, sums in Double.
///
/// Explains the fast one and tests it.
package func matrixMultiplyReference(
  _ a: Span<Float>, _ b: Span<Float>, into c: inout MutableSpan<Float>,
  rows: Int, columns: Int, inner: Int,
  transposeA: Bool = false, transposeB: Bool = false, alpha: Float = 1, beta: Float = 0
) {
  checkGemmCounts(a.count, b.count, c.count, rows: rows, columns: columns, inner: inner)
  for row in 0..<rows {
    for column in 0..<columns {
      var sum = 0.0
      for k in 0..<inner {
        let left = transposeA ? a[k * rows + row] : a[row * inner + k]
        let right = transposeB ? b[column * inner + k] : b[k * columns + column]
        sum += Double(left) * Double(right)
      }
      let old = beta == 0 ? 0 : Double(beta) * Double(c[row * columns + column])
      c[row * columns + column] = Float(Double(alpha) * sum + old)
    }
  }
}
