import TwoTowerAutodiff
import TwoTowerFiles
import TwoTowerRecommenders

/// What lists of recommendations are worth beside being right, and for whom.
package struct RecommendationAssessment {
  package var model: ListMetrics
  /// The same for recommending everyone the most popular items.
  package var popularity: ListMetrics?
  /// The model's lists after the filtering and reordering that was asked for; nil where nothing was, or nothing is left.
  package var reordered: ListMetrics?
  package var reordering: Reordering
  /// How many items may be in these; nil when every one may.
  package var allowedItemCount: Int?
  package var activity: [ActivityGroup]
  /// The same groups for recommending everyone the most popular items; so below.
  package var popularityByActivity: [ActivityGroup]
  package var itemPopularity: [PopularityGroup]
  package var popularityByItemPopularity: [PopularityGroup]

  /// - Parameters:
  ///   - candidates: the items' vectors, `[itemCount, dimension]`; nil for a scorer that has none.
  ///   - isAllowed: whether each item may be in the reordered lists; nil when every one may.
  /// - Returns: nil without lists.
  /// - Throws: `ScoringError.noVectorsForDiversity`.
  init?(
    _ scorer: any CandidateScorer, candidates: Tensor?, truth: RetrievalTruth, model: ShownLists?,
    popularity: ShownLists?, reordering: Reordering, isAllowed: [Bool]?
  ) throws {
    guard let model, let report = evaluateLists(model, truth: truth, candidates: candidates) else { return nil }
    try reordering.check(hasVectors: candidates != nil)
    self.model = report
    self.popularity = popularity.flatMap { evaluateLists($0, truth: truth, candidates: candidates) }
    self.reordering = reordering
    allowedItemCount = isAllowed?.count { $0 }
    if !reordering.changesNothing || isAllowed != nil {
      let lists = try reorderedLists(
        scorer: scorer, candidates: candidates, truth: truth, length: model.length, reordering: reordering,
        isAllowed: isAllowed)
      reordered = evaluateLists(lists, truth: truth, candidates: candidates)
    }
    activity = activityGroups(model, truth: truth)
    popularityByActivity = popularity.map { activityGroups($0, truth: truth) } ?? []
    itemPopularity = popularityGroups(model, truth: truth)
    popularityByItemPopularity = popularity.map { popularityGroups($0, truth: truth) } ?? []
  }

  /// The keys `recommendations`, `by_user_activity` and `by_item_popularity`.
  var members: [(key: String, value: JSONValue)] {
    var lists: [(key: String, value: JSONValue)] = [
      (key: "length", value: .integer(model.length)), (key: "model", value: model.json),
    ]
    if let popularity { lists.append((key: "popularity", value: popularity.json)) }
    if let reordered {
      lists.append((key: "reordered", value: reordered.json))
      lists.append((key: "popularity_penalty", value: .number(reordering.popularityPenalty)))
      lists.append((key: "diversity", value: .number(reordering.diversity)))
      if let allowedItemCount { lists.append((key: "allowed_items", value: .integer(allowedItemCount))) }
    }
    let users = activity.enumerated().map { place, group -> JSONValue in
      var members: [(key: String, value: JSONValue)] = [
        (key: "training_rows", value: group.trainingRows.json), (key: "users", value: .integer(group.userCount)),
      ]
      members += group.metrics.members
      if place < popularityByActivity.count, let recall = popularityByActivity[place].metrics.recall {
        members.append((key: "popularity_recall", value: .number(recall)))
      }
      return .object(members)
    }
    let items = itemPopularity.enumerated().map { place, group -> JSONValue in
      var members: [(key: String, value: JSONValue)] = [
        (key: "training_rows", value: group.trainingRows.json), (key: "items", value: .integer(group.itemCount)),
        (key: "test_rows", value: .integer(group.testRowCount)),
      ]
      if let rate = group.hitRate { members.append((key: "hit_rate", value: .number(rate))) }
      members.append((key: "share_of_recommendations", value: .number(group.shareOfRecommendations)))
      if place < popularityByItemPopularity.count, let rate = popularityByItemPopularity[place].hitRate {
        members.append((key: "popularity_hit_rate", value: .number(rate)))
      }
      return .object(members)
    }
    return [
      (key: "recommendations", value: .object(lists)), (key: "by_user_activity", value: .array(users)),
      (key: "by_item_popularity", value: .array(items)),
    ]
  }
}

extension GenrePrecision {
  /// The key `genre_precision@k` and, of random items of like popularity, `genre_precision@k_random`.
  var members: [(key: String, value: JSONValue)] {
    [
      (key: "genre_precision@\(neighborCount)", value: .number(neighbors)),
      (key: "genre_precision@\(neighborCount)_random", value: .number(random)),
    ]
  }
}

extension ClosedRange<Int> {
  /// `[lowest, highest]`.
  var json: JSONValue { .array([.integer(lowerBound), .integer(upperBound)]) }
}
