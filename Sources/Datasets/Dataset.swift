import TwoTowerFiles

/// Everything read from a user's files: interactions and, where there are any, names, tags and friends.
///
/// Users, items and tags are numbered from 0 in the order of their tables; strings are exactly those of the files.
/// A value type without any tensor: what a model sees of it is Features' business.
package struct Dataset: Sendable {
  /// The name that people know the set by, such as its folder's.
  package var name: String
  package var users: IdentifierTable
  /// The catalogue: every item that can be recommended, with or without interactions.
  package var items: IdentifierTable
  /// A display name per item; the identifier where the files give no name.
  package var itemNames: [String]
  package var interactions: Interactions
  package var tagNames: [String]
  /// Which user gave which tag to which item.
  package var tagAssignments: TagAssignments
  /// Tags that the catalogue itself gives to items, such as genres.
  package var itemTags: ItemTags
  package var friendships: Friendships
  /// What was read, for the run's record.
  package var files: [FileDigest]
  /// Columns of a table that nothing was read from, in its order.
  package var unusedColumns: [String] = []
  /// What was dropped or repaired while reading, in plain sentences (counts, never row by row).
  package var remarks: [String]

  package init(
    name: String, users: IdentifierTable, items: IdentifierTable, itemNames: [String], interactions: Interactions,
    tagNames: [String] = [], tagAssignments: TagAssignments = TagAssignments(), itemTags: ItemTags = ItemTags(),
    friendships: Friendships = Friendships(), files: [FileDigest] = [], remarks: [String] = []
  ) {
    self.name = name
    self.users = users
    self.items = items
    self.itemNames = itemNames
    self.interactions = interactions
    self.tagNames = tagNames
    self.tagAssignments = tagAssignments
    self.itemTags = itemTags
    self.friendships = friendships
    self.files = files
    self.remarks = remarks
  }
}

/// One row per (user, item) pair that was observed, by columns of equal length.
///
/// Pairs are unique.
package struct Interactions: Sendable {
  package var users: [Int32] = []
  package var items: [Int32] = []
  /// How much (a listening count, a rating); 1 where the file has no such column.
  ///
  /// Finite and not negative.
  package var weights: [Float] = []
  /// Milliseconds since 1970-01-01 UTC, `Int64.min` where a row has none; empty where the file has no such column.
  package var timestamps: [Int64] = []

  package init(users: [Int32] = [], items: [Int32] = [], weights: [Float] = [], timestamps: [Int64] = []) {
    self.users = users
    self.items = items
    self.weights = weights
    self.timestamps = timestamps
  }

  package var count: Int { users.count }

  mutating func reserveCapacity(_ count: Int) {
    users.reserveCapacity(count)
    items.reserveCapacity(count)
    weights.reserveCapacity(count)
  }
}

/// Who gave which tag to which item, and when, by columns of equal length.
package struct TagAssignments: Sendable {
  package var users: [Int32] = []
  package var items: [Int32] = []
  package var tags: [Int32] = []
  /// Milliseconds since 1970-01-01 UTC; `Int64.min` where a row has no believable time.
  package var timestamps: [Int64] = []

  package init(users: [Int32] = [], items: [Int32] = [], tags: [Int32] = [], timestamps: [Int64] = []) {
    self.users = users
    self.items = items
    self.tags = tags
    self.timestamps = timestamps
  }

  package var count: Int { users.count }

  mutating func reserveCapacity(_ count: Int) {
    users.reserveCapacity(count)
    items.reserveCapacity(count)
    tags.reserveCapacity(count)
    timestamps.reserveCapacity(count)
  }
}

/// Which tag the catalogue gives to which item, by columns of equal length.
///
/// Pairs are unique.
///
/// They are known of an item before anybody meets it, so nothing of them is held out with a user's interactions.
package struct ItemTags: Sendable {
  package var items: [Int32] = []
  package var tags: [Int32] = []

  package init(items: [Int32] = [], tags: [Int32] = []) {
    self.items = items
    self.tags = tags
  }

  package var count: Int { items.count }
}

/// Directed friend pairs (both directions are listed), by columns of equal length.
package struct Friendships: Sendable {
  package var users: [Int32] = []
  package var friends: [Int32] = []

  package init(users: [Int32] = [], friends: [Int32] = []) {
    self.users = users
    self.friends = friends
  }

  package var count: Int { users.count }
}

/// Rows of `Dataset.interactions` to train on and to test on; a row in neither is not used.
package struct Split: Sendable {
  package var train: [Int32]
  package var test: [Int32]
  /// Of users held out whole: what they are known to have when they ask.
  ///
  /// No model trains on it.
  package var given: [Int32]
  /// Of users held out whole: what is to be found.
  package var hidden: [Int32]

  package init(train: [Int32], test: [Int32], given: [Int32] = [], hidden: [Int32] = []) {
    self.train = train
    self.test = test
    self.given = given
    self.hidden = hidden
  }
}
