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
  /// Whether what retrieval found is put in the order of the run's reranker.
  package var reranks = false
  package var reordering = Reordering()
  /// Whether an item may be recommended, by item; nil when every one may.
  package var isAllowed: [Bool]?

  package init(top: Int) { self.top = top }
}

extension Answerer {
  /// The best items by retrieval, reordered as asked; reranked, the best of the first hundred by retrieval and ranking
  /// together, as much as each was found to count on held-out rows.
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
    excluded = try excludingHardlyKnown(excluded, from: query, keeping: request.top)
    let reorderer = try request.reordering.changesNothing ? nil : reorderer(request.reordering)
    var scores = try scores(of: query)
    reorderer?.penalize(&scores)
    let depth = max(
      request.reordering.poolSize(for: request.top), request.reranks ? max(request.top, Reranker.depth) : 0)
    var items = topK(scores.span, k: depth, excluding: excluded).map { RankedItem(item: $0.index, score: $0.score) }
    if try request.reranks && popularityReason(for: query) == nil {
      guard case .user(let user) = query else {
        throw QuestionError.question("the ranking model knows users of the data only: leave --rerank out")
      }
      // Diversity picks from all of them, by one scale.
      items = try reranked(items, first: request.reordering.diversity > 0 ? items.count : Reranker.depth, for: user)
    }
    guard let reorderer else { return Array(items.prefix(request.top)) }
    let pool = items.map { ScoredCandidate(index: $0.item, score: $0.reranked ?? $0.score ?? 0) }
    return reorderer.diversified(pool, length: request.top).map { items[$0] }
  }

  /// What is left out of the list of someone who is placed by folding in: items that hardly anyone has too.
  ///
  /// Those of one user or none stand near whoever is unlike the many by chance. They stay where fewer than `count` others
  /// would.
  private func excludingHardlyKnown(
    _ excluded: [Int32], from query: Query, keeping count: Int
  ) throws -> [Int32] {
    guard case .likes = query, let towers = settings.retrieval, !towers.knowsUsersByHistoryAlone else {
      return excluded
    }
    let counts = try knownCounts()
    let more = Set(excluded).union((0..<Int32(itemCount)).filter { counts[Int($0)] < 2 })
    return itemCount - more.count >= count ? more.sorted() : excluded
  }

  /// The first `count` of the items in the order of the reranker, then the others as they were.
  private func reranked(_ items: [RankedItem], first count: Int, for user: Int32) throws -> [RankedItem] {
    let (reranker, inputs) = try reranking()
    let head = items.prefix(count)
    let list = RetrievedList(
      user: user, candidates: head.map { ScoredCandidate(index: $0.item, score: $0.score ?? 0) })
    let rows = inputs.rows(of: [list])[0]
    let sums = reranker.scores(rows.values)
    return reranker.order(rows.values).map { place in
      var item = head[place]
      (item.prediction, item.reranked) = (rows.predictions[place], sums[place])
      return item
    } + items.dropFirst(count)
  }

  func reorderer(_ reordering: Reordering) throws -> Reorderer {
    try reordering.check(hasVectors: hasDirections)
    return Reorderer(
      reordering, counts: try knownCounts(), candidates: reordering.diversity > 0 ? try directions().candidates : nil)
  }
}
