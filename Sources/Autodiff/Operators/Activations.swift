import TwoTowerKernels

/// A function of one element whose gradient follows from its result.
package enum Activation: String, Sendable, Codable, CaseIterable {
  case identity, relu, sigmoid, tanh

  /// Replaces each element by the function of it.
  func apply(to x: FloatBuffer) {
    var out = x.mutableSpan
    switch self {
    case .identity: break
    case .relu: rectify(x.span, into: &out)
    case .sigmoid: TwoTowerKernels.sigmoid(x.span, into: &out)
    case .tanh: hyperbolicTangent(x.span, into: &out)
    }
  }

  /// Replaces the gradient after the function by that before it, given the function's result `y`.
  func differentiate(_ gradient: FloatBuffer, y: FloatBuffer) {
    var out = gradient.mutableSpan
    switch self {
    case .identity: break
    case .relu: rectifyGradient(&out, y: y.span)
    case .sigmoid: sigmoidGradient(&out, y: y.span)
    case .tanh: hyperbolicTangentGradient(&out, y: y.span)
    }
  }

  /// The function of each element.
  package func callAsFunction(_ x: Variable) -> Variable {
    if self == .identity { return x }
    let tape = x.tape
    let result = x.value.copy()
    apply(to: result.buffer)
    return tape.record(result, inputs: [x]) { gradient in
      differentiate(gradient.buffer, y: result.buffer)
      tape.pass(gradient, to: x)
    }
  }
}

/// max(x, 0), with gradient 0 at 0.
package func relu(_ x: Variable) -> Variable { Activation.relu(x) }

/// 1 / (1 + exp(−x)).
package func sigmoid(_ x: Variable) -> Variable { Activation.sigmoid(x) }

/// The hyperbolic tangent.
package func tanh(_ x: Variable) -> Variable { Activation.tanh(x) }
