import TwoTowerKernels

/// The mean of (prediction − label)², each row weighted: Σ wᵢ Σⱼ (pᵢⱼ − lᵢⱼ)² / (n Σ wᵢ) over `[m, n]`; n is 1 for
/// `[m]`.
///
/// Without weights all rows weigh 1. 0 when there are no elements or the weights sum to 0.
///
/// - Precondition: rank at least 1, equal shapes, one weight for each index of the first axis.
package func meanSquaredError(predictions: Variable, labels: Tensor, rowWeights: [Float]? = nil) -> Variable {
  let shape = predictions.shape
  precondition(
    shape.rank >= 1 && shape == labels.shape, "meanSquaredError: predictions \(shape), labels \(labels.shape)")
  let rows = shape[0]
  if let rowWeights {
    precondition(rowWeights.count == rows, "meanSquaredError: predictions \(shape), row weights [\(rowWeights.count)]")
  }
  let tape = predictions.tape
  let width = rows == 0 ? 0 : shape.count / rows
  let difference = FloatBuffer(uninitialized: shape.count)
  var out = difference.mutableSpan
  combine(1, predictions.value.buffer.span, -1, labels.buffer.span, into: &out)
  let weights = FloatBuffer(rowWeights ?? Array(repeating: 1, count: rows))
  let weighted = FloatBuffer(zeros: shape.count)
  var weightedOut = weighted.mutableSpan
  addRowsScaled(by: weights.span, difference.span, width: width, into: &weightedOut)
  let divisor = Double(width) * sum(weights.span)
  let scale = divisor == 0 ? 0 : 1 / divisor

  return tape.record(
    Tensor(scalar: Float(dot(weighted.span, difference.span) * scale)), inputs: [predictions]
  ) { gradient in
    tape.accumulate(into: predictions) { dx in
      addScaled(Float(2 * Double(gradient.item) * scale), weighted.span, into: &dx)
    }
  }
}
