import TwoTowerAutodiff

/// Both towers on one tape: what they have in common, the neighbours' embeddings, is computed once.
struct StepEncoder {
  private let queryTower, candidateTower: Tower
  private let similarity: RetrievalSettings.Similarity
  private let propagation: Propagation?
  /// The propagated embeddings of users and items.
  private let identities: Variable?
  private let queryScales: [Float]
  private let tape: Tape

  /// - Parameters:
  ///   - propagation: nil where identifiers stand for themselves.
  ///   - queryScales: what the vector of each query is multiplied by; empty for 1.
  /// - Precondition: with a propagation, both towers have identifiers, embedded in one width.
  init(
    queryTower: Tower, candidateTower: Tower, similarity: RetrievalSettings.Similarity, propagation: Propagation?,
    queryScales: [Float], on tape: Tape
  ) {
    (self.queryTower, self.candidateTower, self.similarity) = (queryTower, candidateTower, similarity)
    (self.propagation, self.queryScales, self.tape) = (propagation, queryScales, tape)
    identities = propagation.map { propagation in
      guard let users = queryTower.identifiers, let items = candidateTower.identifiers else {
        preconditionFailure("StepEncoder: a propagation without identifiers")
      }
      return propagation(
        users: gather(users.table, rows: users.rows, on: tape), items: gather(items.table, rows: items.rows, on: tape))
    }
  }

  /// The vectors of a batch of queries, whose dot products with candidates are the similarities.
  func queries(_ batch: BatchRows) -> Variable {
    let vectors = vectors(of: queryTower, batch, places: { $0 })
    return queryScales.isEmpty ? vectors : scaleRows(vectors, by: batch.entities.map { queryScales[Int($0)] })
  }

  func candidates(_ batch: BatchRows) -> Variable {
    vectors(of: candidateTower, batch) { propagation!.place(ofItem: $0) }
  }

  private func vectors(of tower: Tower, _ batch: BatchRows, places: (Int32) -> Int32) -> Variable {
    let identities = identities.map { gather($0, rows: batch.entities.map(places)) }
    let output = tower(batch, identities: identities, on: tape)
    return similarity == .cosine ? l2NormalizeRows(output) : output
  }
}
