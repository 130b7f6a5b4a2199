/// A value on a tape: the operand and the result of every differentiable operation.
public struct Variable {
  public let tape: Tape
  public let value: Tensor
  /// Position among the tape's gradient slots; nil for constants.
  let slot: Int?

  public var shape: Shape { value.shape }

  /// Whether a gradient flows into this variable.
  public var requiresGradient: Bool { slot != nil }
}
