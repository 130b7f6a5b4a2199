import Autodiff

/// −log softmax(logits)[label] over the rows of `logits` `[m, classes]`, a scalar.
///
/// - Precondition: one label in 0..<classes for every row.
public func softmaxCrossEntropy(logits: Variable, labels: [Int32], reduction: Reduction = .mean) -> Variable {
  logSoftmaxCrossEntropy(logits, labels: labels, reduction: reduction)
}
