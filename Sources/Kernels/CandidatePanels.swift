/// The candidates as the tile kernels read them: transposed in panels of 32 columns, and as rows padded with zeros.
struct CandidatePanels {
  static let width = 32

  let count: Int
  /// The dimension rounded up to a multiple of 16.
  let rowWidth: Int
  /// `[count, dimension, 32]`.
  let transposed: FloatBuffer
  /// `[count * 32, rowWidth]`.
  let rows: FloatBuffer
  /// `[count * 32]`; −infinity beyond the last candidate, so that padding has probability 0.
  let bias: FloatBuffer

  init(_ candidates: FloatBuffer, candidateCount: Int, dimension: Int, corrections: [Float]) {
    count = (candidateCount + Self.width - 1) / Self.width
    rowWidth = (dimension + 15) / 16 * 16
    transposed = FloatBuffer(uninitialized: count * Self.width * dimension)
    bias = FloatBuffer(uninitialized: count * Self.width)
    let isPadded = rowWidth != dimension || count * Self.width != candidateCount
    rows = isPadded ? FloatBuffer(uninitialized: count * Self.width * rowWidth) : candidates
    let (rowWidth, source, transposed, rows) = (rowWidth, candidates.base, transposed.base, rows.base)
    parallelForEach(count: count, chunkSize: 64) { panels in
      for panel in panels {
        let block = transposed + panel * Self.width * dimension
        for lane in 0..<Self.width {
          let column = panel * Self.width + lane
          let row = rows + column * rowWidth
          if column < candidateCount {
            let values = source + column * dimension
            for k in 0..<dimension { block[k * Self.width + lane] = values[k] }
            guard isPadded else { continue }
            row.update(from: values, count: dimension)
            (row + dimension).update(repeating: 0, count: rowWidth - dimension)
          } else {
            for k in 0..<dimension { block[k * Self.width + lane] = 0 }
            row.update(repeating: 0, count: rowWidth)
          }
        }
      }
    }
    for column in 0..<count * Self.width {
      bias.base[column] = column < candidateCount ? (corrections.isEmpty ? 0 : corrections[column]) : -.infinity
    }
  }
}
