import TwoTowerKernels

/// On a training tape, sets each element to 0 with probability `rate` and divides the others by 1 − rate, so that
/// expectations stay (Srivastava et al., JMLR 15, 2014, in the inverted form).
///
/// Elsewhere `x` itself.
///
/// No mask is stored: the backward pass draws the same numbers again.
///
/// - Precondition: `rate` in 0..<1.
package func dropout(_ x: Variable, rate: Float) -> Variable {
  precondition(rate >= 0 && rate < 1, "dropout: rate \(rate) is not in 0..<1, for shape \(x.shape)")
  let tape = x.tape
  guard tape.isTraining && rate > 0 else { return x }
  var generator = tape.generator(for: .dropout)
  let seed = generator.next()
  let result = Tensor(unfilled: x.shape)
  var out = result.buffer.mutableSpan
  TwoTowerKernels.dropout(x.value.buffer.span, rate: rate, seed: seed, into: &out)

  return tape.record(result, inputs: [x]) { gradient in
    var dx = gradient.buffer.mutableSpan
    TwoTowerKernels.dropout(gradient.buffer.span, rate: rate, seed: seed, into: &dx)
    tape.pass(gradient, to: x)
  }
}
