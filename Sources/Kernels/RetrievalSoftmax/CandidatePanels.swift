/// Some of the candidates as the tile kernels read them, normalised if wanted: transposed in panels of 32 columns, and
/// as rows padded with zeros.
struct CandidatePanels {
  static let width = 32

  /// Which of the panels of all candidates these are.
  let range: Range<Int>
  /// The dimension rounded up to a multiple of 16.
  let rowWidth: Int
  private let dimension: Int
  /// `[range.count, dimension, 32]`.
  private let transposed: FloatBuffer
  /// `[range.count * 32, rowWidth]`, from `rowOffset` on: the candidates themselves where they are read as they are.
  private let rows: FloatBuffer
  private let rowOffset: Int
  /// `[range.count * 32]`; −infinity beyond the last candidate, so that padding has probability 0.
  private let bias: FloatBuffer

  /// The number of panels of all candidates.
  static func count(candidateCount: Int) -> Int { (candidateCount + width - 1) / width }

  static func rowWidth(dimension: Int) -> Int { (dimension + 15) / 16 * 16 }

  /// - Parameter inverseNorms: what the candidates are multiplied with; empty for 1.
  init(
    _ candidates: FloatBuffer, range: Range<Int>, candidateCount: Int, dimension: Int, corrections: [Float],
    inverseNorms: [Float]
  ) {
    self.range = range
    self.dimension = dimension
    rowWidth = Self.rowWidth(dimension: dimension)
    transposed = FloatBuffer(uninitialized: range.count * Self.width * dimension)
    bias = FloatBuffer(uninitialized: range.count * Self.width)
    let first = range.lowerBound * Self.width
    let isCopied = !inverseNorms.isEmpty || rowWidth != dimension || range.upperBound * Self.width > candidateCount
    rows = isCopied ? FloatBuffer(uninitialized: range.count * Self.width * rowWidth) : candidates
    rowOffset = isCopied ? 0 : first * dimension
    let (rowWidth, source, transposed, rows) = (rowWidth, candidates.base, transposed.base, rows.base)
    parallelForEach(count: range.count, chunkSize: 64) { panels in
      for panel in panels {
        let block = transposed + panel * Self.width * dimension
        for lane in 0..<Self.width {
          let column = panel * Self.width + lane
          let row = rows + column * rowWidth
          if first + column < candidateCount {
            let values = source + (first + column) * dimension
            guard isCopied else {
              for k in 0..<dimension { block[k * Self.width + lane] = values[k] }
              continue
            }
            let factor = inverseNorms.isEmpty ? 1 : inverseNorms[first + column]
            for k in 0..<dimension {
              let value = factor * values[k]
              block[k * Self.width + lane] = value
              row[k] = value
            }
            (row + dimension).update(repeating: 0, count: rowWidth - dimension)
          } else {
            for k in 0..<dimension { block[k * Self.width + lane] = 0 }
            row.update(repeating: 0, count: rowWidth)
          }
        }
      }
    }
    for column in 0..<range.count * Self.width {
      let isCandidate = first + column < candidateCount
      bias.base[column] = isCandidate ? (corrections.isEmpty ? 0 : corrections[first + column]) : -.infinity
    }
  }

  /// `[panels, dimension, 32]` from `panel` on, a number among all panels.
  func transposed(from panel: Int) -> UnsafePointer<Float> {
    UnsafePointer(transposed.base + (panel - range.lowerBound) * Self.width * dimension)
  }

  /// `[panels * 32, rowWidth]` from `panel` on.
  func rows(from panel: Int) -> UnsafePointer<Float> {
    UnsafePointer(rows.base + rowOffset + (panel - range.lowerBound) * Self.width * rowWidth)
  }

  /// `[panels * 32]` from `panel` on.
  func bias(from panel: Int) -> UnsafePointer<Float> {
    UnsafePointer(bias.base + (panel - range.lowerBound) * Self.width)
  }
}
