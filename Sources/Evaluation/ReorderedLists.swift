import Autodiff
import Kernels
import Synchronization
import TwoTower

/// The lists that the users with a test row are shown by a reordering of the scores; what they were trained on is left
/// out.
///
/// - Parameters:
///   - candidates: `[candidateCount, dimension]`, whose cosines tell how alike two items are; nil where there is no
///     diversity to care for.
///   - isAllowed: whether each item may be shown; nil when every one may.
/// - Throws: `EvaluationError` for a score that is not finite.
public func reorderedLists(
  scorer: any CandidateScorer, candidates: Tensor?, truth: RetrievalTruth, length: Int, reordering: Reordering,
  isAllowed: [Bool]? = nil
) throws(EvaluationError) -> ShownLists {
  if let candidates { try requireFinite(candidates, named: "candidate_embeddings") }
  let reorderer = Reorderer(reordering, counts: truth.trainingCounts, candidates: candidates)
  let barred = isAllowed.map { isAllowed in isAllowed.indices.filter { !isAllowed[$0] }.map(Int32.init) } ?? []
  let users = truth.testedUsers
  let size = ScoreBlock.usersPerBlock
  let results = Mutex([Result<[[Int32]], EvaluationError>?](repeating: nil, count: (users.count + size - 1) / size))
  parallelForEach(count: users.count, chunkSize: size) { range in
    let block = ScoreBlock(scorer: scorer, users: users[range])
    var scores = range.map { _ in [Float]() }
    for tile in 0..<block.tileCount {
      block.compute(tile: tile)
      for row in scores.indices {
        let tileScores = block.scores(ofRow: row, tile: tile)
        for position in 0..<tileScores.count { scores[row].append(tileScores[position]) }
      }
    }
    let lists = Result { () throws(EvaluationError) in
      var lists: [[Int32]] = []
      for (user, scores) in zip(users[range], scores) {
        guard areFinite(scores.span) else { throw .nonFiniteScore(queryRow: user) }
        let seen = Array(truth.training[user])
        let excluded = barred.isEmpty ? seen : Set(seen).union(barred).sorted()
        lists.append(reorderer.list(scores, length: length, excluding: excluded).map(\.index))
      }
      return lists
    }
    results.withLock { $0[range.lowerBound / size] = lists }
  }
  var lists: [[Int32]] = []
  for case let result? in results.withLock({ $0 }) { lists += try result.get() }
  var shown = ShownLists(length: length)
  for (user, list) in zip(users, lists) { shown.append(list, of: user) }
  return shown
}
