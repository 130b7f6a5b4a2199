import TwoTowerAutodiff

/// activation(x · weight + bias).
package struct Dense {
  /// `[inputSize, outputSize]`.
  package let weight: Parameter
  /// `[outputSize]`, zeros at first.
  package let bias: Parameter?
  package let activation: Activation

  package init(
    name: String, inputSize: Int, outputSize: Int, activation: Activation = .identity, hasBias: Bool = true,
    initializer: Initializer = .glorotUniform, seed: UInt64
  ) {
    weight = Parameter(
      name: "\(name)/weight", shape: [inputSize, outputSize], initializer: initializer, seed: seed)
    bias = hasBias ? Parameter(name: "\(name)/bias", shape: [outputSize], initializer: .zeros, seed: seed) : nil
    self.activation = activation
  }

  package var inputSize: Int { weight.value.shape[0] }
  package var outputSize: Int { weight.value.shape[1] }
  package var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }

  /// `[m, inputSize]` to `[m, outputSize]`.
  package func callAsFunction(_ x: Variable) -> Variable {
    let tape = x.tape
    return dense(
      x, weight: tape.parameter(weight), bias: bias.map(tape.parameter), activation: activation)
  }
}
