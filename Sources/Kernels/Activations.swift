import Foundation

/// out = 1 / (1 + exp(−x)).
///
/// - Precondition: equal counts.
package func sigmoid(_ x: Span<Float>, into out: inout MutableSpan<Float>) {
  let count = checkedCount("sigmoid", x.count, x.count, out.count)
  for i in 0..<count { out[unchecked: i] = 1 / (1 + expf(-x[unchecked: i])) }
}

/// Multiplies `gradient` by y (1 − y): the gradient of `sigmoid` with result `y`.
///
/// - Precondition: equal counts.
package func sigmoidGradient(_ gradient: inout MutableSpan<Float>, y: Span<Float>) {
  let count = checkedCount("sigmoidGradient", y.count, y.count, gradient.count)
  for i in 0..<count { gradient[unchecked: i] *= y[unchecked: i] * (1 - y[unchecked: i]) }
}

/// out = tanh(x).
///
/// - Precondition: equal counts.
package func hyperbolicTangent(_ x: Span<Float>, into out: inout MutableSpan<Float>) {
  let count = checkedCount("hyperbolicTangent", x.count, x.count, out.count)
  for i in 0..<count { out[unchecked: i] = tanhf(x[unchecked: i]) }
}

/// Multiplies `gradient` by 1 − y²: the gradient of `hyperbolicTangent` with result `y`.
///
/// - Precondition: equal counts.
package func hyperbolicTangentGradient(_ gradient: inout MutableSpan<Float>, y: Span<Float>) {
  let count = checkedCount("hyperbolicTangentGradient", y.count, y.count, gradient.count)
  for i in 0..<count { gradient[unchecked: i] *= 1 - y[unchecked: i] * y[unchecked: i] }
}
