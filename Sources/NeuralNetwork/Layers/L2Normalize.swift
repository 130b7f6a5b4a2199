import Autodiff

/// Divides each row by its Euclidean norm; a row whose norm is at most `epsilon` becomes zeros and gets no gradient.
public struct L2Normalize {
  public let epsilon: Float

  public init(epsilon: Float = 1e-12) { self.epsilon = epsilon }

  public var parameters: [Parameter] { [] }

  /// `[m, n]` to `[m, n]`.
  public func callAsFunction(_ x: Variable) -> Variable { l2NormalizeRows(x, epsilon: epsilon) }
}
