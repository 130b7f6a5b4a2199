/// The inputs that a recipe can name.
public enum FeatureName: String, CaseIterable, Sendable, Codable {
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
  /// The user's training items, a bag over the table of items.
  case history
  /// The tags of the user's training items, each item's adding up to 1: a bag over the table of tags.
  case historyTags = "history-tags"
  /// When the user met the item, one of equal buckets of time.
  case timestampBucket = "timestamp-bucket"
  /// When the user met the item, a standardised number.
  case timestamp
  /// Counts and statistics of the user's training rows.
  case userStatistics = "user-statistics"
  /// Counts and statistics of the item's training rows.
  case itemStatistics = "item-statistics"

  /// Whose rows the feature has: users', or items'.
  public enum Entity: Sendable { case user, item }

  public var entity: Entity {
    switch self {
    case .itemIdentifier, .tags, .itemStatistics: .item
    case .userIdentifier, .friends, .userTags, .history, .historyTags, .timestampBucket, .timestamp, .userStatistics:
      .user
    }
  }

  /// The name of the embedding table, which features over the same vocabulary can share; nil for numbers.
  public var vocabularyName: String? {
    switch self {
    case .userIdentifier, .friends: "users"
    case .itemIdentifier, .history: "items"
    case .tags, .userTags, .historyTags: "tags"
    case .timestampBucket: "timestamp-buckets"
    case .timestamp, .userStatistics, .itemStatistics: nil
    }
  }
}
