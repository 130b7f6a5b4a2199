import Autodiff

/// activation(x · weight + bias).
public struct Dense {
  /// `[inputSize, outputSize]`.
  public let weight: Parameter
  /// `[outputSize]`, zeros at first.
  public let bias: Parameter?
  public let activation: Activation

  public init(
    name: String, inputSize: Int, outputSize: Int, activation: Activation = .identity, hasBias: Bool = true,
    initializer: Initializer = .glorotUniform, seed: UInt64
  ) {
    weight = Parameter(
      name: "\(name)/weight", shape: [inputSize, outputSize], initializer: initializer, seed: seed)
    bias = hasBias ? Parameter(name: "\(name)/bias", shape: [outputSize], initializer: .zeros, seed: seed) : nil
    self.activation = activation
  }

  public var inputSize: Int { weight.value.shape[0] }
  public var outputSize: Int { weight.value.shape[1] }
  public var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }

  /// `[m, inputSize]` to `[m, outputSize]`.
  public func callAsFunction(_ x: Variable) -> Variable {
    let tape = x.tape
    return dense(
      x, weight: tape.parameter(weight), bias: bias.map(tape.parameter), activation: activation)
  }
}
