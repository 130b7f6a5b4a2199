/// A value on a tape: the operand and the result of every differentiable operation.
package struct Variable {
  package let tape: Tape
  package let value: Tensor
  /// Position among the tape's gradient slots; nil for constants.
  let slot: Int?

  package var shape: Shape { value.shape }

  /// Whether a gradient flows into this variable.
  package var requiresGradient: Bool { slot != nil }
}

/// The tape of both operands.
///
/// - Precondition: it is the same one.
func commonTape(_ name: StaticString, _ x: Variable, _ y: Variable) -> Tape {
  precondition(x.tape === y.tape, "\(name): operands \(x.shape) and \(y.shape) of two tapes")
  return x.tape
}
