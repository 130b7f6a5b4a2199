/// Someone to answer for.
public enum Person: Sendable, Equatable {
  /// A user of the data that the model was fitted on.
  case user(String)
  /// Someone who is not in the data, known by what they like: items with weights above 0, such as counts.
  case likes([String: Float])
}
