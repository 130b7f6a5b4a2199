import TwoTowerCVectorMath

/// One evaluation of a `RetrievalSoftmax`: what its tiles share.
///
/// Up to `keptColumnLimit` candidates, a tile keeps its exponentials until the candidate gradients are made of them:
/// slabs of rows in parallel, each with its own partial gradient, which are then added in order. Beyond, the candidates
/// are gone through slice by slice, and a second pass computes the exponentials again, chunk of columns by chunk of
/// columns in parallel: beside the candidates and their gradients, nothing of their size is held.
final class RetrievalSoftmaxPass: @unchecked Sendable {
  static let keptColumnLimit = 32_768
  private static let panelsPerSlice = 256
  private static let panelsPerColumnChunk = 64

  let problem: RetrievalSoftmax
  let dimension: Int
  let queries: FloatBuffer
  let candidates: FloatBuffer
  let queryGradients: FloatBuffer?
  let candidateGradients: FloatBuffer?
  let gradientScale: Float
  let table: UnsafePointer<vector_math_table>
  let rowWidth: Int
  private let panelCount: Int
  let maskedColumns: MaskedColumns
  /// What candidates are multiplied with, where they are normalised; else empty.
  let inverseNorms: [Float]
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
    rowWidth = CandidatePanels.rowWidth(dimension: dimension)
    panelCount = CandidatePanels.count(candidateCount: problem.candidateCount)
    maskedColumns = MaskedColumns(problem)
    let inverseNorms = problem.normalizesCandidates ? Self.inverseNorms(of: candidates, problem) : []
    self.inverseNorms = inverseNorms
    positiveLogits = problem.positiveColumns.enumerated().map { row, column in
      let dot = table.pointee.dot(
        queries.base + row * problem.dimension, candidates.base + Int(column) * problem.dimension, problem.dimension)
      let cosine = inverseNorms.isEmpty ? dot : inverseNorms[Int(column)] * dot
      return problem.scale * cosine + (problem.corrections.isEmpty ? 0 : problem.corrections[Int(column)])
    }
    shifts = FloatBuffer(positiveLogits)
    others = FloatBuffer(zeros: problem.queryCount)
    coefficients = FloatBuffer(zeros: problem.queryCount)
  }

  private static func inverseNorms(of candidates: FloatBuffer, _ problem: RetrievalSoftmax) -> [Float] {
    let width = problem.dimension
    return [Float](unsafeUninitializedCapacity: problem.candidateCount) { inverseNorms, count in
      count = problem.candidateCount
      guard let inverseNorms = inverseNorms.baseAddress else { return }
      nonisolated(unsafe) let out = inverseNorms
      parallelForEach(count: count, chunkSize: rowsPerChunk(width)) { rows in
        for r in rows { out[r] = inverseNorm(candidates.base + r * width, width, epsilon: smallestNorm) }
      }
    }
  }

  func run() -> Double {
    let loss: Double
    if candidateGradients != nil && panelCount * CandidatePanels.width <= Self.keptColumnLimit {
      loss = runKeepingExponentials()
    } else {
      loss = runForward()
      addCandidateGradientsByColumns()
    }
    // A positive of infinite logit would else look like a loss of 0.
    return positiveLogits.allSatisfy(\.isFinite) ? loss : .nan
  }

  private func panels(_ range: Range<Int>) -> CandidatePanels {
    CandidatePanels(
      candidates, range: range, candidateCount: problem.candidateCount, dimension: dimension,
      corrections: problem.corrections, inverseNorms: inverseNorms)
  }

  private var tileCount: Int { (problem.queryCount - 1) / RetrievalSoftmaxTile.capacity + 1 }

  private func rows(ofTile tile: Int) -> Range<Int> {
    let start = tile * RetrievalSoftmaxTile.capacity
    return start..<min(start + RetrievalSoftmaxTile.capacity, problem.queryCount)
  }

  private func runKeepingExponentials() -> Double {
    guard let candidateGradients else { return 0 }
    let panels = panels(0..<panelCount)
    let partialCount = panelCount * CandidatePanels.width * rowWidth
    // Enough slabs for many threads, few enough that the partial gradients stay within 32 MB; four of them even so,
    // which at the greatest number of columns and 128 dimensions take 64 MB.
    let slabLimit = max(4, min(16, (tileCount + 1) / 2, (1 << 23) / max(1, partialCount)))
    let tilesPerSlab = (tileCount + slabLimit - 1) / slabLimit
    let slabCount = (tileCount + tilesPerSlab - 1) / tilesPerSlab
    let losses = Partials(count: slabCount)
    let partials = (0..<slabCount).map { _ in FloatBuffer(uninitialized: partialCount) }
    parallelForEach(count: tileCount, chunkSize: tilesPerSlab) { tiles in
      let slab = tiles.lowerBound / tilesPerSlab
      partials[slab].zeroFirst(partialCount)
      let tile = RetrievalSoftmaxTile(self, panelCapacity: panelCount)
      for number in tiles {
        tile.load(rows(ofTile: number))
        tile.sweep(panels, keeping: true)
        if tile.overflows {
          tile.noteGreatest(panels)
          tile.raiseShifts()
          tile.sweep(panels, keeping: true)
        }
        losses[slab] += tile.finish()
        tile.addKeptCandidateGradients(of: panels, to: partials[slab])
      }
    }
    parallelForEach(count: problem.candidateCount, chunkSize: 256) { columns in
      let values = columns.lowerBound * rowWidth..<columns.upperBound * rowWidth
      for partial in partials.dropFirst() {
        for i in values { partials[0].base[i] += partial.base[i] }
      }
      add(partials[0], startingAt: 0, columns, to: candidateGradients)
    }
    return losses.total
  }

  /// The loss and the query gradients.
  ///
  /// Each tile keeps its sums from slice to slice of the candidates.
  private func runForward() -> Double {
    let tiles = (0..<tileCount).map { number in
      let tile = RetrievalSoftmaxTile(self, panelCapacity: RetrievalSoftmaxTile.blockPanels)
      tile.load(rows(ofTile: number))
      return tile
    }
    forEachSlice(of: tiles) { tile, panels in tile.sweep(panels, keeping: false) }
    let overflowing = tiles.filter(\.overflows)
    if !overflowing.isEmpty {
      forEachSlice(of: overflowing) { tile, panels in tile.noteGreatest(panels) }
      for tile in overflowing { tile.raiseShifts() }
      forEachSlice(of: overflowing) { tile, panels in tile.sweep(panels, keeping: false) }
    }
    return tiles.reduce(0) { $0 + $1.finish() }
  }

  /// Calls `body` for each slice of the candidates, in order, with all of `tiles` in parallel.
  private func forEachSlice(of tiles: [RetrievalSoftmaxTile], _ body: (RetrievalSoftmaxTile, CandidatePanels) -> Void) {
    for start in stride(from: 0, to: panelCount, by: Self.panelsPerSlice) {
      let panels = panels(start..<min(start + Self.panelsPerSlice, panelCount))
      parallelForEach(chunkCount: tiles.count) { body(tiles[$0], panels) }
    }
  }

  private func addCandidateGradientsByColumns() {
    guard let candidateGradients else { return }
    let width = CandidatePanels.width
    parallelForEach(count: panelCount, chunkSize: Self.panelsPerColumnChunk) { range in
      let panels = panels(range)
      let partial = FloatBuffer(zeros: range.count * width * rowWidth)
      let tile = RetrievalSoftmaxTile(self, panelCapacity: RetrievalSoftmaxTile.blockPanels)
      for number in 0..<tileCount {
        tile.load(rows(ofTile: number))
        tile.addCandidateGradients(of: panels, to: partial)
      }
      let first = range.lowerBound * width
      add(
        partial, startingAt: first, first..<min(range.upperBound * width, problem.candidateCount),
        to: candidateGradients)
    }
  }

  /// Adds the gradients of `columns`, complete in `partial` whose first row is that of column `first`.
  private func add(_ partial: FloatBuffer, startingAt first: Int, _ columns: Range<Int>, to gradients: FloatBuffer) {
    for column in columns {
      let source = partial.base + (column - first) * rowWidth
      let target = gradients.base + column * dimension
      if inverseNorms.isEmpty {
        for k in 0..<dimension { target[k] += source[k] }
      } else {
        addNormalizedRowGradient(
          source, x: candidates.base + column * dimension, inverseNorm: inverseNorms[column], dimension, into: target)
      }
    }
  }
}
