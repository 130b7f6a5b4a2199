/// The items that a list of recommendations leaves out.
public struct Exclusion: Sendable, Equatable {
  let leavesSeenOut: Bool
  let items: [String]

  /// Nothing is left out.
  public static let nothing = Exclusion(leavesSeenOut: false, items: [])

  /// What the person is known to have: a user's rows that the model was fitted on, or somebody's likes.
  public static let seen = Exclusion(leavesSeenOut: true, items: [])

  /// These items, which the model must know; what the person is known to have may be recommended.
  public static func items(_ items: some Sequence<String>) -> Exclusion {
    Exclusion(leavesSeenOut: false, items: Array(items))
  }

  /// What the person is known to have, and these items, which the model must know.
  public static func seen(and items: some Sequence<String>) -> Exclusion {
    Exclusion(leavesSeenOut: true, items: Array(items))
  }
}
