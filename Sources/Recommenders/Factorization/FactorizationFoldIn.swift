import TwoTowerAutodiff
import TwoTowerKernels

/// The vector of someone who was not in a matrix factorisation's training rows, found with the items fixed.
///
/// It minimises what the model's own loss says of one user, the squared errors of what they have and both penalties:
/// (Σ v vᵀ + (T/N) λᵣ I + T/(MN) λ_g VᵀV) u = Σ label v, with T training rows, N users, M items and the sums over what
/// they have.
package struct FactorizationFoldIn: Sendable {
  private let items: Tensor
  /// What is the same for everyone: both penalties.
  private let penalty: [Float]

  /// - Parameters:
  ///   - items: `[itemCount, dimension]`.
  ///   - settings: those that the items were fitted with.
  package init(items: Tensor, settings: MatrixFactorizationSettings, userCount: Int, trainingRowCount: Int) {
    precondition(
      items.shape.rank == 2 && userCount > 0 && trainingRowCount >= 0,
      "FactorizationFoldIn: items \(items.shape), \(userCount) users, \(trainingRowCount) rows")
    self.items = items
    let (count, dimension) = (items.shape[0], items.shape[1])
    let gram = FloatBuffer(zeros: dimension * dimension)
    var target = gram.mutableSpan
    let rowsPerUser = Float(trainingRowCount) / Float(userCount)
    matrixMultiply(
      items.buffer.span, items.buffer.span, into: &target, rows: dimension, columns: dimension, inner: count,
      transposeA: true, alpha: rowsPerUser * settings.gravity / Float(max(1, count)))
    // Without a penalty fewer items than dimensions fit many vectors: a slight one takes the shortest, near which
    // gradient descent from small values ends.
    for axis in 0..<dimension { target[axis * dimension + axis] += max(rowsPerUser * settings.regularization, 1e-3) }
    penalty = gram.array
  }

  /// The vector of someone who has `items` with these labels, `[dimension]`.
  ///
  /// - Precondition: items exist and labels are finite.
  package func query(items liked: [Int32], labels: [Float]) -> Tensor {
    precondition(
      liked.count == labels.count && liked.allSatisfy { $0 >= 0 && Int($0) < items.shape[0] },
      "FactorizationFoldIn.query: \(liked.count) items, \(labels.count) labels, \(items.shape) items")
    let dimension = items.shape[1]
    let matrix = FloatBuffer(penalty)
    let solution = FloatBuffer(zeros: dimension)
    var left = matrix.mutableSpan
    var right = solution.mutableSpan
    for (item, label) in zip(liked, labels) {
      let vector = items.row(Int(item)).buffer.span
      for row in 0..<dimension {
        right[row] += label * vector[row]
        for column in 0..<dimension { left[row * dimension + column] += vector[row] * vector[column] }
      }
    }
    // Only vectors that are not finite leave nothing to solve: their scores say so.
    guard solvePositiveDefinite(&left, rows: &right, order: dimension) else {
      return Tensor([dimension], [Float](repeating: .nan, count: dimension))
    }
    return Tensor([dimension], solution.array)
  }
}
