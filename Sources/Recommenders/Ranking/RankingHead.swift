import TwoTowerAutodiff
import TwoTowerNeuralNetwork

/// What makes one number of both towers' outputs.
enum RankingHead {
  case network(MLP)
  case dot(bias: Parameter?)

  /// - Parameter scope: leads the names of the head's parameters.
  /// - Precondition: for `dot`, towers of one width and no features of the pair; recipes are checked for both.
  init(scope: String, settings: RankingSettings, querySize: Int, candidateSize: Int, pairWidth: Int, seed: UInt64) {
    switch settings.head {
    case .network:
      self = .network(
        MLP(
          name: "\(scope)/head", inputSize: querySize + candidateSize + pairWidth,
          layers: settings.hiddenLayers + [1], lastActivation: .identity, dropout: settings.dropout, seed: seed))
    case .dot:
      precondition(
        querySize == candidateSize && pairWidth == 0,
        "RankingHead dot: outputs of \(querySize) and \(candidateSize) numbers, \(pairWidth) of the pair")
      self = .dot(bias: settings.bias ? Parameter(name: "\(scope)/head/bias", value: Tensor(zeros: [1])) : nil)
    }
  }

  var parameters: [Parameter] {
    switch self {
    case .network(let layers): layers.parameters
    case .dot(let bias): [bias].compactMap { $0 }
    }
  }

  /// One number per row `[rows, 1]`.
  ///
  /// - Parameter pairs: numbers of each pair, `[rows, pairWidth]`; nil for none.
  func callAsFunction(queries: Variable, candidates: Variable, pairs: Variable?) -> Variable {
    switch self {
    case .network(let layers):
      return layers(concatenateColumns([queries, candidates] + (pairs.map { [$0] } ?? [])))
    case .dot(let bias):
      let products = rowDot(queries, candidates).reshaped(to: [queries.shape[0], 1])
      return bias.map { products + products.tape.parameter($0) } ?? products
    }
  }
}
