import Kernels

/// On a training tape, sets each element to 0 with probability `rate` and divides the others by 1 − rate, so that
/// expectations stay (Srivastava et al., JMLR 15, 2014, in the inverted form). Elsewhere `x` itself.
///
/// - Precondition: `rate` in 0..<1.
public func dropout(_ x: Variable, rate: Float) -> Variable {
  precondition(rate >= 0 && rate < 1, "dropout: rate \(rate) is not in 0..<1, for shape \(x.shape)")
  let tape = x.tape
  guard tape.isTraining && rate > 0 else { return x }
  let mask = FloatBuffer(zeros: x.value.count)
  var factors = mask.mutableSpan
  var generator = tape.generator(for: .dropout)
  let kept = 1 / (1 - rate)
  for i in 0..<factors.count { factors[i] = generator.uniform() < rate ? 0 : kept }
  let result = Tensor(zeros: x.shape)
  var out = result.buffer.mutableSpan
  multiply(x.value.buffer.span, mask.span, into: &out)

  return tape.record(result, inputs: [x]) { gradient in
    tape.accumulate(into: x) { dx in
      addProduct(gradient.buffer.span, mask.span, into: &dx)
    }
  }
}
