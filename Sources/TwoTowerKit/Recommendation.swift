/// An item in an answer.
public struct Recommendation: Sendable, Equatable {
  /// The item's identifier, as in the data.
  public let item: String
  /// What people call it; the identifier where the data gives no name.
  public let name: String
  /// What placed it, higher first: of the model's own scale, comparable within one list.
  public let score: Float
}
