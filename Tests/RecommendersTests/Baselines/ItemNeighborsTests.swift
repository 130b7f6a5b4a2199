import Testing
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

struct ItemNeighborsTests {
  @Test(arguments: [(1, 1), (9, 6), (40, 30), (5, 300)], [false, true])
  func agreesWithTheDefinition(shape: (Int, Int), isWeighted: Bool) throws {
    let random = RandomInteractions(users: shape.0, items: shape.1, density: 0.3, isWeighted: isWeighted, seed: 2)
    let columns = random.columns
    for (k, shrinkage) in [(1, 0), (3, 0.5), (1000, 10)] as [(Int, Float)] {
      let model = try ItemNeighbors(fitting: random.matrix, settings: .init(k: k, shrinkage: shrinkage))
      // In single precision as the model has it, so that ties fall the same way; of ties the lower index is kept.
      let norms = columns.map { Float(dot($0, $0).squareRoot()) }
      var weights = columns.map { _ in [Double](repeating: 0, count: columns.count) }
      for i in columns.indices {
        let likeness = columns.indices.map { j in
          let product = Float(dot(columns[i], columns[j]))
          return i == j || product == 0 ? 0 : product / (norms[i] * norms[j] + shrinkage)
        }
        let order = likeness.indices.filter { likeness[$0] > 0 }
          .sorted { (likeness[$1], $0) < (likeness[$0], $1) }
        for j in order.prefix(k) { weights[i][j] = Double(likeness[j]) }
        #expect(model.neighbors.indices[model.neighbors.range(of: i)].map(Int.init) == order.prefix(k).sorted())
      }
      let expected = random.dense.map { row in
        columns.indices.map { j in columns.indices.reduce(0.0) { $0 + row[$1] * weights[j][$1] } }
      }
      #expect(difference(model.allScores, expected) < 1e-3)
      #expect(model.scorer(of: random.matrix.byUser).allScores == model.allScores)
    }
  }

  @Test func likenessByHand() throws {
    // Items 0 and 1 share two users of three and two: 2 / (√6 + 1). Items 0 and 2 share none.
    let matrix = InteractionMatrix(
      userCount: 4, itemCount: 3, users: [0, 1, 2, 0, 1, 3], items: [0, 0, 0, 1, 1, 2])
    let model = try ItemNeighbors(fitting: matrix, settings: .init(k: 5, shrinkage: 1))
    let expected: Float = 2 / (Float(6).squareRoot() + 1)
    #expect(model.neighbors.offsets == [0, 1, 2, 2] && model.neighbors.indices == [1, 0])
    #expect(model.neighbors.weights.allSatisfy { abs($0 - expected) < 1e-6 })
    let people = model.scorer(of: SparseRows(offsets: [0, 1, 1, 2], indices: [0, 2], weights: [3, 1]))
    #expect(people.allScores[0][0] == 0 && abs(people.allScores[0][1] - 3 * expected) < 1e-6)
    #expect(people.allScores[1] == [0, 0, 0] && people.allScores[2] == [0, 0, 0])
  }

  @Test func smallProductsBesideALargeOneCount() throws {
    // Two items whose columns are the same: one user has much of both, 5,000 have a little.
    let users = (0...5_000).map { Int32($0) }
    let weights = [Float(4096)] + [Float](repeating: 0.5, count: 5_000)
    let matrix = InteractionMatrix(
      userCount: users.count, itemCount: 2, users: users + users, items: users.map { _ in 0 } + users.map { _ in 1 },
      weights: weights + weights)
    let model = try ItemNeighbors(fitting: matrix, settings: .init(k: 1, shrinkage: 0))
    #expect(model.neighbors.weights.allSatisfy { abs($0 - 1) < 1e-6 })
  }

  @Test func settingsOutOfRangeAreRefused() {
    for (k, shrinkage) in [(0, 1), (-1, 1), (1, -1), (1, .nan)] as [(Int, Float)] {
      #expect(throws: BaselineError.self) {
        try ItemNeighbors(fitting: checkerboard(4), settings: .init(k: k, shrinkage: shrinkage))
      }
    }
  }
}
