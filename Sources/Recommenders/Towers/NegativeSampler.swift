import TwoTowerFeatures
import TwoTowerKernels

/// Draws candidates that a query does not have in the training rows.
package struct NegativeSampler: Sendable {
  private let kind: RetrievalSettings.Negatives
  private let candidateCount: Int
  private let history: SparseRows

  /// - Parameter history: each query's training candidates, ascending.
  package init(_ kind: RetrievalSettings.Negatives, candidateCount: Int, history: SparseRows) {
    self.kind = kind
    self.candidateCount = candidateCount
    self.history = history
  }

  /// `count` negatives for each query, those of one query together, `[queries.count · count]`.
  ///
  /// A query that has every candidate gets its own positive, from which a pairwise loss learns nothing.
  package func draw(
    _ count: Int, queries: [Int32], positives: [Int32], using generator: inout SeededGenerator
  ) -> [Int32] {
    var negatives: [Int32] = []
    negatives.reserveCapacity(queries.count * count)
    for (query, positive) in zip(queries, positives) {
      for _ in 0..<count { negatives.append(drawOne(query: Int(query), positive: positive, &generator)) }
    }
    return negatives
  }

  private func drawOne(query: Int, positive: Int32, _ generator: inout SeededGenerator) -> Int32 {
    for _ in 0..<100 {
      let candidate =
        switch kind {
        case .uniform: Int32(generator.below(candidateCount))
        case .popularity: history.indices[generator.below(history.indices.count)]
        }
      if candidate != positive && history.entry(row: query, index: candidate) == nil { return candidate }
    }
    // Next to everything is known: take the first candidate from a random one on that is not.
    let start = generator.below(candidateCount)
    for offset in 0..<candidateCount {
      let candidate = Int32((start + offset) % candidateCount)
      if candidate != positive && history.entry(row: query, index: candidate) == nil { return candidate }
    }
    return positive
  }
}
