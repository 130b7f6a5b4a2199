import Autodiff
import Features
import Kernels
import Recommenders
import Testing

/// Every baseline, fitted the same way.
enum Baseline: String, CaseIterable {
  case popularity, itemNeighbors, ease, implicitALS, implicitALSByCholesky

  typealias Model = any CandidateScorer & HistoryModel

  func fit(_ interactions: InteractionMatrix) throws -> Model {
    switch self {
    case .popularity: return Popularity(fitting: interactions)
    case .itemNeighbors: return try ItemNeighbors(fitting: interactions)
    case .ease: return try EASE(fitting: interactions, regularization: 1)
    case .implicitALS, .implicitALSByCholesky:
      var settings = ImplicitALS.Settings()
      settings.dimension = 8
      if self == .implicitALSByCholesky { settings.solver = .cholesky }
      return try ImplicitALS(fitting: interactions, settings: settings, seed: 1)
    }
  }
}

/// What holds for every baseline.
struct BaselineContractTests {
  @Test(arguments: Baseline.allCases.filter { $0 != .popularity })
  func learnsTheCheckerboard(baseline: Baseline) throws {
    let count = 50
    let matrix = checkerboard(count)
    let model = try baseline.fit(matrix)
    let strangers = try model.scorer(of: matrix.byUser)
    for scores in [model.allScores, strangers.allScores] {
      for user in 0..<count {
        let seen = matrix.byUser.indices[matrix.byUser.range(of: user)].map(Int.init)
        let unseen = Set(0..<count).subtracting(seen)
        #expect(unseen.max { scores[user][$0] < scores[user][$1] } == user)
        #expect(unseen.allSatisfy { $0 == user || scores[user][$0] < scores[user][user] })
      }
    }
  }

  @Test(arguments: Baseline.allCases)
  func threadCountsLeaveTheBitsAlone(baseline: Baseline) throws {
    let random = RandomInteractions(users: 300, items: 420, density: 0.05, isWeighted: true, seed: 11)
    let before = Parallelism.threadCount
    defer { Parallelism.threadCount = before }
    let scores = try [1, 2, 3].map { threads in
      Parallelism.threadCount = threads
      let model = try baseline.fit(random.matrix)
      return try model.allScores + model.scorer(of: random.matrix.byUser).allScores
    }
    #expect(scores[0] == scores[1] && scores[0] == scores[2])
    #expect(scores[0].joined().allSatisfy { $0.isFinite })
    #expect(Set(scores[0].joined()).count > 20)
  }

  @Test(arguments: Baseline.allCases)
  func rangesOfCandidatesAndChosenUsersAgreeWithTheWhole(baseline: Baseline) throws {
    let random = RandomInteractions(users: 40, items: 33, density: 0.2, isWeighted: true, seed: 12)
    let model = try baseline.fit(random.matrix)
    for scorer in [model, try model.scorer(of: random.matrix.byUser)] as [any CandidateScorer] {
      let whole = scorer.allScores
      let users = [7, 39, 0, 7]
      for range in [0..<33, 5..<20, 32..<33, 33..<33, 0..<0] {
        let expected = users.map { whole[$0][range].map(Double.init) }
        #expect(difference(scorer.scores(of: users, candidates: range), expected) < 1e-4)
      }
      #expect(scorer.scores(of: [], candidates: 0..<33).isEmpty)
    }
  }

  @Test(arguments: Baseline.allCases, [(0, 0), (0, 3), (3, 0), (1, 1), (4, 1), (1, 4)])
  func smallAndEmptySetsAreFitted(baseline: Baseline, shape: (Int, Int)) throws {
    for hasPairs in [false, true] where !hasPairs || (shape.0 > 0 && shape.1 > 0) {
      let pair: [Int32] = hasPairs ? [0] : []
      let matrix = InteractionMatrix(userCount: shape.0, itemCount: shape.1, users: pair, items: pair)
      let model = try baseline.fit(matrix)
      #expect(model.userCount == shape.0 && model.candidateCount == shape.1)
      let scores = model.allScores
      #expect(scores.joined().allSatisfy { $0.isFinite })
      if !hasPairs { #expect(scores.joined().allSatisfy { $0 == 0 }) }
      let stranger = try model.scorer(of: SparseRows(offsets: [0, 0])).allScores
      #expect(stranger.joined().allSatisfy { $0.isFinite })
    }
  }
}

struct EmbeddingScorerTests {
  @Test func scoresAreDotProducts() {
    let scorer = EmbeddingScorer(
      queries: Tensor([3, 2], [1, 2, 3, 4, 5, 6]), candidates: Tensor([2, 2], [1, 0, 1, -1]))
    #expect(scorer.allScores == [[1, -1], [3, -1], [5, -1]])
    #expect(scorer.scores(of: [2, 0], candidates: 1..<2) == [[-1], [-1]])
  }

  @Test func popularityScoresAreTotals() {
    let popularity = Popularity(
      fitting: InteractionMatrix(
        userCount: 2, itemCount: 3, users: [0, 1, 1], items: [2, 2, 0], weights: [1, 2, 0.5]))
    #expect(popularity.allScores == [[0.5, 0, 3], [0.5, 0, 3]])
    #expect(popularity.scorer(of: SparseRows(offsets: [0, 0])).allScores == [[0.5, 0, 3]])
  }
}
