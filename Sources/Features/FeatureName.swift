/// The inputs that a recipe can name.
package enum FeatureName: String, CaseIterable, Sendable, Codable {
  /// The user itself, a row of a table.
  case userIdentifier = "user-id"
  /// The item itself, a row of a table.
  case itemIdentifier = "item-id"
  /// The user's friends, a bag over the table of users.
  case friends
  /// The tags (genres) that users or the catalogue give to the item, a bag over the table of tags.
  case tags
  /// The tags that the user has given, a bag over the table of tags.
  case userTags = "user-tags"
  /// The items that the user is known to have, a bag over the table of items.
  case history
  /// The tags of the items that the user is known to have, each item's adding up to 1: a bag over the table of tags.
  case historyTags = "history-tags"
  /// When the user met the item, one of equal buckets of time.
  case timestampBucket = "timestamp-bucket"
  /// When the user met the item, a standardised number.
  case timestamp
  /// Counts and statistics of what the user is known to have.
  case userStatistics = "user-statistics"
  /// Counts and statistics of the item's training rows.
  case itemStatistics = "item-statistics"

  /// How the feature is made.
  enum Kind {
    case user(any UserFeature.Type)
    case item(any ItemFeature.Type)
  }

  var kind: Kind {
    switch self {
    case .userIdentifier: .user(UserIdentifierFeature.self)
    case .itemIdentifier: .item(ItemIdentifierFeature.self)
    case .friends: .user(FriendsFeature.self)
    case .tags: .item(TagsFeature.self)
    case .userTags: .user(UserTagsFeature.self)
    case .history: .user(HistoryFeature.self)
    case .historyTags: .user(HistoryTagsFeature.self)
    case .timestampBucket: .user(TimestampBucketFeature.self)
    case .timestamp: .user(TimestampFeature.self)
    case .userStatistics: .user(UserStatisticsFeature.self)
    case .itemStatistics: .item(ItemStatisticsFeature.self)
    }
  }

  /// Whose rows the feature has: users', or items'.
  package enum Entity: Sendable { case user, item }

  package var entity: Entity {
    switch kind {
    case .user: .user
    case .item: .item
    }
  }

  /// The name of the embedding table, which features over the same vocabulary can share; nil for numbers.
  package var vocabularyName: String? {
    switch kind {
    case .user(let type): type.vocabularyName
    case .item(let type): type.vocabularyName
    }
  }
}
