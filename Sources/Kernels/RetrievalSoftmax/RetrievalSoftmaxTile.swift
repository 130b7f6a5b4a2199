import Foundation
import TwoTowerCVectorMath

/// One thread's scratch for a tile of up to 128 rows of the retrieval softmax, and the steps over it.
///
/// The tile holds exp(logit − shift) of every column but the positive one, with the row's own positive logit as shift:
/// then loss = log(1 + Σ tile), without a pass for the maximum, and small losses keep their digits.
final class RetrievalSoftmaxTile {
  static let capacity = 1 << MaskedCells.rowBits
  /// Panels that are worked on at a time: a block of the tile stays in the level-2 cache.
  static let blockPanels = (1 << MaskedCells.blockColumnBits) / CandidatePanels.width

  private let pass: RetrievalSoftmaxPass
  private let table: vector_math_table
  private(set) var rows = 0..<0
  /// The rows, rounded up to a multiple of 8.
  private var paddedCount = 0
  private let packedQueries: FloatBuffer
  private let scaledQueries: FloatBuffer
  private let queryGradient: FloatBuffer
  private let shift: FloatBuffer
  /// The greatest logit of each row, where one had to be looked for.
  private var greatest: [Float] = []
  private let sums: UnsafeMutablePointer<Double>
  /// `[panels, paddedCount, 32]` of all columns, or of one block when they are not kept.
  private let exponentials: FloatBuffer
  private var masked = MaskedCells()

  init(_ pass: RetrievalSoftmaxPass, panelCapacity: Int) {
    self.pass = pass
    table = pass.table.pointee
    packedQueries = FloatBuffer(uninitialized: Self.capacity * pass.dimension)
    scaledQueries = FloatBuffer(uninitialized: Self.capacity * pass.rowWidth)
    queryGradient = FloatBuffer(uninitialized: Self.capacity * pass.rowWidth)
    shift = FloatBuffer(uninitialized: Self.capacity)
    sums = .allocate(capacity: Self.capacity)
    exponentials = FloatBuffer(uninitialized: panelCapacity * CandidatePanels.width * Self.capacity)
  }

  deinit { sums.deallocate() }

  /// Takes up `rows` of the queries, with nothing summed yet.
  func load(_ rows: Range<Int>) {
    self.rows = rows
    paddedCount = (rows.count + 7) / 8 * 8
    let (dimension, scale) = (pass.dimension, pass.problem.scale)
    for r in 0..<paddedCount {
      let packed = packedQueries.base + r / 8 * 8 * dimension + r % 8
      guard r < rows.count else {
        for k in 0..<dimension { packed[k * 8] = 0 }
        shift.base[r] = .infinity  // exponentials of rows beyond the last are 0
        continue
      }
      let query = pass.queries.base + (rows.lowerBound + r) * dimension
      for k in 0..<dimension { packed[k * 8] = scale * query[k] }
      shift.base[r] = pass.shifts.base[rows.lowerBound + r]
    }
    clearSums()
  }

  private func clearSums() {
    sums.initialize(repeating: 0, count: paddedCount)
    queryGradient.base.update(repeating: 0, count: paddedCount * pass.rowWidth)
  }

  /// Fills one block with exponentials (logits when `exponentiates` is false), masked ones with `maskedValue`.
  private func fill(
    _ block: Int, of panels: CandidatePanels, at destination: UnsafeMutablePointer<Float>, shift: FloatBuffer,
    exponentiates: Bool = true
  ) -> Range<Int> {
    let first = panels.range.lowerBound + block * Self.blockPanels
    let range = first..<min(first + Self.blockPanels, panels.range.upperBound)
    table.logit_tile(
      packedQueries.base, panels.transposed(from: first), panels.bias(from: first), shift.base, destination,
      paddedCount, range.count, pass.dimension, exponentiates)
    let value: Float = exponentiates ? 0 : -.infinity
    let rowCount = paddedCount
    masked.forEach(inBlock: block) { row, column in
      destination[Self.position(row, column, rowCount)] = value
    }
    return range
  }

  /// Where a tile of `rowCount` rows holds a row and a column, counted from its first.
  private static func position(_ row: Int, _ column: Int, _ rowCount: Int) -> Int {
    (column / CandidatePanels.width * rowCount + row) * CandidatePanels.width + column % CandidatePanels.width
  }

  private func blockCount(_ panels: CandidatePanels) -> Int {
    (panels.range.count + Self.blockPanels - 1) / Self.blockPanels
  }

  private func destination(_ block: Int, keeping: Bool) -> UnsafeMutablePointer<Float> {
    exponentials.base + (keeping ? block * Self.blockPanels * paddedCount * CandidatePanels.width : 0)
  }

  /// Adds the exponentials of `panels` to the sums of the rows and, if wanted, to the query gradients; with `keeping`,
  /// they stay.
  func sweep(_ panels: CandidatePanels, keeping: Bool) {
    masked.collect(rows, in: panels.range, of: pass.maskedColumns)
    for block in 0..<blockCount(panels) {
      let destination = destination(block, keeping: keeping)
      let range = fill(block, of: panels, at: destination, shift: shift)
      table.add_row_sums(destination, sums, paddedCount, range.count)
      guard pass.queryGradients != nil else { continue }
      table.add_tile_times_candidates(
        destination, panels.rows(from: range.lowerBound), queryGradient.base, paddedCount, range.count, pass.rowWidth)
    }
  }

