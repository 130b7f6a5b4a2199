import TwoTowerAutodiff

/// Zeroes a random share of its input in training and scales up the rest; passes it on otherwise.
package struct Dropout {
  package let rate: Float

  /// - Precondition: `rate` in 0..<1.
  package init(rate: Float) {
    precondition(rate >= 0 && rate < 1, "Dropout: rate \(rate) is not in 0..<1")
    self.rate = rate
  }

  package var parameters: [Parameter] { [] }

  package func callAsFunction(_ x: Variable) -> Variable { dropout(x, rate: rate) }
}
