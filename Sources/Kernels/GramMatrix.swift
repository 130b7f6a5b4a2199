/// XᵀX `[width, width]` of a matrix `[rows, width]`.
///
/// By SGEMM over blocks of rows whose partial results are added in order: the same bits on any number of threads.
///
/// - Precondition: `x` holds whole rows of `width`.
package func gramMatrix(_ x: Span<Float>, width: Int) -> FloatBuffer {
  let rows = width == 0 ? 0 : x.count / width
  precondition(rows * width == x.count, "gramMatrix: \(x.count) elements are no rows of \(width)")
  let blockSize = 1024
  let blockCount = (rows + blockSize - 1) / blockSize
  let size = width * width
  let partials = FloatBuffer(zeros: blockCount * size)
  let total = FloatBuffer(zeros: size)
  x.withUnsafeBufferPointer { x in
    guard let base = x.baseAddress else { return }
    parallelForEach(count: rows, chunkSize: blockSize) { range in
      let block = GemmOperand(base + range.lowerBound * width, rowStride: width, isTransposed: true)
      gemm(
        block, GemmOperand(base + range.lowerBound * width, rowStride: width),
        partials.base + range.lowerBound / blockSize * size, rowStride: width,
        rows: width, columns: width, inner: range.count, alpha: 1, beta: 0)
    }
  }
  for block in 0..<blockCount { addScaledRow(1, partials.base + block * size, into: total.base, size) }
  return total
}
