import TwoTowerRecommenders

extension Answerer {
  /// The items most like one in the space of the model, itself left out, best first.
  package func similarItems(to item: Int32, measure: SimilarityMeasure, top: Int) throws -> [ScoredCandidate] {
    try Neighbors(of: try vectors().candidates, named: "candidate_embeddings", measure: measure)
      .nearest(top, to: Int(item))
  }

  /// The users most like someone, themselves left out, best first.
  package func similarUsers(to query: Query, measure: SimilarityMeasure, top: Int) throws -> [ScoredCandidate] {
    let neighbors = try Neighbors(of: try vectors().queries, named: "query_embeddings", measure: measure)
    switch query {
    case .user(let user): return try neighbors.nearest(top, to: Int(user))
    case .likes: return try neighbors.nearest(top, to: try vector(of: query))
    }
  }

  /// The items that someone and a user both have, those that the fewest users have first: they say most.
  package func sharedItems(_ query: Query, _ user: Int32) throws -> [Int32] {
    let counts = try knownCounts()
    return Set(try knownItems(of: query)).intersection(try seenItems(of: user))
      .sorted { (counts[Int($0)], $0) < (counts[Int($1)], $1) }
  }
}
