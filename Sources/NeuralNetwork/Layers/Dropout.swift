import Autodiff

/// Zeroes a random share of its input in training and scales up the rest; passes it on otherwise.
public struct Dropout {
  public let rate: Float

  /// - Precondition: `rate` in 0..<1.
  public init(rate: Float) {
    precondition(rate >= 0 && rate < 1, "Dropout: rate \(rate) is not in 0..<1")
    self.rate = rate
  }

  public var parameters: [Parameter] { [] }

  public func callAsFunction(_ x: Variable) -> Variable { dropout(x, rate: rate) }
}
