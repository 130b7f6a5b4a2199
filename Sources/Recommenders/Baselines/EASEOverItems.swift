import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// EASE by the items × items matrix of the paper, for sets with fewer items than users.
///
/// Row x of people has the scores x · B = x − x · C · diag(1 / diag C), with C = (XᵀX + λI)⁻¹.
struct EASEOverItems: EASEForm {
  /// −C · diag(1 / diag C) with a zero diagonal: B, `[itemCount, itemCount]`.
  private let weights: FloatBuffer
  private let histories: SparseRows
  let candidateCount: Int

  init(fitting interactions: InteractionMatrix, regularization: Float) throws(BaselineError) {
    let count = interactions.itemCount
    let inverse = gramMatrix(interactions.byItem, interactions.byUser, diagonal: regularization)
    var values = inverse.mutableSpan
    guard invertPositiveDefinite(&values, order: count) else {
      throw .notPositiveDefinite(regularization: regularization)
    }
    let diagonal = (0..<count).map { values[$0 * (count + 1)] }
    guard diagonal.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw .notPositiveDefinite(regularization: regularization)
    }
    if count > 0 {
      parallelForEach(rowsOf: inverse, width: count, chunkSize: 64) { items, rows in
        for (position, item) in items.enumerated() {
          for column in 0..<count { rows[position * count + column] /= -diagonal[column] }
          rows[position * count + item] = 0
        }
      }
    }
    (weights, histories, candidateCount) = (inverse, interactions.byUser, count)
  }

  init(
    loading source: any RecommenderSource, regularization: Float, interactions: InteractionMatrix
  ) throws {
    weights = try source.floats("baseline/item-weights", shape: [source.itemCount, source.itemCount]).buffer
    (histories, candidateCount) = (interactions.byUser, source.itemCount)
  }

  private init(weights: FloatBuffer, histories: SparseRows, candidateCount: Int) {
    (self.weights, self.histories, self.candidateCount) = (weights, histories, candidateCount)
  }

  var userCount: Int { histories.rowCount }

  func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    checkBlock(users, candidates, scoreCount: scores.count)
    for position in 0..<scores.count { scores[position] = 0 }
    for (row, user) in users.enumerated() {
      for entry in histories.range(of: user) {
        VectorMath.best.scaledAdd(
          histories.weights[entry], weights.span,
          from: Int(histories.indices[entry]) * candidateCount + candidates.lowerBound, 1, &scores,
          from: row * candidates.count, count: candidates.count)
      }
    }
  }

  func scorer(of histories: SparseRows) -> any CandidateScorer {
    histories.checkIndices(below: candidateCount, "EASEOverItems.scorer")
    return EASEOverItems(weights: weights, histories: histories, candidateCount: candidateCount)
  }

  var tensors: [String: StoredArray] {
    ["baseline/item-weights": .floats(Tensor(shape: [candidateCount, candidateCount], buffer: weights))]
  }

  var parameterCount: Int { weights.count }
}
