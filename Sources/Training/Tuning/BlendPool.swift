import TwoTowerEvaluation
import TwoTowerKernels
import TwoTowerRecommenders

/// For each user of a sample, the candidates that any of several models lists high, with all their scores: enough to
/// measure any blend of them without scoring again.
package struct BlendPool {
  /// So many of each model's best: what is below in all of them comes into no blend's first twenty, or next to none.
  private static let depth = 200
  private static let gains = DiscountedGains(length: 20)

  private struct User {
    /// `[members][candidates]`, in units of their spread.
    var scores: [[Float]]
    var isRelevant: [Bool]
    /// The best DCG that there can be.
    var ideal: Double
  }

  private let users: [User]

  /// - Throws: `ScoringError` where a score is not finite.
  package init(_ scorers: [any CandidateScorer], sample: ValidationSample) throws {
    users = try Self.users(scorers, sample: sample)
  }

  /// The users of both, of the same members.
  private init(users: [User]) { self.users = users }

  package static func + (left: BlendPool, right: BlendPool) -> BlendPool { BlendPool(users: left.users + right.users) }

  private static func users(_ scorers: [any CandidateScorer], sample: ValidationSample) throws -> [User] {
    let blends = scorers.map { BlendScorer([$0], weights: [1], users: sample.users) }
    let count = sample.truth.candidateCount
    return try ScoreBlock.forEach(of: sample.users.count, size: max(1, min(16, (1 << 24) / max(1, count)))) {
      range throws(ScoringError) in
      let numbers = sample.users[range].map(\.self)
      var rows: [FloatBuffer] = []
      for blend in blends {
        let scores = FloatBuffer(zeros: numbers.count * count)
        var target = scores.mutableSpan
        blend.score(numbers, candidates: 0..<count, into: &target)
        rows.append(scores)
      }
      var users: [User] = []
      for (position, user) in numbers.enumerated() {
        let seen = Array(sample.truth.training[user])
        var pool: Set<Int32> = []
        for scores in rows {
          let row = scores.span.extracting(position * count..<(position + 1) * count)
          guard firstNonFinite(row) == nil else { throw .nonFiniteScore(queryRow: user) }
          for best in topK(row, k: depth, excluding: seen) { pool.insert(best.index) }
        }
        let items = pool.sorted()
        let tests = sample.truth.test[user]
        users.append(
          User(
            scores: rows.map { scores in items.map { scores.span[position * count + Int($0)] } },
            isRelevant: items.map { tests.contains($0) },
            ideal: gains.idealGains[min(gains.length, Set(tests).count)]))
      }
      return users
    }
  }

  /// The NDCG@20 of a blend, seen items excluded.
  package func ndcg(weights: [Float]) -> Double {
    let sums = users.map { user -> Double in
      guard user.ideal > 0 else { return 0 }
      var scores = [Float](repeating: 0, count: user.isRelevant.count)
      for (own, weight) in zip(user.scores, weights) where weight != 0 {
        for index in scores.indices { scores[index] += weight * own[index] }
      }
      let best = topK(FloatBuffer(scores).span, k: Self.gains.length)
      return best.enumerated().reduce(0) {
        $0 + (user.isRelevant[Int($1.element.index)] ? Self.gains.discounts[$1.offset] : 0)
      } / user.ideal
    }
    return users.isEmpty ? 0 : sums.reduce(0, +) / Double(users.count)
  }

  /// The best weights from a grid, 1 for the member `first`, found by going through one member after the other.
  ///
  /// - Parameter share: of the best value, which fewer members must keep to do without others.
  package func bestWeights(
    first: Int, memberCount: Int, keeping share: Double = 0.995
  ) -> (weights: [Float], value: Double) {
    let grid: [Float] = [0, 0.0625, 0.125, 0.25, 0.375, 0.5, 0.75, 1, 1.5, 2, 4]
    var weights = (0..<memberCount).map { $0 == first ? Float(1) : 0 }
    var value = ndcg(weights: weights)
    for _ in 0..<3 {
      let before = weights
      for member in 0..<memberCount where member != first {
        for candidate in grid {
          var changed = weights
          changed[member] = candidate
          let found = ndcg(weights: changed)
          if found > value { (weights, value) = (changed, found) }
        }
      }
      if weights == before { break }
    }
    return withoutSuperfluous(weights, value, keeping: share)
  }

  /// The same without members that add next to nothing: they cost time in every answer, and the gain may be chance.
  private func withoutSuperfluous(_ found: [Float], _ best: Double, keeping share: Double) -> (
    weights: [Float], value: Double
  ) {
    var (weights, value) = (found, best)
    for member in found.indices.sorted(by: { (found[$0], $0) < (found[$1], $1) }) where found[member] > 0 {
      var fewer = weights
      fewer[member] = 0
      guard fewer.contains(where: { $0 > 0 }) else { break }
      let worth = ndcg(weights: fewer)
      if worth >= best * share { (weights, value) = (fewer, worth) }
    }
    return (weights, value)
  }
}
