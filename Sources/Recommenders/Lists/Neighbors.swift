import TwoTowerAutodiff
import TwoTowerKernels

/// How alike two vectors are.
package enum SimilarityMeasure: String, Sendable, CaseIterable {
  /// The cosine of the angle between them.
  case cosine
  /// Their dot product, which also favours long vectors.
  case dot
}

/// Finds the rows of a matrix that are most like one.
package struct Neighbors: Sendable {
  private let rows: Tensor
  private let retrieval: BruteForceRetrieval
  private let measure: SimilarityMeasure

  /// - Parameter rows: `[rowCount, dimension]`.
  /// - Throws: `ScoringError.nonFinite`, naming the tensor `name`.
  package init(of rows: Tensor, named name: String, measure: SimilarityMeasure) throws(ScoringError) {
    try requireFinite(rows, named: name)
    self.measure = measure
    self.rows = measure == .cosine ? rows.withUnitRows : rows
    retrieval = try BruteForceRetrieval(candidates: self.rows)
  }

  /// The `k` rows most like row `row`, itself left out, best first; fewer where there are fewer.
  package func nearest(_ k: Int, to row: Int) throws(ScoringError) -> [ScoredCandidate] {
    try nearest(k, to: rows.row(row), excluding: [Int32(row)])
  }

  /// The `k` rows most like `vector`, `[dimension]`, best first.
  ///
  /// - Parameter excluded: rows to leave out, ascending.
  package func nearest(
    _ k: Int, to vector: Tensor, excluding excluded: [Int32] = []
  ) throws(ScoringError) -> [ScoredCandidate] {
    let depth = min(k, rows.shape[0] - excluded.count)
    guard depth > 0 else { return [] }
    let matrix = vector.reshaped(to: [1, vector.count])
    return try retrieval.top(
      depth, query: measure == .cosine ? matrix.withUnitRows : matrix, excluding: excluded)
  }

  /// The `k` rows most like each of `queries`, itself left out.
  package func nearest(_ k: Int, toEach queries: [Int32]) throws(ScoringError) -> [[ScoredCandidate]] {
    let depth = min(k, rows.shape[0] - 1)
    guard depth > 0, !queries.isEmpty else { return queries.map { _ in [] } }
    let width = rows.shape[1]
    let gathered = Tensor([queries.count, width], queries.flatMap { rows.row(Int($0)).array })
    return try retrieval.top(depth, queries: gathered, excluding: queries.map { [$0] })
  }
}
