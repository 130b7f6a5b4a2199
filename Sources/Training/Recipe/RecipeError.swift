import TwoTowerFiles

/// What is wrong with a recipe, in one line.
package struct RecipeError: UserFacingError, Sendable {
  /// Where: `file:line`, or the option that set the value.
  package let place: String
  package let message: String

  package init(place: String, message: String) {
    self.place = place
    self.message = message
  }

  package var description: String { "\(place): \(message)" }
}
