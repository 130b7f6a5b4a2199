import TwoTowerAutodiff
import TwoTowerKernels

/// Scales all gradients down so that their common Euclidean norm is at most `limit`; returns the norm before.
///
/// Dense and row-sparse gradients count alike; sums are taken in Double, parameter by parameter. A norm that is not
/// finite scales nothing: `firstNonFinite` then names the culprit.
@discardableResult
package func clipGradients(of parameters: [Parameter], byGlobalNorm limit: Float) -> Float {
  precondition(limit > 0, "clipGradients: limit \(limit) is not positive")
  var squares = 0.0
  for parameter in parameters {
    guard let (gradient, count, _, _) = parameter.update else { continue }
    let elements = gradient.span.extracting(first: count)
    squares += dot(elements, elements)
  }
  let norm = squares.squareRoot()
  guard norm.isFinite && norm > Double(limit) else { return Float(norm) }
  let factor = Float(Double(limit) / norm)
  for parameter in parameters {
    guard let (gradient, count, _, _) = parameter.update else { continue }
    gradient.scaleFirst(count, by: factor)
  }
  return Float(norm)
}

/// The name of the first parameter whose gradient is not finite ("gradient of name"), looking at touched rows only; nil
/// when all is well.
package func firstNonFiniteGradient(_ parameters: [Parameter]) -> String? {
  for parameter in parameters {
    guard let (gradient, count, _, _) = parameter.update else { continue }
    if firstNonFinite(gradient.span.extracting(first: count)) != nil { return "gradient of \(parameter.name)" }
  }
  return nil
}

/// The name of the first parameter that holds a value which is not finite ("name") or has such a gradient
/// ("gradient of name"); nil when all is well.
package func firstNonFinite(_ parameters: [Parameter]) -> String? {
  for parameter in parameters {
    if let name = firstNonFiniteGradient([parameter]) { return name }
    let values = parameter.value.buffer
    if firstNonFinite(values.span) != nil { return parameter.name }
  }
  return nil
}
