/// What can be told of a user and an item together; for ranking given candidates, never for retrieval.
///
/// A training row's own label, and its user's tags on its item, are left out of everything but the features of the
/// user's own tags on the item. A held-out pair's tags count in those alone, and only in its own.
package enum PairStatistic: String, Sendable, Codable, CaseIterable {
  /// 1 where the user tagged the item, else 0.
  case tagged
  /// ln(1 + the user's tag assignments to the item).
  case tagAssignments = "tag-assignments"
  /// ln(1 + those / (1 + the user's mean number of assignments per other tagged item)).
  case relativeTagAssignments = "relative-tag-assignments"
  /// The newest of the user's tags on the item, in standard deviations of the training pairs' from their mean; 0
  /// when unknown.
  case tagTime = "tag-time"
  /// 1 where that time is known, else 0.
  case tagTimeKnown = "tag-time-known"
  /// ln(1 + the user's friends with a training row of the item).
  case friendsWithItem = "friends-with-item"
  /// The mean label of those rows, drawn towards that of all training rows as if by two more.
  case friendsMeanLabel = "friends-mean-label"
  /// The cosine of the item's tags and the sum of those of the user's other training items, a unit vector each.
  case tagCosine = "tag-cosine"
  /// The cosine of the item's tags and those that the user has given to other items.
  case givenTagCosine = "given-tag-cosine"
  /// The square root of the item's mean similarity to the user's other training items.
  case meanSimilarity = "mean-similarity"
  /// The largest of these similarities.
  case maximumSimilarity = "maximum-similarity"
  /// The mean of the user's other labels, weighted by the similarity of their items to the item.
  case similarLabel = "similar-label"

  /// Whether it tells what the user did with this very item: known where given candidates are ranked, and not where
  /// items are found.
  var isOfThePairItself: Bool {
    switch self {
    case .tagged, .tagAssignments, .relativeTagAssignments, .tagTime, .tagTimeKnown: true
    case .friendsWithItem, .friendsMeanLabel, .tagCosine, .givenTagCosine, .meanSimilarity, .maximumSimilarity,
      .similarLabel:
      false
    }
  }

  /// The position in the order of this declaration.
  var number: Int {
    switch self {
    case .tagged: 0
    case .tagAssignments: 1
    case .relativeTagAssignments: 2
    case .tagTime: 3
    case .tagTimeKnown: 4
    case .friendsWithItem: 5
    case .friendsMeanLabel: 6
    case .tagCosine: 7
    case .givenTagCosine: 8
    case .meanSimilarity: 9
    case .maximumSimilarity: 10
    case .similarLabel: 11
    }
  }
}
