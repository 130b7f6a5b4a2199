import TwoTowerAutodiff
import TwoTowerRecommenders

extension Answerer {
  /// The items most like one in the space of the model, itself and those of which nothing is known left out, best
  /// first.
  ///
  /// - Throws: `QuestionError.nothingKnown`, `QuestionError.noEmbeddings`.
  package func similarItems(to item: Int32, measure: SimilarityMeasure, top: Int) throws -> [ScoredCandidate] {
    let unknown = try servedCatalogue().unknownItems
    guard !unknown.contains(item) else {
      throw QuestionError.nothingKnown(
        "nothing is known of '\(itemNames[Int(item)])': no training row, no tag; ask for another item")
    }
    let candidates = try directions().candidates
    return try Neighbors(of: candidates, named: "candidate_embeddings", measure: measure)
      .nearest(top, to: candidates.row(Int(item)), excluding: (unknown + [item]).sorted())
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
