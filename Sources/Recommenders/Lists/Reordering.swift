import Foundation
import TwoTowerAutodiff
import TwoTowerKernels

/// What is asked of recommendations beyond the best scores.
package struct Reordering: Sendable, Equatable {
  /// How much popularity counts against an item: 0 not at all, 1 as much as the score counts for it.
  ///
  /// Both are compared in standard deviations, the score's over all items for this user and that of ln(1 + training
  /// rows).
  package var popularityPenalty: Double
  /// How much likeness to what stands before counts against an item: 0 not at all, 1 alone (maximal marginal relevance:
  /// Carbonell and Goldstein, "The use of MMR", SIGIR 1998).
  package var diversity: Double

  /// - Precondition: the penalty is finite and not negative, diversity is in 0...1.
  package init(popularityPenalty: Double = 0, diversity: Double = 0) {
    precondition(
      popularityPenalty >= 0 && popularityPenalty.isFinite && (0...1).contains(diversity),
      "Reordering: popularity penalty \(popularityPenalty), diversity \(diversity)")
    self.popularityPenalty = popularityPenalty
    self.diversity = diversity
  }

  package var changesNothing: Bool { popularityPenalty == 0 && diversity == 0 }

  /// - Throws: `ScoringError.noVectorsForDiversity`.
  package func check(hasVectors: Bool) throws(ScoringError) {
    if diversity > 0 && !hasVectors { throw .noVectorsForDiversity }
  }

  /// How many of the best items a list of `length` is picked from.
  package func poolSize(for length: Int) -> Int { diversity > 0 ? max(100, 5 * length) : length }
}

/// The part of a reordering that is the same for every user.
package struct Reorderer: Sendable {
  package let reordering: Reordering
  /// ln(1 + training rows) of each item, with mean 0 and deviation 1.
  private let popularity: [Float]
  /// The items' vectors at length 1, `[itemCount, dimension]`; nil without diversity.
  private let directions: Tensor?

  /// - Parameters:
  ///   - counts: training rows of each item.
  ///   - candidates: `[itemCount, dimension]`, whose cosines tell how alike two items are.
  /// - Precondition: there are candidates where diversity is asked for.
  package init(_ reordering: Reordering, counts: [Int], candidates: Tensor?) {
    precondition(
      candidates.map { counts.count == $0.shape[0] } ?? (reordering.diversity == 0),
      "Reorderer: \(counts.count) counts, candidates \(candidates?.shape.description ?? "missing")")
    self.reordering = reordering
    directions = reordering.diversity > 0 ? candidates?.withUnitRows : nil
    let logarithms = counts.map { log(1 + Double($0)) }
    let (mean, deviation) = moments(logarithms)
    popularity = logarithms.map { deviation > 0 ? Float(($0 - mean) / deviation) : 0 }
  }

  /// Takes what popularity costs off the scores of all items for one user.
  package func penalize(_ scores: inout [Float]) {
    guard reordering.popularityPenalty > 0 else { return }
    precondition(scores.count == popularity.count, "Reorderer: \(scores.count) scores, \(popularity.count) items")
    let listed = scores.filter { $0 > .neverListed }
    let factor = Float(reordering.popularityPenalty * moments(listed.map(Double.init)).deviation)
    for item in scores.indices where scores[item] > .neverListed { scores[item] -= factor * popularity[item] }
  }

  /// Picks `length` of `pool` one by one: each time the item with the greatest (1 − diversity) · relevance − diversity ·
  /// (cosine with the most alike of those already picked); relevance is the score brought to 0…1 within the pool.
  ///
  /// - Parameter pool: best first.
  /// - Returns: positions in `pool`.
  package func diversified(_ pool: [ScoredCandidate], length: Int) -> [Int] {
    guard let directions, pool.count > 1 else { return Array(pool.indices.prefix(length)) }
    let scores = pool.map { Double($0.score) }
    let (low, high) = (scores.min()!, scores.max()!)
    let relevance = scores.map { high > low ? ($0 - low) / (high - low) : 1 }
    var likeness = [Double](repeating: -.infinity, count: pool.count)
    var picked: [Int] = []
    var isPicked = [Bool](repeating: false, count: pool.count)
    while picked.count < min(length, pool.count) {
      var best = (position: -1, value: -Double.infinity)
      for position in pool.indices where !isPicked[position] {
        let value =
          (1 - reordering.diversity) * relevance[position]
          - (picked.isEmpty ? 0 : reordering.diversity * likeness[position])
        if value > best.value || best.position < 0 { best = (position, value) }
      }
      picked.append(best.position)
      isPicked[best.position] = true
      for position in pool.indices where !isPicked[position] {
        likeness[position] = max(
          likeness[position], cosine(directions, pool[position].index, pool[best.position].index))
      }
    }
    return picked
  }

  /// The list for one user.
  ///
  /// - Parameters:
  ///   - scores: of all items.
  ///   - excluded: items to leave out, ascending.
  package func list(_ scores: [Float], length: Int, excluding excluded: [Int32]) -> [ScoredCandidate] {
    var scores = scores
    penalize(&scores)
    let pool = topK(scores.span, k: reordering.poolSize(for: length), excluding: excluded)
    return diversified(pool, length: length).map { pool[$0] }
  }

  private func cosine(_ directions: Tensor, _ left: Int32, _ right: Int32) -> Double {
    let width = directions.shape[1]
    let values = directions.buffer.span
    return Double(
      VectorMath.best.dot(
        values.extracting(Int(left) * width..<(Int(left) + 1) * width),
        values.extracting(Int(right) * width..<(Int(right) + 1) * width)))
  }
}

/// The mean and the standard deviation of values; 0 and 0 for none.
func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
  guard !values.isEmpty else { return (0, 0) }
  let mean = values.reduce(0, +) / Double(values.count)
  return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot())
}
