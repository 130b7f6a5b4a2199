import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

/// The definition: minimises Σ c (p − x · y)² + λ|x|² over all fixed y, by its normal equations.
private func definition(_ fixed: [[Double]], weights: [Double], lambda: Double, alpha: Double) -> [Double] {
  let dimension = fixed[0].count
  var system = (0..<dimension).map { i in (0..<dimension).map { $0 == i ? lambda : 0 } }
  var right = [Double](repeating: 0, count: dimension)
  for (y, weight) in zip(fixed, weights) {
    let confidence = 1 + alpha * weight
    for i in 0..<dimension {
      for j in 0..<dimension { system[i][j] += confidence * y[i] * y[j] }
      if weight > 0 { right[i] += confidence * y[i] }
    }
  }
  return solved(system, right)
}

struct ConfidenceLeastSquaresTests {
  @Test(arguments: [(1, 1, 1), (7, 5, 3), (130, 40, 17), (3, 700, 8)], [false, true])
  func solvesTheNormalEquations(shape: (Int, Int, Int), isWeighted: Bool) throws {
    let (users, items, dimension) = shape
    let random = RandomInteractions(users: users, items: items, density: 0.5, isWeighted: isWeighted, seed: 4)
    var generator = SeededGenerator(seed: 1, purpose: .sample)
    let fixed = Tensor([items, dimension], (0..<items * dimension).map { _ in generator.uniform() - 0.5 })
    let rows = (0..<items).map { item in fixed.row(item).array.map(Double.init) }
    let problem = try ConfidenceLeastSquares(fixed: fixed, regularization: 0.7, alpha: 3)
    let found = try problem.solve(random.matrix.byUser)
    #expect(found.shape == [users, dimension])
    let expected = random.dense.map { weights in
      weights.allSatisfy { $0 == 0 }
        ? [Double](repeating: 0, count: dimension) : definition(rows, weights: weights, lambda: 0.7, alpha: 3)
    }
    #expect(difference((0..<users).map { found.row($0).array }, expected) < 2e-4)

    // As many steps of conjugate gradients as there are dimensions solve it too, from anywhere.
    let improved = FloatBuffer((0..<users * dimension).map { _ in generator.uniform() })
    problem.improve(improved, rows: random.matrix.byUser, steps: dimension + 8)
    let values = improved.array
    #expect(
      difference((0..<users).map { Array(values[$0 * dimension..<($0 + 1) * dimension]) }, expected) < 2e-4)
  }

  @Test func settingsOutOfRangeAreRefused() {
    for value in [0, -1, .nan, .infinity] as [Float] {
      #expect(throws: BaselineError.self) {
        try ConfidenceLeastSquares(fixed: Tensor(zeros: [2, 2]), regularization: value, alpha: 1)
      }
      #expect(throws: BaselineError.self) {
        try ConfidenceLeastSquares(fixed: Tensor(zeros: [2, 2]), regularization: 1, alpha: value)
      }
    }
  }

  @Test func embeddingsThatOverflowAreAnError() throws {
    let problem = try ConfidenceLeastSquares(
      fixed: Tensor([2, 2], [1e30, 0, 1e30, 1]), regularization: 1, alpha: 1)
    #expect(throws: BaselineError.notPositiveDefinite(regularization: 1)) {
      try problem.solve(SparseRows(offsets: [0, 1], indices: [0], weights: [1]))
    }
  }
}
