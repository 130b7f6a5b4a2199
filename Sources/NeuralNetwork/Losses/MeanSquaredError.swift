import Autodiff

/// The mean of (prediction − label)², each row weighted by `rowWeights` over their sum, a scalar.
///
/// - Precondition: equal shapes, `[m]` or `[m, n]`; one weight for every row.
public func meanSquaredError(predictions: Variable, labels: Tensor, rowWeights: [Float]? = nil) -> Variable {
  meanSquaredErrorLoss(predictions, labels: labels, rowWeights: rowWeights)
}
