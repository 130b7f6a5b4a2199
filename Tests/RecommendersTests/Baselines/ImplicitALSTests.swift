import Testing
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

private func settings(_ change: (inout ImplicitALS.Settings) -> Void) -> ImplicitALS.Settings {
  var settings = ImplicitALS.Settings()
  change(&settings)
  return settings
}

struct ImplicitALSTests {
  /// Σ over all pairs of c (p − x · y)² + λ (Σ|x|² + Σ|y|²).
  private func objective(_ model: ImplicitALS, _ random: RandomInteractions) -> Double {
    let scores = model.allScores
    var sum = 0.0
    for (user, row) in random.dense.enumerated() {
      for (item, weight) in row.enumerated() {
        let error = (weight > 0 ? 1 : 0) - Double(scores[user][item])
        sum += (1 + Double(model.settings.alpha) * weight) * error * error
      }
    }
    let squares = (model.users.array + model.items.array).reduce(0.0) { $0 + Double($1) * Double($1) }
    return sum + Double(model.settings.regularization) * squares
  }

  @Test(arguments: ImplicitALS.Settings.Solver.allCases, [false, true])
  func iterationsLowerTheObjective(solver: ImplicitALS.Settings.Solver, isWeighted: Bool) throws {
    let random = RandomInteractions(users: 40, items: 30, density: 0.2, isWeighted: isWeighted, seed: 6)
    let values = try [1, 2, 4, 8, 16].map { iterations in
      let settings = settings {
        $0.dimension = 5
        $0.iterations = iterations
        $0.solver = solver
      }
      return objective(try ImplicitALS(fitting: random.matrix, settings: settings, seed: 1), random)
    }
    for (before, after) in zip(values, values.dropFirst()) { #expect(after < before) }
    // All zeros would cost Σ c.
    #expect(values.last! < 0.8 * random.dense.joined().reduce(0) { $0 + ($1 > 0 ? 1 + 5 * $1 : 0) })
  }

  @Test func bothSolversComeToTheSameScores() throws {
    let random = RandomInteractions(users: 30, items: 25, density: 0.3, isWeighted: false, seed: 7)
    let models = try ImplicitALS.Settings.Solver.allCases.map { solver in
      let settings = settings {
        $0.dimension = 4
        $0.iterations = 30
        $0.solver = solver
        $0.conjugateGradientSteps = 12
      }
      return try ImplicitALS(fitting: random.matrix, settings: settings, seed: 3)
    }
    #expect(difference(models[0].allScores, models[1].allScores.map { $0.map(Double.init) }) < 1e-3)
  }

  @Test func foldingInSomeoneWithAListenersItemsGivesThatListenersScores() throws {
    let random = RandomInteractions(users: 30, items: 25, density: 0.3, isWeighted: true, seed: 7)
    let settings = settings {
      $0.dimension = 4
      $0.iterations = 200
      $0.solver = .cholesky
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
    #expect(model.users.row(0).array == [Float](repeating: 0, count: 32))
    #expect(model.items.row(0).array == [Float](repeating: 0, count: 32))
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
      { $0.regularization = .nan }, { $0.alpha = -1 }, { $0.conjugateGradientSteps = 0 },
    ]
    for change in changes {
      #expect(throws: BaselineError.self) {
        try ImplicitALS(fitting: checkerboard(4), settings: settings(change), seed: 1)
      }
    }
  }
}
