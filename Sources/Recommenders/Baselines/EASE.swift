import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// EASE, a linear autoencoder over items with a zero diagonal (Steck, "Embarrassingly shallow autoencoders for sparse
/// data", WWW 2019), in a form that needs a users × users matrix instead of an items × items one.
///
/// The paper's solution is B = I − C · diag(1 / diag C) with C = (XᵀX + λI)⁻¹, and a user's scores are their row of
/// X · B. As X · C = P · X and C = (I − Xᵀ · P · X) / λ for P = (X · Xᵀ + λI)⁻¹, all of it follows from P: with
/// r = diag(λC) = 1 − diag(Xᵀ · P · X), the scores are X − λ · P · X · diag(1 / r). Only P, `[userCount, userCount]`,
/// and r are kept.
package struct EASE: Baseline {
  package static let kind = "ease"

  package struct Settings: BaselineKindSettings {
    /// λ, the weight of the squared weights between items; a greater one suits fewer interactions.
    package var regularization = EASE.defaultRegularization

    package init() {}

    package func check() throws(BaselineError) { try EASE.check(regularization: regularization) }
  }

  /// P of so many users takes 1.6 GB.
  package static let defaultUserLimit = 20_000
  package static let defaultRegularization: Float = 100

  package let regularization: Float
  private let interactions: InteractionMatrix
  /// P.
  private let inverse: FloatBuffer
  /// r, in 0...1: what the other items leave unexplained of each.
  package let residuals: [Float]

  /// P, `[userCount, userCount]`.
  package var inverseGram: Tensor { Tensor(shape: [userCount, userCount], buffer: inverse) }

  /// - Parameter regularization: λ; 100 suits binary interactions of a few thousand users.
  /// - Throws: `BaselineError` when there are more than `userLimit` users or λ is not positive or too small to compute
  ///   with.
  package init(
    fitting interactions: InteractionMatrix, regularization: Float = EASE.defaultRegularization,
    userLimit: Int = EASE.defaultUserLimit
  ) throws(BaselineError) {
    try Self.check(regularization: regularization)
    guard interactions.userCount <= userLimit else {
      throw .tooManyUsers(found: interactions.userCount, limit: userLimit)
    }
    let userCount = interactions.userCount
    let matrix = gramMatrix(ofUsers: interactions, diagonal: regularization)
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

  /// A model that was fitted before on the same interactions.
  ///
  /// - Precondition: the tensor and the residuals have the shapes of the interactions.
  package init(interactions: InteractionMatrix, regularization: Float, inverseGram: Tensor, residuals: [Float]) {
    precondition(
      inverseGram.shape == [interactions.userCount, interactions.userCount]
        && residuals.count == interactions.itemCount,
      "EASE: \(inverseGram.shape) and \(residuals.count) residuals for \(interactions.userCount) users and "
        + "\(interactions.itemCount) items")
    self.interactions = interactions
    self.regularization = regularization
    inverse = inverseGram.buffer
    self.residuals = residuals
  }

  static func check(regularization: Float) throws(BaselineError) {
    try BaselineError.check(
      "regularization", regularization, expected: "a finite number above 0",
      regularization > 0 && regularization.isFinite)
  }

  package var userCount: Int { interactions.userCount }
  package var candidateCount: Int { interactions.itemCount }

  package func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
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

  package func scorer(of histories: SparseRows) -> any CandidateScorer {
    histories.checkIndices(below: candidateCount, "EASE.scorer")
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
    let model: EASE
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

/// X · Xᵀ + diagonal · I, `[userCount, userCount]`, summed in Double.
private func gramMatrix(ofUsers interactions: InteractionMatrix, diagonal: Float) -> FloatBuffer {
  let (byUser, byItem) = (interactions.byUser, interactions.byItem)
  let userCount = interactions.userCount
  let gram = FloatBuffer(zeros: userCount * userCount)
  guard userCount > 0 else { return gram }
  parallelForEach(rowsOf: gram, width: userCount, chunkSize: 32) { users, rows in
    var sums = [Double](repeating: 0, count: userCount)
    for (position, user) in users.enumerated() {
      sums[user] = Double(diagonal)
      for entry in byUser.range(of: user) {
        let weight = Double(byUser.weights[entry])
        for other in byItem.range(of: Int(byUser.indices[entry])) {
          sums[Int(byItem.indices[other])] += weight * Double(byItem.weights[other])
        }
      }
      for other in 0..<userCount {
        rows[position * userCount + other] = Float(sums[other])
        sums[other] = 0
      }
    }
  }
  return gram
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

extension EASE {
  package init(
    fitting interactions: InteractionMatrix, settings: Settings, seed: UInt64,
    progress: (_ done: Int, _ count: Int) throws -> Void
  ) throws {
    try self.init(fitting: interactions, regularization: settings.regularization)
  }

  package static func checkSize(userCount: Int, itemCount: Int) throws(BaselineError) {
    guard userCount > defaultUserLimit else { return }
    throw .tooManyUsers(found: userCount, limit: defaultUserLimit)
  }

  package var parameterCount: Int { inverse.count + residuals.count }

  package var tensors: [String: StoredArray] {
    ["baseline/inverse-gram": .floats(inverseGram), "baseline/residuals": StoredArray(residuals)]
  }

  package init(
    loading source: any RecommenderSource, settings: Settings, interactions: () throws -> InteractionMatrix
  ) throws {
    let inverse = try source.floats("baseline/inverse-gram", shape: [source.userCount, source.userCount])
    let residuals = try source.floats("baseline/residuals", shape: [source.itemCount]).array
    if let bad = residuals.first(where: { !($0 > 0) }) {
      throw source.refusal("baseline/residuals", found: "\(bad)", expected: "numbers above 0")
    }
    self.init(
      interactions: try interactions(), regularization: settings.regularization, inverseGram: inverse,
      residuals: residuals)
  }
}
