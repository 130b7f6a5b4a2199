import Foundation
import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

private let weights = ImplicitLeastSquares.Weights(unobserved: 0.2, regularization: 0.05, regularizationExponent: 0.7)

/// The definition: minimises Σ w (1 − x · y)² + α₀ Σ (x · y)² + λ (Σ w + α₀ n)^ν |x|², by its normal equations.
private func definition(_ fixed: [[Double]], weights row: [Double]) -> [Double] {
  let dimension = fixed[0].count
  let unobserved = Double(weights.unobserved)
  let total = row.reduce(0, +) + unobserved * Double(fixed.count)
  let ridge = Double(weights.regularization) * pow(total, Double(weights.regularizationExponent))
  var system = (0..<dimension).map { i in (0..<dimension).map { $0 == i ? ridge : 0 } }
  var right = [Double](repeating: 0, count: dimension)
  for (y, weight) in zip(fixed, row) {
    for i in 0..<dimension {
      for j in 0..<dimension { system[i][j] += (unobserved + weight) * y[i] * y[j] }
      right[i] += weight * y[i]
    }
  }
  return solved(system, right)
}

struct ImplicitLeastSquaresTests {
  /// Rows that have fewer items than there are dimensions are solved in another way than those that have more.
  @Test(arguments: [(1, 1, 1), (7, 5, 3), (130, 40, 17), (3, 700, 8), (5, 20, 30)], [false, true])
  func solvesTheNormalEquations(shape: (Int, Int, Int), isWeighted: Bool) throws {
    let (users, items, dimension) = shape
    let random = RandomInteractions(users: users, items: items, density: 0.5, isWeighted: isWeighted, seed: 4)
    var generator = SeededGenerator(seed: 1, purpose: .sample)
    let fixed = Tensor([items, dimension], (0..<items * dimension).map { _ in generator.uniform() - 0.5 })
    let rows = (0..<items).map { item in fixed.row(item).array.map(Double.init) }
    let found = try ImplicitLeastSquares(fixed: fixed, weights: weights).solve(random.matrix.byUser)
    #expect(found.shape == [users, dimension])
    let expected = random.dense.map { row in
      row.allSatisfy { $0 == 0 } ? [Double](repeating: 0, count: dimension) : definition(rows, weights: row)
    }
    #expect(difference((0..<users).map { found.row($0).array }, expected) < 2e-4)
  }

  @Test func threadsDoNotChangeABit() throws {
    let random = RandomInteractions(users: 300, items: 60, density: 0.2, isWeighted: true, seed: 3)
    var generator = SeededGenerator(seed: 1, purpose: .sample)
    let fixed = Tensor([60, 16], (0..<60 * 16).map { _ in generator.uniform() - 0.5 })
    let found = try [1, 2, 3].map { count in
      try Parallelism.withThreadCount(count) {
        try ImplicitLeastSquares(fixed: fixed, weights: weights).solve(random.matrix.byUser).array
      }
    }
    #expect(found[0] == found[1] && found[1] == found[2])
  }

  @Test func settingsOutOfRangeAreRefused() {
    let changes: [(inout ImplicitLeastSquares.Weights) -> Void] =
      ([0, -1, .nan, .infinity] as [Float]).flatMap { value in
        [{ $0.unobserved = value }, { $0.regularization = value }] as [(inout ImplicitLeastSquares.Weights) -> Void]
      } + [{ $0.regularizationExponent = -0.1 }, { $0.regularizationExponent = .nan }]
    for change in changes {
      var changed = weights
      change(&changed)
      #expect(throws: BaselineError.self) {
        try ImplicitLeastSquares(fixed: Tensor(zeros: [2, 2]), weights: changed)
      }
    }
  }

  @Test func embeddingsThatOverflowAreAnError() throws {
    #expect(throws: BaselineError.notPositiveDefinite(regularization: 0.05)) {
      try ImplicitLeastSquares(fixed: Tensor([2, 2], [1e30, 0, 1e30, 1]), weights: weights)
    }
  }
}