  /// The rows whose positive lies so far below their greatest logit that exponentials overflow.
  private var overflowing: [Int] { (0..<rows.count).filter { !(sums[$0] < 1e30) } }

  /// Whether sweeps have to be made again, with greater shifts.
  var overflows: Bool { !overflowing.isEmpty }

  /// Looks for the greatest logits of rows that overflow among `panels` too.
  func noteGreatest(_ panels: CandidatePanels) {
    let noShift = FloatBuffer(zeros: paddedCount)
    if greatest.isEmpty { greatest = [Float](repeating: -.infinity, count: paddedCount) }
    masked.collect(rows, in: panels.range, of: pass.maskedColumns)
    for block in 0..<blockCount(panels) {
      let destination = exponentials.base
      let range = fill(block, of: panels, at: destination, shift: noShift, exponentiates: false)
      for r in overflowing {
        for panel in 0..<range.count {
          let start = destination + (panel * paddedCount + r) * CandidatePanels.width
          greatest[r] = max(greatest[r], table.maximum(start, CandidatePanels.width))
        }
      }
    }
  }

  /// Takes the greatest logits as the shifts of rows that overflow; nothing is summed afterwards.
  func raiseShifts() {
    for r in overflowing {
      shift.base[r] = greatest[r]
      pass.shifts.base[rows.lowerBound + r] = greatest[r]
    }
    greatest = []
    clearSums()
  }

  /// The loss of the rows, once all panels are swept; adds their gradients, if wanted, and records their shift, sum and
  /// gradient coefficient in the pass.
  func finish() -> Double {
    var loss = 0.0
    for (r, row) in rows.enumerated() { loss += finish(r, row) }
    return loss
  }

  private func finish(_ r: Int, _ row: Int) -> Double {
    let positive = Int(pass.problem.positiveColumns[row])
    let others = sums[r]
    let lead = Double(shift.base[r]) - Double(pass.positiveLogits[row])
    let weight = pass.problem.rowWeights.isEmpty ? 1 : Double(pass.problem.rowWeights[row])
    let own = lead == 0 ? 1 : exp(-lead)
    let loss = lead == 0 ? log1p(others) : log(own + others) + lead
    let coefficient = Float(weight * Double(pass.gradientScale) * Double(pass.problem.scale) / (own + others))
    pass.others.base[row] = Float(others)
    pass.coefficients.base[row] = coefficient
    if let gradients = pass.queryGradients {
      let target = gradients.base + row * pass.dimension
      let sum = queryGradient.base + r * pass.rowWidth
      let candidate = pass.candidates.base + positive * pass.dimension
      let share = Float(others) * (pass.inverseNorms.isEmpty ? 1 : pass.inverseNorms[positive])
      for k in 0..<pass.dimension { target[k] += coefficient * (sum[k] - share * candidate[k]) }
    }
    return weight * loss
  }

  /// Adds the candidate gradients of the kept exponentials of `panels`, all there are, into `partial`,
  /// `[panels * 32, rowWidth]`.
  func addKeptCandidateGradients(of panels: CandidatePanels, to partial: FloatBuffer) {
    scaleQueries()
    placePositives(panels.range, at: exponentials.base)
    table.add_transposed_tile_times_queries(
      exponentials.base, scaledQueries.base, partial.base, paddedCount, panels.range.count, pass.rowWidth)
  }

  /// Computes the exponentials of `panels` again and adds their candidate gradients into `partial`.
  func addCandidateGradients(of panels: CandidatePanels, to partial: FloatBuffer) {
    scaleQueries()
    masked.collect(rows, in: panels.range, of: pass.maskedColumns)
    for block in 0..<blockCount(panels) {
      let range = fill(block, of: panels, at: exponentials.base, shift: shift)
      placePositives(range, at: exponentials.base)
      let offset = (range.lowerBound - panels.range.lowerBound) * CandidatePanels.width * pass.rowWidth
      table.add_transposed_tile_times_queries(
        exponentials.base, scaledQueries.base, partial.base + offset, paddedCount, range.count, pass.rowWidth)
    }
  }

  /// The positive's gradient is its probability − 1 = −(the sum of the others) / (the sum of all).
  private func placePositives(_ panels: Range<Int>, at destination: UnsafeMutablePointer<Float>) {
    let columns = panels.lowerBound * CandidatePanels.width..<panels.upperBound * CandidatePanels.width
    for (r, row) in rows.enumerated() {
      let column = Int(pass.problem.positiveColumns[row]) - columns.lowerBound
      if column >= 0 && column < columns.count {
        destination[Self.position(r, column, paddedCount)] = -pass.others.base[row]
      }
    }
  }

  private func scaleQueries() {
    let (dimension, width) = (pass.dimension, pass.rowWidth)
    scaledQueries.base.update(repeating: 0, count: paddedCount * width)
    for (r, row) in rows.enumerated() {
      let query = pass.queries.base + row * dimension
      let target = scaledQueries.base + r * width
      for k in 0..<dimension { target[k] = pass.coefficients.base[row] * query[k] }
    }
  }
}
