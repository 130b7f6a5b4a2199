import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerRecommenders

/// The lists that the users with a test row are shown by a reordering of the scores; what they were trained on is left
/// out.
///
/// - Parameters:
///   - candidates: `[candidateCount, dimension]`, whose cosines tell how alike two items are; nil where there is no
///     diversity to care for.
///   - isAllowed: whether each item may be shown; nil when every one may.
/// - Throws: `ScoringError` for a score that is not finite.
package func reorderedLists(
  scorer: any CandidateScorer, candidates: Tensor?, truth: RetrievalTruth, length: Int, reordering: Reordering,
  isAllowed: [Bool]? = nil
) throws(ScoringError) -> ShownLists {
  if let candidates { try requireFinite(candidates, named: "candidate_embeddings") }
  let reorderer = Reorderer(reordering, counts: truth.trainingCounts, candidates: candidates)
  let barred = isAllowed.map { isAllowed in isAllowed.indices.filter { !isAllowed[$0] }.map(Int32.init) } ?? []
  let users = truth.testedUsers
  // All scores of a block are held at once: at most 16 MB.
  let size = max(1, min(ScoreBlock.usersPerBlock, (1 << 22) / max(1, scorer.candidateCount)))
  let lists = try ScoreBlock.forEach(of: users.count, size: size) { range throws(ScoringError) in
    let block = ScoreBlock(scorer: scorer, users: users[range])
    var scores = range.map { _ in [Float]() }
    for tile in 0..<block.tileCount {
      block.compute(tile: tile)
      for row in scores.indices {
        let tileScores = block.scores(ofRow: row, tile: tile)
        scores[row].reserveCapacity(scorer.candidateCount)
        for position in 0..<tileScores.count { scores[row].append(tileScores[position]) }
      }
    }
    var lists: [[Int32]] = []
    for (user, scores) in zip(users[range], scores) {
      guard firstNonFinite(scores.span) == nil else { throw ScoringError.nonFiniteScore(queryRow: user) }
      let excluded = merged(truth.training[user], barred)
      lists.append(reorderer.list(scores, length: length, excluding: excluded).map(\.index))
    }
    return lists
  }
  var shown = ShownLists(length: length)
  for (user, list) in zip(users, lists) { shown.append(list, of: user) }
  return shown
}

/// The numbers of two ascending lists, ascending; what is in both comes twice.
private func merged(_ left: ArraySlice<Int32>, _ right: [Int32]) -> [Int32] {
  if right.isEmpty { return Array(left) }
  var merged: [Int32] = []
  merged.reserveCapacity(left.count + right.count)
  var next = left.startIndex
  for number in right {
    while next < left.endIndex && left[next] < number {
      merged.append(left[next])
      next += 1
    }
    merged.append(number)
  }
  return merged + left[next...]
}
