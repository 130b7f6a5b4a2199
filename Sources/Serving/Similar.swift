import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerRecommenders

extension Answerer {
  /// The measure that agrees best with genres and with what the same people have, of those that the run has.
  package var defaultItemMeasure: ItemMeasure { hasDirections ? .combined : .correlation }

  /// The items most like one, itself and those of which nothing is known left out, best first.
  ///
  /// - Parameter popularityPenalty: how much popularity counts against an item, as in `Reordering`.
  /// - Throws: `QuestionError.nothingKnown`, also where the run knows nothing to compare the item by;
  ///   `QuestionError.noEmbeddings`.
  package func similarItems(
    to item: Int32, measure: ItemMeasure, popularityPenalty: Double = 0, top: Int
  ) throws -> [ScoredCandidate] {
    let name = itemNames[Int(item)]
    guard try !isUnknown(item) else {
      throw QuestionError.nothingKnown("nothing is known of '\(name)': no training row, no tag; ask for another item")
    }
    if measure.needsVectors { try requireFinite(directions().candidates, named: "candidate_embeddings") }
    var scores = try likeness().scores(with: item, by: measure)
    let listed = scores.filter { $0 > .neverListed }
    // Several that are all alike say nothing either.
    guard let first = listed.first, listed.count == 1 || listed.contains(where: { $0 != first }) else {
      throw QuestionError.nothingKnown(
        "nothing is known to compare '\(name)' by: no item goes with it more often than by chance; ask for another")
    }
    try reorderer(Reordering(popularityPenalty: popularityPenalty)).penalize(&scores)
    return topK(scores.span, k: top)
  }

  /// The users most like someone, themselves and those of whom nothing is known left out, best first.
  ///
  /// - Throws: `QuestionError.nothingKnown`, `QuestionError.noEmbeddings`.
  package func similarUsers(to query: Query, measure: SimilarityMeasure, top: Int) throws -> [ScoredCandidate] {
    let users = try directions().queries
    let neighbors = try Neighbors(of: users, named: "query_embeddings", measure: measure)
    let (served, row) = try scorer(of: query)
    guard served.knows(row) else {
      throw QuestionError.nothingKnown("nothing is known of whom you ask for: no training row; ask for another user")
    }
    let scorer = try scorer()
    var excluded = (0..<Int32(scorer.userCount)).filter { !scorer.knows(Int($0)) }
    switch query {
    case .user(let user):
      excluded = (excluded + [user]).sorted()
      return try neighbors.nearest(top, to: users.row(Int(user)), excluding: excluded)
    case .likes:
      let (vector, width) = (try vector(of: query), users.shape[1])
      return try neighbors.nearest(top, to: Tensor([width], Array(vector.array.prefix(width))), excluding: excluded)
    }
  }

  /// The items that someone and a user both have, those that the fewest users have first: they say most.
  package func sharedItems(_ query: Query, _ user: Int32) throws -> [Int32] {
    let counts = try knownCounts()
    return Set(try knownItems(of: query)).intersection(try seenItems(of: user))
      .sorted { (counts[Int($0)], $0) < (counts[Int($1)], $1) }
  }
}
