import TwoTowerKernels

/// Scores by the weighted sum of other scorers, each in units of its spread for the user.
package struct BlendScorer: CandidateScorer {
  private let members: [any CandidateScorer]
  private let weights: [Float]
  /// Of each member, the standard deviation of each user's scores over all candidates; 0 where all score alike.
  package let spreads: [[Float]]

  /// - Parameters:
  ///   - spreads: of each member and user; nil to compute them, which scores every user once.
  ///   - users: those whose spreads are computed, the only ones to be scored then; nil for all.
  /// - Precondition: at least one member, all of the same users and candidates.
  package init(_ members: [any CandidateScorer], weights: [Float], spreads: [[Float]]? = nil, users: [Int]? = nil) {
    precondition(
      !members.isEmpty && members.count == weights.count
        && members.allSatisfy {
          $0.userCount == members[0].userCount && $0.candidateCount == members[0].candidateCount
        },
      "BlendScorer: \(members.count) members, \(weights.count) weights")
    self.members = members
    self.weights = weights
    self.spreads = spreads ?? members.map { scoreSpreads(of: $0, users: users) }
  }

  package var userCount: Int { members[0].userCount }
  package var candidateCount: Int { members[0].candidateCount }

  package func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    checkBlock(users, candidates, scoreCount: scores.count)
    for position in 0..<scores.count { scores[position] = 0 }
    let own = FloatBuffer(zeros: scores.count)
    var target = own.mutableSpan
    for (member, scorer) in members.enumerated() {
      scorer.score(users, candidates: candidates, into: &target)
      for (row, user) in users.enumerated() {
        VectorMath.best.scaledAdd(
          factor(of: member, user: user), own.span, from: row * candidates.count, 1, &scores,
          from: row * candidates.count, count: candidates.count)
      }
    }
  }

  package func tieMargin(of user: Int) -> Float {
    members.indices.reduce(0) { $0 + abs(factor(of: $1, user: user)) * members[$1].tieMargin(of: user) }
  }

  private func factor(of member: Int, user: Int) -> Float {
    let spread = spreads[member][user]
    return spread > 0 ? weights[member] / spread : 0
  }
}

/// The standard deviation of each user's scores over all candidates.
///
/// One block of users at a time, whoever asks: another user's company would change the last bits.
func scoreSpreads(of scorer: any CandidateScorer, users: [Int]? = nil) -> [Float] {
  let users = users ?? Array(0..<scorer.userCount)
  let found = FloatBuffer(zeros: users.count)
  guard !users.isEmpty else { return [Float](repeating: 0, count: scorer.userCount) }
  parallelForEach(rowsOf: found, width: 1, chunkSize: ScoreBlock.usersPerBlock) { range, part in
    let users = users[range]
    let block = ScoreBlock(scorer: scorer, users: users)
    var sums = [Double](repeating: 0, count: users.count)
    var squares = sums
    for tile in 0..<block.tileCount {
      block.compute(tile: tile)
      for row in 0..<users.count {
        let scores = block.scores(ofRow: row, tile: tile)
        for index in 0..<scores.count {
          let value = Double(scores[index])
          sums[row] += value
          squares[row] += value * value
        }
      }
    }
    let count = Double(scorer.candidateCount)
    for row in 0..<users.count {
      let mean = sums[row] / count
      let variance = squares[row] / count - mean * mean
      // Scores that differ by rounding alone are all alike.
      part[row] = variance > 1e-12 * mean * mean ? Float(variance.squareRoot()) : 0
    }
  }
  var spreads = [Float](repeating: 0, count: scorer.userCount)
  for (user, spread) in zip(users, found.array) { spreads[user] = spread }
  return spreads
}
