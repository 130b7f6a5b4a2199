import TwoTowerKernels

/// A weighted sum of what is known of retrieved candidates, by which a user's list is ordered anew.
package struct Reranker: Sendable, Codable, Equatable {
  /// How many of the best of retrieval are ordered anew.
  package static let depth = 100

  /// What the weights are of: `RerankingInputs.names`.
  package let names: [String]
  package let weights: [Float]

  /// - Precondition: as many weights as names.
  package init(names: [String], weights: [Float]) {
    precondition(names.count == weights.count, "Reranker: \(names.count) names, \(weights.count) weights")
    self.names = names
    self.weights = weights
  }

  /// The one that leaves lists in the order of retrieval.
  package init(keepingOrderOf names: [String]) {
    self.init(names: names, weights: names.indices.map { $0 == 0 ? 1 : 0 })
  }

  /// Whether it leaves lists as they are.
  package var changesNothing: Bool { self == Reranker(keepingOrderOf: names) }

  /// The sum for each candidate of a list.
  ///
  /// - Parameter values: `[candidates, names.count]`, row-major.
  package func scores(_ values: [Float]) -> [Float] {
    precondition(
      values.count % max(1, weights.count) == 0, "Reranker: \(values.count) values, \(weights.count) weights")
    return stride(from: 0, to: values.count, by: weights.count).map { start in
      weights.indices.reduce(0) { $0 + weights[$1] * values[start + $1] }
    }
  }

  /// The positions of a list's candidates in the new order; equal ones stay as they were.
  package func order(_ values: [Float]) -> [Int] {
    let scores = scores(values)
    return scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
  }
}
