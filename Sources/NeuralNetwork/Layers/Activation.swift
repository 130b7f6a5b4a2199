import Autodiff

/// What a layer applies to each of its outputs.
public enum Activation: String, Sendable, Codable, CaseIterable {
  case identity, relu, sigmoid, tanh

  public func callAsFunction(_ x: Variable) -> Variable {
    switch self {
    case .identity: x
    case .relu: Autodiff.relu(x)
    case .sigmoid: Autodiff.sigmoid(x)
    case .tanh: Autodiff.tanh(x)
    }
  }
}
