/// General matrix multiplication, C = alpha · op(A) · op(B) + beta · C, with op(X) = X or its transpose.
///
/// Row-major: `a` is `[rows, inner]` (`[inner, rows]` with `transposeA`), `b` is `[inner, columns]`
/// (`[columns, inner]` with `transposeB`), `c` is `[rows, columns]`. With `beta` 0 the old content of `c` is not read.
/// Spans may be longer than the matrices. Runs on OpenBLAS in chunks of the output whose size depends on the shape
/// alone, so the result has the same bits on any number of threads.
package func matrixMultiply(
  _ a: Span<Float>, _ b: Span<Float>, into c: inout MutableSpan<Float>,
  rows: Int, columns: Int, inner: Int,
  transposeA: Bool = false, transposeB: Bool = false, alpha: Float = 1, beta: Float = 0
) {
  checkGemmCounts(a.count, b.count, c.count, rows: rows, columns: columns, inner: inner)
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      c.withUnsafeMutableBufferPointer { c in
        guard let c = c.baseAddress else { return }
        let left = GemmOperand(a.baseAddress, rowStride: transposeA ? rows : inner, isTransposed: transposeA)
        let right = GemmOperand(b.baseAddress, rowStride: transposeB ? inner : columns, isTransposed: transposeB)
        parallelGemm(left, right, c, rows: rows, columns: columns, inner: inner, alpha: alpha, beta: beta)
      }
    }
  }
}

func checkGemmCounts(_ a: Int, _ b: Int, _ c: Int, rows: Int, columns: Int, inner: Int) {
  precondition(
    rows >= 0 && columns >= 0 && inner >= 0 && max(rows, columns, inner) <= Int(Int32.max),
    "matrixMultiply: extents out of range: rows \(rows), columns \(columns), inner \(inner)")
  precondition(
    a >= rows * inner && b >= inner * columns && c >= rows * columns,
    "matrixMultiply: [\(rows), \(inner)] · [\(inner), \(columns)] does not fit counts \(a), \(b) into \(c)")
}

/// A row-major matrix operand in memory.
struct GemmOperand {
  let base: UnsafePointer<Float>?
  let rowStride: Int
  let isTransposed: Bool

  init(_ base: UnsafePointer<Float>?, rowStride: Int, isTransposed: Bool = false) {
    self.base = base
    self.rowStride = rowStride
    self.isTransposed = isTransposed
  }

  /// The operand from row `start` of op(X) on.
  func fromRow(_ start: Int) -> GemmOperand {
    moved(by: start * (isTransposed ? 1 : rowStride))
  }

  /// The operand from column `start` of op(X) on.
  func fromColumn(_ start: Int) -> GemmOperand {
    moved(by: start * (isTransposed ? rowStride : 1))
  }

  private func moved(by elements: Int) -> GemmOperand {
    GemmOperand(base.map { $0 + elements }, rowStride: rowStride, isTransposed: isTransposed)
  }
}

/// The rows or columns of one chunk: enough work to pay for packing the other operand again, yet several chunks.
///
/// A product of a few microseconds stays whole.
private func gemmChunk(_ extent: Int, multiplyAdds: Int) -> Int {
  if multiplyAdds < 1 << 18 { return max(1, extent) }
  return max(extent <= 512 ? 64 : 128, (extent / 16 + 63) / 64 * 64)
}

private func parallelGemm(
  _ a: GemmOperand, _ b: GemmOperand, _ c: UnsafeMutablePointer<Float>,
  rows: Int, columns: Int, inner: Int, alpha: Float, beta: Float
) {
  let multiplyAdds = rows * columns * inner
  if rows >= columns {
    parallelForEach(count: rows, chunkSize: gemmChunk(rows, multiplyAdds: multiplyAdds)) { range in
      gemm(
        a.fromRow(range.lowerBound), b, c + range.lowerBound * columns, rowStride: columns,
        rows: range.count, columns: columns, inner: inner, alpha: alpha, beta: beta)
    }
  } else {
    parallelForEach(count: columns, chunkSize: gemmChunk(columns, multiplyAdds: multiplyAdds)) { range in
      gemm(
        a, b.fromColumn(range.lowerBound), c + range.lowerBound, rowStride: columns,
        rows: rows, columns: range.count, inner: inner, alpha: alpha, beta: beta)
    }
  }
}

/// GEMM on the calling thread, into a matrix whose rows are `rowStride` apart.
func gemm(
  _ a: GemmOperand, _ b: GemmOperand, _ c: UnsafeMutablePointer<Float>, rowStride: Int,
  rows: Int, columns: Int, inner: Int, alpha: Float, beta: Float
) {
  guard rows > 0 && columns > 0 else { return }
  guard inner > 0, let left = a.base, let right = b.base else {
    scaleRows(of: c, rowStride: rowStride, rows: rows, columns: columns, by: beta)
    return
  }
  BLAS.multiply(
    left, rowStride: a.rowStride, transposed: a.isTransposed, right, rowStride: b.rowStride, transposed: b.isTransposed,
    into: c, rowStride: rowStride, rows: rows, columns: columns, inner: inner, alpha: alpha, beta: beta)
}

/// C = beta · C, all that is left of a product with inner extent 0.
private func scaleRows(of c: UnsafeMutablePointer<Float>, rowStride: Int, rows: Int, columns: Int, by beta: Float) {
  for row in 0..<rows {
    let start = c + row * rowStride
    for column in 0..<columns { start[column] = beta == 0 ? 0 : beta * start[column] }
  }
}
