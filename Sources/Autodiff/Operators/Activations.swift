import Kernels

/// max(x, 0), with gradient 0 at 0.
public func relu(_ x: Variable) -> Variable {
  let tape = x.tape
  let result = Tensor(zeros: x.shape)
  var out = result.buffer.mutableSpan
  rectify(x.value.buffer.span, into: &out)
  return tape.record(result, inputs: [x]) { gradient in
    tape.accumulate(into: x) { dx in
      addRectifyGradient(gradient.buffer.span, y: result.buffer.span, into: &dx)
    }
  }
}

/// 1 / (1 + exp(−x)).
public func sigmoid(_ x: Variable) -> Variable {
  let tape = x.tape
  let result = Tensor(zeros: x.shape)
  var out = result.buffer.mutableSpan
  sigmoid(x.value.buffer.span, into: &out)
  return tape.record(result, inputs: [x]) { gradient in
    tape.accumulate(into: x) { dx in
      addSigmoidGradient(gradient.buffer.span, y: result.buffer.span, into: &dx)
    }
  }
}

/// The hyperbolic tangent.
public func tanh(_ x: Variable) -> Variable {
  let tape = x.tape
  let result = Tensor(zeros: x.shape)
  var out = result.buffer.mutableSpan
  hyperbolicTangent(x.value.buffer.span, into: &out)
  return tape.record(result, inputs: [x]) { gradient in
    tape.accumulate(into: x) { dx in
      addHyperbolicTangentGradient(gradient.buffer.span, y: result.buffer.span, into: &dx)
    }
  }
}
