#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// out = 1 / (1 + exp(−x)).
///
/// - Precondition: equal counts.
public func sigmoid(_ x: Span<Float>, into out: inout MutableSpan<Float>) {
  let count = checkedCount("sigmoid", x.count, x.count, out.count)
  for i in 0..<count { out[unchecked: i] = 1 / (1 + expf(-x[unchecked: i])) }
}

/// out += gradient · y (1 − y): the gradient of `sigmoid` with result `y`.
///
/// - Precondition: equal counts.
public func addSigmoidGradient(_ gradient: Span<Float>, y: Span<Float>, into out: inout MutableSpan<Float>) {
  let count = checkedCount("addSigmoidGradient", gradient.count, y.count, out.count)
  for i in 0..<count { out[unchecked: i] += gradient[unchecked: i] * y[unchecked: i] * (1 - y[unchecked: i]) }
}

/// out = tanh(x).
///
/// - Precondition: equal counts.
public func hyperbolicTangent(_ x: Span<Float>, into out: inout MutableSpan<Float>) {
  let count = checkedCount("hyperbolicTangent", x.count, x.count, out.count)
  for i in 0..<count { out[unchecked: i] = tanhf(x[unchecked: i]) }
}

/// out += gradient · (1 − y²): the gradient of `hyperbolicTangent` with result `y`.
///
/// - Precondition: equal counts.
public func addHyperbolicTangentGradient(
  _ gradient: Span<Float>, y: Span<Float>, into out: inout MutableSpan<Float>
) {
  let count = checkedCount("addHyperbolicTangentGradient", gradient.count, y.count, out.count)
  for i in 0..<count { out[unchecked: i] += gradient[unchecked: i] * (1 - y[unchecked: i] * y[unchecked: i]) }
}
