import TwoTowerKernels

/// −log softmax(logits)[label], summed or averaged over the rows of `logits` `[m, classes]`; 0 when there are none.
///
/// - Precondition: rank 2, a label for every row, each in 0..<classes.
package func softmaxCrossEntropy(logits: Variable, labels: [Int32], reduction: Reduction = .mean) -> Variable {
  precondition(
    logits.shape.rank == 2 && labels.count == logits.shape[0],
    "softmaxCrossEntropy: logits \(logits.shape), labels [\(labels.count)]")
  let (tape, classes) = (logits.tape, logits.shape[1])
  let probabilities = FloatBuffer(uninitialized: logits.shape.count)
  var out = probabilities.mutableSpan
  let total = softmaxCrossEntropy(
    logits.value.buffer.span, labels: labels.span, classes: classes, probabilities: &out)
  let scale = reduction == .sum || labels.isEmpty ? 1 : 1 / Double(labels.count)

  return tape.record(Tensor(scalar: Float(total * scale)), inputs: [logits]) { gradient in
    tape.accumulate(into: logits) { dx in
      let factor = gradient.item * Float(scale)
      addScaled(factor, probabilities.span, into: &dx)
      for (row, label) in labels.enumerated() { dx[row * classes + Int(label)] -= factor }
    }
  }
}
