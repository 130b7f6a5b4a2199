import Autodiff
import Kernels

/// The scores of a few queries against all candidates, tile by tile, so that neither their number nor the size of the
/// catalogue decides how much memory is in use.
struct ScoreBlock {
  static let queriesPerBlock = 32
  /// 32 queries × 32,768 candidates are 4 MB.
  static let candidatesPerTile = 32_768

  let candidates: Tensor
  let rows: Int
  let tileCount: Int
  private let queries: FloatBuffer
  private let scores: FloatBuffer
  private let dimension: Int

  /// Gathers rows of `queries`, `[queryCount, dimension]`, to be scored against `candidates`, `[candidateCount, dimension]`.
  init(queries: Tensor, rows: some Collection<Int>, candidates: Tensor) {
    let dimension = queries.shape[1]
    let gathered = FloatBuffer(zeros: rows.count * dimension)
    let source = queries.buffer.span
    var target = gathered.mutableSpan
    for (position, row) in rows.enumerated() {
      for column in 0..<dimension { target[position * dimension + column] = source[row * dimension + column] }
    }
    self.candidates = candidates
    self.rows = rows.count
    self.dimension = dimension
    self.queries = gathered
    let candidateCount = candidates.shape[0]
    tileCount = (candidateCount + Self.candidatesPerTile - 1) / Self.candidatesPerTile
    scores = FloatBuffer(zeros: rows.count * min(candidateCount, Self.candidatesPerTile))
  }

  /// The candidates of a tile.
  func range(ofTile tile: Int) -> Range<Int> {
    let start = tile * Self.candidatesPerTile
    return start..<min(start + Self.candidatesPerTile, candidates.shape[0])
  }

  /// Computes the scores of a tile. The same tile gives the same bits each time.
  func compute(tile: Int) {
    let range = range(ofTile: tile)
    var target = scores.mutableSpan
    matrixMultiply(
      queries.span, candidates.buffer.span.extracting(range.lowerBound * dimension..<range.upperBound * dimension),
      into: &target, rows: rows, columns: range.count, inner: dimension, transposeB: true)
  }

  /// The scores of one query of the block for the tile computed last, by position in the tile.
  @_lifetime(borrow self)
  func scores(ofRow row: Int, tile: Int) -> Span<Float> {
    let width = range(ofTile: tile).count
    return scores.span.extracting(row * width..<(row + 1) * width)
  }

  /// The `k` best candidates of one query over the tile computed last and `best`, those of the tiles before it.
  ///
  /// - Parameter excluded: candidates to pass over, ascending.
  func best(_ k: Int, ofRow row: Int, tile: Int, and best: [ScoredIndex], excluding excluded: [Int32]) -> [ScoredIndex] {
    let start = Int32(range(ofTile: tile).lowerBound)
    let found = topK(scores(ofRow: row, tile: tile), k: k, excluding: start == 0 ? excluded : excluded.map { $0 - start })
      .map { ScoredIndex(index: $0.index + start, score: $0.score) }
    return best.isEmpty ? found : Array((best + found).sorted { $0.precedes($1) }.prefix(k))
  }
}
