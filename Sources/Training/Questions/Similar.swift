import Evaluation

extension FinishedRun {
  /// How many users have each item in the training rows.
  public func popularity() throws -> [Int] { try folder.seenCounts(itemCount: itemCount) }

  /// The items most like one in the space of the model, itself left out, best first.
  public func similarItems(to item: Int32, measure: SimilarityMeasure, top: Int) throws -> [ScoredCandidate] {
    try Neighbors(of: try embeddings().candidates, named: "candidate_embeddings", measure: measure)
      .nearest(top, to: Int(item))
  }

  /// The users most like a listener, themselves left out, best first.
  public func similarUsers(to listener: Listener, measure: SimilarityMeasure, top: Int) throws -> [ScoredCandidate] {
    let neighbors = try Neighbors(of: try embeddings().queries, named: "query_embeddings", measure: measure)
    switch listener {
    case .user(let user): return try neighbors.nearest(top, to: Int(user))
    case .person: return try neighbors.nearest(top, to: try query(of: listener))
    }
  }

  /// The items that two listeners both have, those that the fewest users have first: they say most.
  public func sharedItems(_ listener: Listener, _ user: Int32) throws -> [Int32] {
    let counts = try popularity()
    return Set(try knownItems(of: listener)).intersection(try seenItems(of: user))
      .sorted { (counts[Int($0)], $0) < (counts[Int($1)], $1) }
  }
}
