/// How the smaller operand of a binary operation is repeated over the larger one.
enum Broadcast {
  /// Equal shapes.
  case none
  /// `[n]` over each row of `[…, n]`.
  case row
  /// A scalar `[]` over everything.
  case scalar

  /// How `small` extends over `large`; nil when it does not.
  static func of(_ small: Shape, over large: Shape) -> Broadcast? {
    if small == large { return Broadcast.none }
    if small.rank == 0 { return .scalar }
    if small.rank == 1 && large.rank > 1 && small[0] == large[large.rank - 1] { return .row }
    return nil
  }
}
