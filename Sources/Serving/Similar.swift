import TwoTowerAutodiff
import TwoTowerRecommenders

extension Answerer {
  /// The items most like one in the space of the model, itself left out, best first.
  package func similarItems(to item: Int32, measure: SimilarityMeasure, top: Int) throws -> [ScoredCandidate] {
    try Neighbors(of: try directions().candidates, named: "candidate_embeddings", measure: measure)
      .nearest(top, to: Int(item))
  }

  /// The users most like someone, themselves left out, best first.
  package func similarUsers(to query: Query, measure: SimilarityMeasure, top: Int) throws -> [ScoredCandidate] {
    let neighbors = try Neighbors(of: try directions().queries, named: "query_embeddings", measure: measure)
    switch query {
    case .user(let user): return try neighbors.nearest(top, to: Int(user))
    case .likes:
      let (vector, width) = (try vector(of: query), try directions().queries.shape[1])
      return try neighbors.nearest(top, to: Tensor([width], Array(vector.array.prefix(width))))
    }
  }

  /// The items that someone and a user both have, those that the fewest users have first: they say most.
  package func sharedItems(_ query: Query, _ user: Int32) throws -> [Int32] {
    let counts = try knownCounts()
    return Set(try knownItems(of: query)).intersection(try seenItems(of: user))
      .sorted { (counts[Int($0)], $0) < (counts[Int($1)], $1) }
  }
}
