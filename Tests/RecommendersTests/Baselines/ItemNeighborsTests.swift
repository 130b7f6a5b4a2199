import Foundation
import Testing
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

struct ItemNeighborsTests {
  @Test(arguments: [(1, 1), (9, 6), (40, 30), (5, 300)], [false, true])
  func agreesWithTheDefinition(shape: (Int, Int), isWeighted: Bool) throws {
    let random = RandomInteractions(users: shape.0, items: shape.1, density: 0.3, isWeighted: isWeighted, seed: 2)
    let settings: [ItemNeighbors.Settings] = [
      .init(neighbors: 1, itemExponent: 0.5, userExponent: 0), .init(neighbors: 3, shrinkage: 0.5),
      .init(neighbors: 1000, itemExponent: 0.5, userExponent: 0, shrinkage: 10), .init(neighbors: 0),
      .init(neighbors: 0, itemExponent: 0, userExponent: 1), .init(neighbors: 1000, itemExponent: 1, userExponent: 2),
    ]
    for settings in settings {
      let model = try ItemNeighbors(fitting: random.matrix, settings: settings)
      let likeness = self.likeness(random, settings)
      var expected: [[Double]] = random.dense.map { $0.map { _ in 0 } }
      for item in likeness.indices {
        let kept = try self.kept(item, of: model, likeness[item], count: settings.neighbors)
        for user in expected.indices {
          for other in kept { expected[user][item] += random.dense[user][other] * likeness[item][other] }
        }
      }
      let scale = max(1, expected.joined().max() ?? 0)
      #expect(difference(model.allScores, expected) < 1e-4 * scale, "\(settings)")
      #expect(model.scorer(of: random.matrix.byUser).allScores == model.allScores)
      // A tile of the candidates has the bits that they have among all.
      let users = Array(0..<model.userCount)
      let upper = model.candidateCount / 2..<model.candidateCount
      #expect(
        model.scores(of: users, candidates: upper) == model.allScores.map { Array($0[upper]) })
    }
  }

  /// The definition, in Double.
  private func likeness(_ random: RandomInteractions, _ settings: ItemNeighbors.Settings) -> [[Double]] {
    let columns = random.columns
    let norms = columns.map { dot($0, $0) }
    let degrees = random.dense.map { dot($0, $0) }
    return columns.indices.map { i in
      columns.indices.map { j in
        let product = random.dense.indices.reduce(0.0) { sum, user in
          let both = columns[i][user] * columns[j][user]
          return both == 0 ? sum : sum + both / pow(degrees[user], Double(settings.userExponent))
        }
        guard i != j, product > 0 else { return 0 }
        return product / (pow(norms[i] * norms[j], Double(settings.itemExponent)) + Double(settings.shrinkage))
      }
    }
  }

  /// The neighbours that the model counts for an item: as many as there should be, none of them less alike than another
  /// that is left out.
  private func kept(_ item: Int, of model: ItemNeighbors, _ likeness: [Double], count: Int) throws -> [Int] {
    let alike = likeness.indices.filter { likeness[$0] > 0 }
    guard count > 0 else {
      #expect(model.neighbors == nil)
      return alike
    }
    let neighbors = try #require(model.neighbors)
    let kept = neighbors.indices[neighbors.range(of: item)].map(Int.init)
    #expect(kept.count == min(count, alike.count) && kept == kept.sorted())
    let least = kept.map { likeness[$0] }.min() ?? 0
    #expect(alike.allSatisfy { kept.contains($0) || likeness[$0] <= least * (1 + 1e-5) })
    return kept
  }

  @Test func likenessByHand() throws {
    // Items 0 and 1 share two users of three and two: 2 / (√6 + 1). Items 0 and 2 share none.
    let matrix = InteractionMatrix(
      userCount: 4, itemCount: 3, users: [0, 1, 2, 0, 1, 3], items: [0, 0, 0, 1, 1, 2])
    let model = try ItemNeighbors(fitting: matrix, settings: .init(neighbors: 5, itemExponent: 0.5, userExponent: 0, shrinkage: 1))
    let expected: Float = 2 / (Float(6).squareRoot() + 1)
    let neighbors = try #require(model.neighbors)
    #expect(neighbors.offsets == [0, 1, 2, 2] && neighbors.indices == [1, 0])
    #expect(neighbors.weights.allSatisfy { abs($0 - expected) < 1e-6 })
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
    let model = try ItemNeighbors(fitting: matrix, settings: .init(neighbors: 1, itemExponent: 0.5, userExponent: 0))
    #expect(try #require(model.neighbors).weights.allSatisfy { abs($0 - 1) < 1e-6 })
  }

  @Test func whatOnlyTheUserHasDoesNotSpeakForItself() throws {
    let matrix = InteractionMatrix(userCount: 2, itemCount: 3, users: [0, 0, 1], items: [0, 1, 2])
    #expect(try ItemNeighbors(fitting: matrix).allScores[1] == [0, 0, 0])
  }

  @Test func settingsOutOfRangeAreRefused() {
    let settings: [ItemNeighbors.Settings] = [
      .init(neighbors: -1), .init(neighbors: 1, shrinkage: -1), .init(neighbors: 1, shrinkage: .nan),
      .init(neighbors: 0, shrinkage: 1), .init(neighbors: 0, itemExponent: -0.1), .init(neighbors: 0, userExponent: .nan),
    ]
    for settings in settings {
      #expect(throws: BaselineError.self) { try ItemNeighbors(fitting: checkerboard(4), settings: settings) }
    }
  }
}
