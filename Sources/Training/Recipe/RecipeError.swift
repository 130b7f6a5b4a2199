import Files

/// What is wrong with a recipe, in one line.
public struct RecipeError: UserFacingError, Sendable {
  /// Where: `file:line`, or the option that set the value.
  public let place: String
  public let message: String

  public init(place: String, message: String) {
    self.place = place
    self.message = message
  }

  public var description: String { "\(place): \(message)" }
}
