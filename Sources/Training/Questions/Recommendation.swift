import Autodiff
import Evaluation
import Kernels
import TwoTower

/// What is asked of recommendations.
public struct RecommendationRequest: Sendable {
  /// How many items.
  public var top: Int
  /// Whether items that the listener is known to have may be recommended.
  public var includesSeen = false
  /// Whether the ranking model orders what retrieval found.
  public var reranks = false
  public var reordering = Reordering()
  /// Whether an item may be recommended, by item; nil when every one may.
  public var isAllowed: [Bool]?

  public init(top: Int) { self.top = top }
}

extension FinishedRun {
  /// The best items for a listener by retrieval, reordered as asked; reranked, the best of the first hundred by the
  /// ranking model.
  ///
  /// - Throws: `CheckpointError`, `EvaluationError`, or `RunError` where the run cannot answer.
  public func recommend(to listener: Listener, _ request: RecommendationRequest) throws -> [RankedItem] {
    if request.reranks, try !hasRanking { throw RunError.noRanking(folder.path) }
    var excluded = request.includesSeen ? [] : try knownItems(of: listener)
    if let isAllowed = request.isAllowed {
      excluded = Set(excluded).union((0..<Int32(itemCount)).filter { !isAllowed[Int($0)] }).sorted()
    }
    let reorderer = try request.reordering.changesNothing ? nil : reorderer(request.reordering)
    var scores = try scores(of: listener)
    reorderer?.penalize(&scores)
    let depth = max(request.reordering.poolSize(for: request.top), request.reranks ? max(request.top, 100) : 0)
    var items = topK(scores.span, k: depth, excluding: excluded).map { RankedItem(item: $0.index, score: $0.score) }
    if request.reranks {
      guard let model = try models().ranking else { throw RunError.noRanking(folder.path) }
      guard case .user(let user) = listener else {
        throw RunError.question("the ranking model knows users of the data only: leave --rerank out")
      }
      let predictions = model.predictions(for: LabeledPairs(user: user, items: items.map(\.item)), data: try data())
      for (place, prediction) in predictions.enumerated() { items[place].prediction = prediction }
      items.sort(by: RankedItem.standsBefore)
    }
    guard let reorderer else { return Array(items.prefix(request.top)) }
    let pool = items.map { ScoredCandidate(index: $0.item, score: $0.prediction ?? $0.score ?? 0) }
    return reorderer.diversified(pool, length: request.top).map { items[$0] }
  }

  private func reorderer(_ reordering: Reordering) throws -> Reorderer {
    try reordering.check(hasVectors: folder.hasEmbeddings)
    return Reorderer(
      reordering, counts: try popularity(), candidates: reordering.diversity > 0 ? try embeddings().candidates : nil)
  }
}
