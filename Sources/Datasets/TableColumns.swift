/// The names of the columns of a table of interactions.
public struct TableColumns: Sendable, Equatable, Codable {
  public var user: String
  public var item: String
  /// Nil: every row weighs 1.
  public var weight: String?
  public var timestamp: String?
  /// A display name for the item; the first one that is not empty counts.
  public var itemName: String?

  public init(
    user: String, item: String, weight: String? = nil, timestamp: String? = nil, itemName: String? = nil
  ) {
    self.user = user
    self.item = item
    self.weight = weight
    self.timestamp = timestamp
    self.itemName = itemName
  }

  /// The columns of HetRec's `user_artists.dat`.
  public static let hetRec = TableColumns(user: "userID", item: "artistID", weight: "weight")
}
