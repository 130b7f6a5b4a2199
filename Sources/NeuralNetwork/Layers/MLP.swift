import TwoTowerAutodiff

/// Dense layers one after the other, with dropout after each but the last.
package struct MLP {
  package let layers: [Dense]
  package let dropout: Dropout
  package let inputSize: Int

  /// - Parameters:
  ///   - layers: the output size of each layer; none leaves the input as it is.
  ///   - lastActivation: the last layer's; the same as the others' by default.
  package init(
    name: String, inputSize: Int, layers sizes: [Int], activation: Activation = .relu,
    lastActivation: Activation? = nil, dropout: Float = 0, initializer: Initializer = .glorotUniform, seed: UInt64
  ) {
    let inputs = [inputSize] + sizes
    layers = sizes.indices.map { i in
      Dense(
        name: "\(name)/\(i)", inputSize: inputs[i], outputSize: sizes[i],
        activation: i == sizes.count - 1 ? lastActivation ?? activation : activation, initializer: initializer,
        seed: seed)
    }
    self.dropout = Dropout(rate: dropout)
    self.inputSize = inputSize
  }

  package var outputSize: Int { layers.last?.outputSize ?? inputSize }
  package var parameters: [Parameter] { layers.flatMap(\.parameters) }

  /// `[m, inputSize]` to `[m, outputSize]`.
  package func callAsFunction(_ x: Variable) -> Variable {
    var x = x
    for (i, layer) in layers.enumerated() {
      x = layer(x)
      if i < layers.count - 1 { x = dropout(x) }
    }
    return x
  }
}
