import TwoTowerAutodiff
import TwoTowerKernels

/// What two items are compared by.
package enum ItemMeasure: String, Sendable, CaseIterable {
  /// The mean of the cosine and the correlation, each in units of its spread.
  case combined
  /// How much more often the same users have both than by chance: `ItemCorrelation`.
  case correlation
  /// The cosine of the angle between the items' vectors.
  case cosine
  /// The dot product of the vectors, which also favours long ones.
  case dot

  package var needsVectors: Bool { self != .correlation }
}

/// How alike one item is to each other.
package struct ItemLikeness: Sendable {
  /// `[itemCount, dimension]`; nil for a model without vectors.
  private let vectors: Tensor?
  private let correlation: ItemCorrelation
  /// The items of which nothing is known, ascending.
  private let unknownItems: [Int32]

  package init(vectors: Tensor?, correlation: ItemCorrelation, unknownItems: [Int32]) {
    self.vectors = vectors
    self.correlation = correlation
    self.unknownItems = unknownItems
  }

  /// The likeness of every item to `item`: `Float.neverListed` for itself, for those of which nothing is known and, by
  /// correlation, for those that go together no more often than by chance.
  ///
  /// - Precondition: there are vectors for a measure that needs them.
  package func scores(with item: Int32, by measure: ItemMeasure) -> [Float] {
    var scores: [Float]
    switch measure {
    case .correlation: scores = correlation.correlations(with: Int(item)).map { $0 > 0 ? $0 : .neverListed }
    case .cosine: scores = products(with: item, hasUnitRows: true)
    case .dot: scores = products(with: item, hasUnitRows: false)
    case .combined: scores = combined(with: item)
    }
    scores[Int(item)] = .neverListed
    for unknown in unknownItems { scores[Int(unknown)] = .neverListed }
    return scores
  }

  private func products(with item: Int32, hasUnitRows: Bool) -> [Float] {
    guard let vectors else { preconditionFailure("ItemLikeness: a model without vectors") }
    let rows = hasUnitRows ? vectors.withUnitRows : vectors
    let scores = FloatBuffer(zeros: rows.shape[0])
    var target = scores.mutableSpan
    EmbeddingScorer(queries: rows, candidates: rows).score([Int(item)], candidates: 0..<rows.shape[0], into: &target)
    return scores.array
  }

  private func combined(with item: Int32) -> [Float] {
    let parts = [products(with: item, hasUnitRows: true), correlation.correlations(with: Int(item))]
    // What is the same for all items has nothing to say.
    let weights = parts.map { part -> Float in
      let spread = spread(of: part, without: item)
      return spread > 0 ? 1 / spread : 0
    }
    let total = weights.reduce(0, +)
    guard total > 0 else { return parts[0] }
    return parts[0].indices.map { (weights[0] * parts[0][$0] + weights[1] * parts[1][$0]) / total }
  }

  /// The standard deviation over the items that can be listed.
  private func spread(of scores: [Float], without item: Int32) -> Float {
    var scores = scores
    for unknown in unknownItems { scores[Int(unknown)] = .neverListed }
    scores[Int(item)] = .neverListed
    return Float(moments(scores.lazy.filter { $0 > .neverListed }.map(Double.init)).deviation)
  }
}
