import Testing
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

/// The definition over items: X · B with B = I − C · diag(1 / diag C), C = (XᵀX + λI)⁻¹.
private func definition(_ random: RandomInteractions, lambda: Double) -> [[Double]] {
  let columns = random.columns
  let system = columns.indices.map { i in
    columns.indices.map { j in dot(columns[i], columns[j]) + (i == j ? lambda : 0) }
  }
  // Column j of C, and of B.
  let weights = columns.indices.map { j in
    let inverse = solved(system, columns.indices.map { $0 == j ? 1 : 0 })
    return inverse.indices.map { $0 == j ? 0 : -inverse[$0] / inverse[j] }
  }
  return random.dense.map { row in weights.map { dot(row, $0) } }
}

private func settings(_ regularization: Float) -> EASE.Settings {
  var settings = EASE.Settings()
  settings.regularization = regularization
  return settings
}

extension StoredArray {
  fileprivate var floatCount: Int {
    switch self {
    case .floats(let tensor): tensor.count
    case .integers: 0
    }
  }
}

struct EASETests {
  @Test(arguments: [(1, 1), (2, 5), (40, 12), (12, 40)], [false, true])
  func agreesWithTheDefinitionOverItems(shape: (Int, Int), isWeighted: Bool) throws {
    // Single precision loses digits as λ goes to 0.
    for (lambda, tolerance) in [(0.5, 2e-3), (20, 1e-4)] as [(Float, Double)] {
      let random = RandomInteractions(users: shape.0, items: shape.1, density: 0.4, isWeighted: isWeighted, seed: 5)
      let model = try EASE(fitting: random.matrix, settings: settings(lambda))
      let expected = definition(random, lambda: Double(lambda))
      #expect(difference(model.allScores, expected) < tolerance)
      // People with the same items as someone in the training rows get that one's scores.
      let others = model.scorer(of: random.matrix.byUser)
      #expect(difference(others.allScores, expected) < tolerance)
    }
  }

  @Test func aNewPersonIsScoredByTheItemWeights() throws {
    let random = RandomInteractions(users: 30, items: 9, density: 0.4, isWeighted: false, seed: 8)
    let model = try EASE(fitting: random.matrix, settings: settings(3))
    // Row 1 has what rows 0 and 2 have together, in another order: scores add up.
    let histories = SparseRows(
      offsets: [0, 1, 4, 6, 6], indices: [4, 5, 4, 5, 5, 5], weights: [1, 1, 1, 1, 1, 1])
    let scores = model.scorer(of: histories).allScores
    for item in 0..<9 { #expect(abs(scores[0][item] + scores[2][item] - scores[1][item]) < 1e-4) }
    // The diagonal is zero: an item says nothing for itself, and nothing says nothing.
    #expect(abs(scores[0][4]) < 1e-4 && abs(scores[2][5]) < 1e-4)
    #expect(scores[3] == [Float](repeating: 0, count: 9))
  }

  @Test func aLongHistoryOfSmallWeightsBesideALargeOneCounts() throws {
    // Both users have much of item 0, and the first has a little of 20,000 others: the Gram matrix is
    // [[a + 5000, a], [a, a]], and in single precision a + 1/4 is a.
    let items = (0...20_000).map { Int32($0) }
    let matrix = InteractionMatrix(
      userCount: 2, itemCount: items.count, users: items.map { _ in 0 } + [1], items: items + [0],
      weights: [4096] + [Float](repeating: 0.5, count: 20_000) + [4096])
    let lambda = 1e6
    let square = 4096.0 * 4096
    let (first, both, second) = (square + 5_000 + lambda, square, square + lambda)
    let determinant = first * second - both * both
    // P times the column of an item that the first user alone has half of.
    let (own, other) = (0.5 * second / determinant, -0.5 * both / determinant)
    let residual = 1 - 0.5 * own
    let scores = try EASE(fitting: matrix, settings: settings(Float(lambda))).allScores
    #expect(abs(Double(scores[0][1]) - (0.5 - lambda * own / residual)) < 2e-5)
    #expect(abs(Double(scores[1][1]) + lambda * other / residual) < 2e-5)
  }

  @Test func theSmallerSideDecidesWhatIsHeld() throws {
    #expect(EASE.Settings().memory(userCount: 3, itemCount: 1000) == 36)
    #expect(EASE.Settings().memory(userCount: 1000, itemCount: 3) == 36)
    for (users, items) in [(3, 20), (20, 3)] {
      let random = RandomInteractions(users: users, items: items, density: 0.5, isWeighted: false, seed: 1)
      #expect(try EASE(fitting: random.matrix).tensors.values.contains { $0.floatCount == 9 })
    }
  }

  @Test(arguments: [0, -1, .nan, .infinity] as [Float])
  func regularizationIsPositive(value: Float) {
    #expect(throws: BaselineError.self) { try EASE(fitting: checkerboard(4), settings: settings(value)) }
  }

  @Test func aRegularizationThatVanishesInRoundingIsRefused() {
    // Two users with the same items, or two items with the same users: the Gram matrix is singular.
    let twins = InteractionMatrix(
      userCount: 2, itemCount: 3, users: [0, 0, 0, 1, 1, 1], items: [0, 1, 2, 0, 1, 2])
    let pair = InteractionMatrix(
      userCount: 3, itemCount: 2, users: [0, 1, 2, 0, 1, 2], items: [0, 0, 0, 1, 1, 1])
    for matrix in [twins, pair] {
      #expect(throws: BaselineError.notPositiveDefinite(regularization: 1e-12)) {
        try EASE(fitting: matrix, settings: settings(1e-12))
      }
    }
  }
}
