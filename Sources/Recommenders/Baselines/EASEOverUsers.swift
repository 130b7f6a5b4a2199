import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// EASE by a users × users matrix, for sets with fewer users than items.
///
/// With C = (XᵀX + λI)⁻¹, X · C = P · X and C = (I − Xᵀ · P · X) / λ for P = (X · Xᵀ + λI)⁻¹. So with
/// r = diag(λC) = 1 − diag(Xᵀ · P · X), the scores X · B are X − λ · P · X · diag(1 / r). Only P, `[userCount, userCount]`,
/// and r are kept.
struct EASEOverUsers: EASEForm {
  private let regularization: Float
  private let interactions: InteractionMatrix
  /// P.
  private let inverse: FloatBuffer
  /// r, in 0...1: what the other items leave unexplained of each.
  private let residuals: [Float]

  private var inverseGram: Tensor { Tensor(shape: [userCount, userCount], buffer: inverse) }

  init(fitting interactions: InteractionMatrix, regularization: Float) throws(BaselineError) {
    let userCount = interactions.userCount
    let matrix = gramMatrix(interactions.byUser, interactions.byItem, diagonal: regularization)
    var values = matrix.mutableSpan
    guard invertPositiveDefinite(&values, order: userCount) else {
      throw .notPositiveDefinite(regularization: regularization)
    }
    residuals = itemResiduals(interactions, inverse: matrix)
    guard residuals.allSatisfy({ $0 > 0 }) else { throw .notPositiveDefinite(regularization: regularization) }
    inverse = matrix
    self.interactions = interactions
    self.regularization = regularization
  }

  init(
    loading source: any RecommenderSource, regularization: Float, interactions: InteractionMatrix
  ) throws {
    inverse = try source.floats("baseline/inverse-gram", shape: [source.userCount, source.userCount]).buffer
    residuals = try source.floats("baseline/residuals", shape: [source.itemCount]).array
    if let bad = residuals.first(where: { !($0 > 0) }) {
      throw source.refusal("baseline/residuals", found: "\(bad)", expected: "numbers above 0")
    }
    self.interactions = interactions
    self.regularization = regularization
  }

  var tensors: [String: StoredArray] {
    ["baseline/inverse-gram": .floats(inverseGram), "baseline/residuals": StoredArray(residuals)]
  }

  var parameterCount: Int { inverse.count + residuals.count }

  var userCount: Int { interactions.userCount }
  var candidateCount: Int { interactions.itemCount }

  func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    checkBlock(users, candidates, scoreCount: scores.count)
    // P is symmetric: its rows, side by side, are the columns to be combined.
    let columns = FloatBuffer(zeros: userCount * users.count)
    var target = columns.mutableSpan
    let source = inverse.span
    for (column, user) in users.enumerated() {
      for row in 0..<userCount { target[row * users.count + column] = source[user * userCount + row] }
    }
    let sums = sumsOverUsers(of: columns, width: users.count, candidates: candidates)
    let values = sums.span
    for (column, candidate) in candidates.enumerated() {
      let factor = -regularization / residuals[candidate]
      for row in users.indices {
        scores[row * candidates.count + column] = factor * values[column * users.count + row]
      }
    }
    let histories = interactions.byUser
    for (row, user) in users.enumerated() {
      for entry in histories.entries(of: user, in: candidates) {
        scores[row * candidates.count + Int(histories.indices[entry]) - candidates.lowerBound] +=
          histories.weights[entry]
      }
    }
  }

  func scorer(of histories: SparseRows) -> any CandidateScorer {
    histories.checkIndices(below: candidateCount, "EASEOverUsers.scorer")
    return HistoryScorer(model: self, histories: histories)
  }

  /// Xᵀ · columns for a range of items, `[candidates.count, width]`.
  private func sumsOverUsers(of columns: FloatBuffer, width: Int, candidates: Range<Int>) -> FloatBuffer {
    let byItem = interactions.byItem
    let first = byItem.offsets[candidates.lowerBound]
    let entries = Int(first)..<Int(byItem.offsets[candidates.upperBound])
    let offsets = byItem.offsets[candidates.lowerBound...candidates.upperBound].map { $0 - first }
    let sums = FloatBuffer(zeros: candidates.count * width)
    var target = sums.mutableSpan
    sumBags(
      columns.span, offsets: offsets.span, indices: byItem.indices.span.extracting(entries),
      weights: byItem.weights.span.extracting(entries), width: width, into: &target)
    return sums
  }

  /// Scores x · B of new people x: with z = Xᵀ · P · X · x, they are x − (x − z) / r.
  private struct HistoryScorer: CandidateScorer {
    let model: EASEOverUsers
    let histories: SparseRows

    var userCount: Int { histories.rowCount }
    var candidateCount: Int { model.candidateCount }

    func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
      checkBlock(users, candidates, scoreCount: scores.count)
      let byItem = model.interactions.byItem
      // [model.userCount, users.count]: how much each new person shares with each of the training users.
      let shared = FloatBuffer(zeros: model.userCount * users.count)
      var target = shared.mutableSpan
      for (column, user) in users.enumerated() {
        for entry in histories.range(of: user) {
          let weight = histories.weights[entry]
          for other in byItem.range(of: Int(histories.indices[entry])) {
            target[Int(byItem.indices[other]) * users.count + column] += weight * byItem.weights[other]
          }
        }
      }
      let solved = FloatBuffer(zeros: shared.count)
      var solution = solved.mutableSpan
      matrixMultiply(
        model.inverse.span, shared.span, into: &solution, rows: model.userCount, columns: users.count,
        inner: model.userCount)
      let sums = model.sumsOverUsers(of: solved, width: users.count, candidates: candidates)
      let values = sums.span
      for (column, candidate) in candidates.enumerated() {
        for row in users.indices {
          scores[row * candidates.count + column] = values[column * users.count + row] / model.residuals[candidate]
        }
      }
      for (row, user) in users.enumerated() {
        // A history may list an item twice and in any order: each entry adds to x.
        for entry in histories.range(of: user) where candidates.contains(Int(histories.indices[entry])) {
          let item = Int(histories.indices[entry])
          scores[row * candidates.count + item - candidates.lowerBound] +=
            histories.weights[entry] * (1 - 1 / model.residuals[item])
        }
      }
    }
  }
}

/// 1 − xᵀ · P · x for the column x of each item, summed in Double.
private func itemResiduals(_ interactions: InteractionMatrix, inverse: FloatBuffer) -> [Float] {
  let byItem = interactions.byItem
  let userCount = interactions.userCount
  let residuals = FloatBuffer(zeros: interactions.itemCount)
  parallelForEach(rowsOf: residuals, width: 1, chunkSize: 64) { items, part in
    let inverse = inverse.span
    for (position, item) in items.enumerated() {
      let entries = byItem.range(of: item)
      var explained = 0.0
      for row in entries {
        let start = Int(byItem.indices[row]) * userCount
        var sum = 0.0
        for column in entries {
          sum += Double(inverse[start + Int(byItem.indices[column])]) * Double(byItem.weights[column])
        }
        explained += sum * Double(byItem.weights[row])
      }
      part[position] = Float(1 - explained)
    }
  }
  return residuals.array
}
