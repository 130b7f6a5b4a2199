import Foundation
import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

private func settings(_ change: (inout ImplicitALS.Settings) -> Void) -> ImplicitALS.Settings {
  var settings = ImplicitALS.Settings()
  change(&settings)
  return settings
}

struct ImplicitALSTests {
  /// Σ over what is there of w (1 − x · y)² + α₀ Σ over all of (x · y)² + λ Σ over users and items of their part.
  private func objective(_ model: ImplicitALS, _ random: RandomInteractions) -> Double {
    let scores = model.allScores
    let settings = model.settings
    var sum = 0.0
    for (user, row) in random.dense.enumerated() {
      for (item, weight) in row.enumerated() {
        let score = Double(scores[user][item])
        sum += weight * (1 - score) * (1 - score) + Double(settings.unobservedWeight) * score * score
      }
    }
    func penalty(_ embeddings: Tensor, _ weights: [[Double]], others: Int) -> Double {
      weights.indices.reduce(0) { sum, row in
        let total = weights[row].reduce(0, +) + Double(settings.unobservedWeight) * Double(others)
        let squares = embeddings.row(row).array.reduce(0.0) { $0 + Double($1) * Double($1) }
        return sum + pow(total, Double(settings.regularizationExponent)) * squares
      }
    }
    return sum + Double(settings.regularization)
      * (penalty(model.users, random.dense, others: random.columns.count)
        + penalty(model.items, random.columns, others: random.dense.count))
  }

  @Test(arguments: [0, 1] as [Float], [false, true])
  func iterationsLowerTheObjective(exponent: Float, isWeighted: Bool) throws {
    let random = RandomInteractions(users: 40, items: 30, density: 0.2, isWeighted: isWeighted, seed: 6)
    let values = try [1, 2, 4, 8, 16].map { iterations in
      let settings = settings {
        $0.dimension = 5
        $0.iterations = iterations
        $0.unobservedWeight = 0.1
        $0.regularizationExponent = exponent
      }
      return objective(try ImplicitALS(fitting: random.matrix, settings: settings, seed: 1), random)
    }
    for (before, after) in zip(values, values.dropFirst()) { #expect(after < before) }
    // All zeros would cost Σ w.
    #expect(values.last! < 0.8 * random.dense.joined().reduce(0, +))
  }

  @Test func foldingInSomeoneWithAListenersItemsGivesThatListenersScores() throws {
    let random = RandomInteractions(users: 30, items: 25, density: 0.3, isWeighted: true, seed: 7)
    let settings = settings {
      $0.dimension = 4
      $0.iterations = 200
      $0.unobservedWeight = 0.2
      $0.regularization = 0.02
    }
    let model = try ImplicitALS(fitting: random.matrix, settings: settings, seed: 3)
    // At the fixed point the users are what the items imply.
    let folded = try model.scorer(of: random.matrix.byUser)
    #expect(difference(folded.allScores, model.allScores.map { $0.map(Double.init) }) < 2e-2)
    #expect(try model.foldIn(SparseRows(offsets: [0, 0])).array == [0, 0, 0, 0])
  }

  @Test func usersAndItemsWithoutInteractionsGetZeros() throws {
    let random = RandomInteractions(users: 10, items: 8, density: 0.5, isWeighted: false, seed: 7)
    let model = try ImplicitALS(fitting: random.matrix, seed: 1)
    #expect(model.users.row(0).array == [Float](repeating: 0, count: 128))
    #expect(model.items.row(0).array == [Float](repeating: 0, count: 128))
    #expect(model.users.isFinite && model.items.isFinite)
  }

  @Test func seedsAndIterationsAreFollowed() throws {
    let matrix = checkerboard(8)
    var seen: [Int] = []
    let settings = settings { $0.iterations = 3 }
    let first = try ImplicitALS(fitting: matrix, settings: settings, seed: 1) { seen.append($0) }
    #expect(seen == [1, 2, 3])
    let other = try ImplicitALS(fitting: matrix, settings: settings, seed: 2)
    #expect(first.users.array != other.users.array)
  }

  @Test func settingsOutOfRangeAreRefused() {
    let changes: [(inout ImplicitALS.Settings) -> Void] = [
      { $0.dimension = 0 }, { $0.dimension = 5000 }, { $0.iterations = 0 }, { $0.regularization = 0 },
      { $0.regularization = .nan }, { $0.unobservedWeight = -1 }, { $0.regularizationExponent = -1 },
    ]
    for change in changes {
      #expect(throws: BaselineError.self) {
        try ImplicitALS(fitting: checkerboard(4), settings: settings(change), seed: 1)
      }
    }
  }
}
