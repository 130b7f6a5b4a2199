/// The names of the columns of a table of interactions.
package struct TableColumns: Sendable, Equatable, Codable {
  package var user: String
  package var item: String
  /// Nil: every row weighs 1.
  package var weight: String?
  package var timestamp: String?
  /// A display name for the item; the first one that is not empty counts.
  package var itemName: String?

  package init(
    user: String, item: String, weight: String? = nil, timestamp: String? = nil, itemName: String? = nil
  ) {
    self.user = user
    self.item = item
    self.weight = weight
    self.timestamp = timestamp
    self.itemName = itemName
  }

  /// The columns of HetRec's `user_artists.dat`.
  package static let hetRec = TableColumns(user: "userID", item: "artistID", weight: "weight")
}
