import Testing
import TestSupport
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

/// What holds for every kind of baseline: a new one is tested without a new line.
struct BaselineContractTests {
  @Test(arguments: BaselineSettings.small.filter { $0.kind != Popularity.kind })
  func learnsTheCheckerboard(baseline: BaselineSettings) throws {
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

  @Test(arguments: BaselineSettings.small)
  func threadCountsLeaveTheBitsAlone(baseline: BaselineSettings) throws {
    let random = RandomInteractions(users: 300, items: 420, density: 0.05, isWeighted: true, seed: 11)
    let scores = try onThreadCounts {
      let model = try baseline.fit(random.matrix)
      return try model.allScores + model.scorer(of: random.matrix.byUser).allScores
    }
    #expect(scores[0] == scores[1] && scores[0] == scores[2])
    #expect(scores[0].joined().allSatisfy { $0.isFinite })
    #expect(Set(scores[0].joined()).count > 20)
  }

  @Test(arguments: BaselineSettings.small)
  func rangesOfCandidatesAndChosenUsersAgreeWithTheWhole(baseline: BaselineSettings) throws {
    let random = RandomInteractions(users: 40, items: 33, density: 0.2, isWeighted: true, seed: 12)
    let model = try baseline.fit(random.matrix)
    for scorer in [model as any CandidateScorer, try model.scorer(of: random.matrix.byUser)] {
      let whole = scorer.allScores
      let users = [7, 39, 0, 7]
      for range in [0..<33, 5..<20, 32..<33, 33..<33, 0..<0] {
        let expected = users.map { whole[$0][range].map(Double.init) }
        #expect(difference(scorer.scores(of: users, candidates: range), expected) < 1e-4)
      }
      #expect(scorer.scores(of: [], candidates: 0..<33).isEmpty)
    }
  }

  @Test(arguments: BaselineSettings.small, [(0, 0), (0, 3), (3, 0), (1, 1), (4, 1), (1, 4)])
  func smallAndEmptySetsAreFitted(baseline: BaselineSettings, shape: (Int, Int)) throws {
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
