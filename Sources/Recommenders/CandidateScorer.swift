import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// What can score users against the catalogue, a block of users and a range of candidates at a time: users ×
/// candidates is never held whole.
package protocol CandidateScorer: Sendable {
  var userCount: Int { get }
  var candidateCount: Int { get }

  /// Writes the score of each of `users` with each of `candidates`, `[users.count, candidates.count]`; the higher, the
  /// better. Called from several threads at a time. The same block gives the same bits each time.
  ///
  /// - Precondition: users and candidates exist and `scores` has their shape.
  func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>)

  /// How much the scores of equal candidates may differ for one user: what is nearer than that ties.
  func tieMargin(of user: Int) -> Float
}

extension CandidateScorer {
  package func tieMargin(of user: Int) -> Float { 0 }

  /// The scores of one user with the given items, in their order; `items` exist.
  package func scores(of user: Int32, items: [Int32]) -> [ScoredIndex] {
    items.map { item in
      let value = FloatBuffer(zeros: 1)
      var target = value.mutableSpan
      score([Int(user)], candidates: Int(item)..<Int(item) + 1, into: &target)
      return ScoredIndex(index: item, score: value.span[0])
    }
  }

  /// Traps when a block does not fit the scorer.
  func checkBlock(_ users: [Int], _ candidates: Range<Int>, scoreCount: Int) {
    precondition(
      users.allSatisfy { $0 >= 0 && $0 < userCount } && candidates.lowerBound >= 0
        && candidates.upperBound <= candidateCount && scoreCount == users.count * candidates.count,
      "\(Self.self).score: \(scoreCount) scores for \(users.count) of \(userCount) users and candidates \(candidates) "
        + "of \(candidateCount)")
  }
}

/// Scores by the dot product of embeddings.
package struct EmbeddingScorer: CandidateScorer {
  /// One embedding per user, `[userCount, dimension]`.
  package let queries: Tensor
  /// One embedding per item of the catalogue, `[candidateCount, dimension]`.
  package let candidates: Tensor
  /// The greatest length of a candidate.
  private let longest: Lazy<Float>

  /// - Precondition: both of one dimension.
  package init(queries: Tensor, candidates: Tensor) {
    precondition(
      queries.shape.rank == 2 && candidates.shape.rank == 2 && queries.shape[1] == candidates.shape[1],
      "EmbeddingScorer: queries \(queries.shape) and candidates \(candidates.shape)")
    self.queries = queries
    self.candidates = candidates
    longest = Lazy { (0..<candidates.shape[0]).map { length(of: $0, in: candidates) }.max() ?? 0 }
  }

  /// OpenBLAS adds up some columns of a product in another order than others, on most processors: a few units in the last
  /// place of the largest product that there can be.
  package func tieMargin(of user: Int) -> Float {
    guard let longest = try? longest() else { return 0 }
    return length(of: user, in: queries) * longest * 0x1p-21
  }

  package var userCount: Int { queries.shape[0] }
  package var candidateCount: Int { candidates.shape[0] }

  package func score(_ users: [Int], candidates range: Range<Int>, into scores: inout MutableSpan<Float>) {
    checkBlock(users, range, scoreCount: scores.count)
    let dimension = queries.shape[1]
    let gathered = FloatBuffer(zeros: users.count * dimension)
    let source = queries.buffer.span
    var target = gathered.mutableSpan
    for (position, user) in users.enumerated() {
      for column in 0..<dimension { target[position * dimension + column] = source[user * dimension + column] }
    }
    matrixMultiply(
      gathered.span, candidates.buffer.span.extracting(range.lowerBound * dimension..<range.upperBound * dimension),
      into: &scores, rows: users.count, columns: range.count, inner: dimension, transposeB: true)
  }
}

/// The length of a row of a matrix.
private func length(of row: Int, in matrix: Tensor) -> Float {
  let width = matrix.shape[1]
  let values = matrix.buffer.span.extracting(row * width..<(row + 1) * width)
  return VectorMath.best.dot(values, values).squareRoot()
}
