import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerRecommenders

/// What is asked of recommendations.
package struct RecommendationRequest: Sendable {
  /// How many items.
  package var top: Int
  /// Whether items that someone is known to have may be recommended.
  package var includesSeen = false
  /// Whether items of a user's held-out rows are left out too.
  package var excludesHeldOut = false
  /// Whether the ranking model orders what retrieval found.
  package var reranks = false
  package var reordering = Reordering()
  /// Whether an item may be recommended, by item; nil when every one may.
  package var isAllowed: [Bool]?

  package init(top: Int) { self.top = top }
}

extension Answerer {
  /// The best items by retrieval, reordered as asked; reranked, the best of the first hundred by the ranking model.
  ///
  /// What is popular, and not reranked, where `popularityReason(for:)` says so; never an item of which nothing is known.
  ///
  /// - Throws: `CheckpointError`, `ScoringError`, or `QuestionError` where the run cannot answer.
  package func recommend(to query: Query, _ request: RecommendationRequest) throws -> [RankedItem] {
    if request.reranks && !hasRanking { throw QuestionError.noRanking(runName) }
    var excluded = request.includesSeen ? [] : try knownItems(of: query)
    if request.excludesHeldOut, case .user(let user) = query {
      excluded = Set(excluded).union(try heldOutItems(of: user)).sorted()
    }
    if let isAllowed = request.isAllowed {
      excluded = Set(excluded).union((0..<Int32(itemCount)).filter { !isAllowed[Int($0)] }).sorted()
    }
    let reorderer = try request.reordering.changesNothing ? nil : reorderer(request.reordering)
    var scores = try scores(of: query)
    reorderer?.penalize(&scores)
    let depth = max(request.reordering.poolSize(for: request.top), request.reranks ? max(request.top, 100) : 0)
    var items = topK(scores.span, k: depth, excluding: excluded).map { RankedItem(item: $0.index, score: $0.score) }
    if try request.reranks && popularityReason(for: query) == nil {
      guard let model = try models().ranking else { throw QuestionError.noRanking(runName) }
      guard case .user(let user) = query else {
        throw QuestionError.question("the ranking model knows users of the data only: leave --rerank out")
      }
      let predictions = model.predictions(for: LabeledPairs(user: user, items: items.map(\.item)), data: try data())
      for (place, prediction) in predictions.enumerated() { items[place].prediction = prediction }
      items.sort(by: RankedItem.standsBefore)
    }
    guard let reorderer else { return Array(items.prefix(request.top)) }
    let pool = items.map { ScoredCandidate(index: $0.item, score: $0.prediction ?? $0.score ?? 0) }
    return reorderer.diversified(pool, length: request.top).map { items[$0] }
  }

  func reorderer(_ reordering: Reordering) throws -> Reorderer {
    try reordering.check(hasVectors: hasDirections)
    return Reorderer(
      reordering, counts: try knownCounts(), candidates: reordering.diversity > 0 ? try directions().candidates : nil)
  }
}
