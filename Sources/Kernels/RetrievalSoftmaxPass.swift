import CVectorMath

/// One evaluation of a `RetrievalSoftmax`: what its tiles share.
///
/// Up to `keptColumnLimit` candidates, a tile keeps its exponentials until the candidate gradients are made of them:
/// slabs of rows in parallel, each with its own partial gradient, which are then added in order. Beyond, a second pass
/// computes them again, block of columns by block of columns in parallel; so memory grows with neither extent's product.
final class RetrievalSoftmaxPass: @unchecked Sendable {
  static let keptColumnLimit = 32_768
  private static let panelsPerColumnChunk = 64

  let problem: RetrievalSoftmax
  let dimension: Int
  let queries: FloatBuffer
  let candidates: FloatBuffer
  let queryGradients: FloatBuffer?
  let candidateGradients: FloatBuffer?
  let gradientScale: Float
  let table: UnsafePointer<vector_math_table>
  let panels: CandidatePanels
  let maskedColumns: MaskedColumns
  let positiveLogits: [Float]
  /// Per row: what is subtracted from its logits.
  let shifts: FloatBuffer
  /// Per row: Σ exp(logit − shift) over the columns other than the positive.
  let others: FloatBuffer
  /// Per row: weight · gradient scale · scale / (Σ exp(logit − shift) over all columns).
  let coefficients: FloatBuffer

  init(
    _ problem: RetrievalSoftmax, queries: FloatBuffer, candidates: FloatBuffer, queryGradients: FloatBuffer?,
    candidateGradients: FloatBuffer?, gradientScale: Float, table: UnsafePointer<vector_math_table>
  ) {
    self.problem = problem
    dimension = problem.dimension
    self.queries = queries
    self.candidates = candidates
    self.queryGradients = queryGradients
    self.candidateGradients = candidateGradients
    self.gradientScale = gradientScale
    self.table = table
    panels = CandidatePanels(
      candidates, candidateCount: problem.candidateCount, dimension: dimension, corrections: problem.corrections)
    maskedColumns = MaskedColumns(problem)
    positiveLogits = problem.positiveColumns.enumerated().map { row, column in
      let dot = table.pointee.dot(
        queries.base + row * problem.dimension, candidates.base + Int(column) * problem.dimension, problem.dimension)
      return problem.scale * dot + (problem.corrections.isEmpty ? 0 : problem.corrections[Int(column)])
    }
    shifts = FloatBuffer(positiveLogits)
    others = FloatBuffer(zeros: problem.queryCount)
    coefficients = FloatBuffer(zeros: problem.queryCount)
  }

  func run() -> Double {
    let loss: Double
    if panels.count * CandidatePanels.width <= Self.keptColumnLimit {
      loss = runKeepingExponentials()
    } else {
      loss = runForward()
      addCandidateGradientsByColumns()
    }
    // A positive of infinite logit would else look like a loss of 0.
    return positiveLogits.allSatisfy(\.isFinite) ? loss : .nan
  }

  private var tileCount: Int { (problem.queryCount - 1) / RetrievalSoftmaxTile.capacity + 1 }

  private func rows(ofTile tile: Int) -> Range<Int> {
    let start = tile * RetrievalSoftmaxTile.capacity
    return start..<min(start + RetrievalSoftmaxTile.capacity, problem.queryCount)
  }

  private func runKeepingExponentials() -> Double {
    guard let candidateGradients else { return runForward() }
    let partialCount = panels.count * CandidatePanels.width * panels.rowWidth
    // Enough slabs for many threads, few enough that the partial gradients stay within 32 MB.
    let slabLimit = max(4, min(16, (tileCount + 1) / 2, (1 << 23) / max(1, partialCount)))
    let tilesPerSlab = (tileCount + slabLimit - 1) / slabLimit
    let slabCount = (tileCount + tilesPerSlab - 1) / tilesPerSlab
    let losses = Partials(count: slabCount)
    let partials = (0..<slabCount).map { _ in FloatBuffer(uninitialized: partialCount) }
    parallelForEach(count: tileCount, chunkSize: tilesPerSlab) { tiles in
      let slab = tiles.lowerBound / tilesPerSlab
      partials[slab].zeroFirst(partialCount)
      let tile = RetrievalSoftmaxTile(self, panelCapacity: panels.count)
      for number in tiles {
        tile.load(rows(ofTile: number))
        losses[slab] += tile.forward(keeping: true)
        tile.addKeptCandidateGradients(to: partials[slab])
      }
    }
    parallelForEach(count: problem.candidateCount, chunkSize: 256) { columns in
      for partial in partials { add(partial, startingAt: 0, columns, to: candidateGradients) }
    }
    return losses.total
  }

  /// The loss and the query gradients.
  private func runForward() -> Double {
    let tilesPerChunk = 4
    let losses = Partials(count: (tileCount + tilesPerChunk - 1) / tilesPerChunk)
    parallelForEach(count: tileCount, chunkSize: tilesPerChunk) { tiles in
      let tile = RetrievalSoftmaxTile(self, panelCapacity: RetrievalSoftmaxTile.blockPanels)
      for number in tiles {
        tile.load(rows(ofTile: number))
        losses[tiles.lowerBound / tilesPerChunk] += tile.forward(keeping: false)
      }
    }
    return losses.total
  }

  private func addCandidateGradientsByColumns() {
    guard let candidateGradients else { return }
    let width = CandidatePanels.width
    parallelForEach(count: panels.count, chunkSize: Self.panelsPerColumnChunk) { range in
      let partial = FloatBuffer(zeros: range.count * width * panels.rowWidth)
      let tile = RetrievalSoftmaxTile(self, panelCapacity: RetrievalSoftmaxTile.blockPanels)
      for number in 0..<tileCount {
        tile.load(rows(ofTile: number))
        tile.addCandidateGradients(of: range, to: partial)
      }
      let first = range.lowerBound * width
      add(
        partial, startingAt: first, first..<min(range.upperBound * width, problem.candidateCount),
        to: candidateGradients)
    }
  }

  private func add(_ partial: FloatBuffer, startingAt first: Int, _ columns: Range<Int>, to gradients: FloatBuffer) {
    for column in columns {
      let source = partial.base + (column - first) * panels.rowWidth
      let target = gradients.base + column * dimension
      for k in 0..<dimension { target[k] += source[k] }
    }
  }
}
