import Foundation
import Testing
import TwoTowerKernels

private struct Problem {
  let queries, positives, negatives: FloatBuffer
  let width, negativeCount: Int

  func solve(scale: Float = 1, gradientScale: Float = 1) -> (loss: Double, gradients: [[Float]]) {
    let gradients = [queries, positives, negatives].map { FloatBuffer(Array(repeating: 7, count: $0.count)) }
    let loss = pairwiseRanking(
      queries: queries, positives: positives, negatives: negatives, width: width, negativeCount: negativeCount,
      scale: scale, gradientScale: gradientScale, queryGradients: gradients[0], positiveGradients: gradients[1],
      negativeGradients: gradients[2])
    return (loss, gradients.map(\.array))
  }
}

@Test func pairwiseRankingOfOnePair() {
  // ⟨q, p⟩ − ⟨q, n⟩ = 2 · (1 − 0.5) = 1: loss ln(1 + e⁻¹), slope −1 / (1 + e).
  let problem = Problem(
    queries: FloatBuffer([2]), positives: FloatBuffer([1]), negatives: FloatBuffer([0.5]), width: 1, negativeCount: 1)
  let (loss, gradients) = problem.solve()
  #expect(abs(loss - log(1 + exp(-1.0))) < 1e-6)
  let slope = Float(-1 / (1 + exp(1.0)))
  #expect(greatestDifference(gradients.flatMap { $0 }, [slope * 0.5, slope * 2, -slope * 2]) < 1e-6)
}

@Test func pairwiseRankingOfGreatMarginsStaysFinite() {
  for sign in [Float(1), -1] {
    let problem = Problem(
      queries: FloatBuffer([1000]), positives: FloatBuffer([sign * 1000]), negatives: FloatBuffer([0]), width: 1,
      negativeCount: 1)
    let (loss, gradients) = problem.solve()
    #expect(loss == (sign > 0 ? 0 : 1e6))
    #expect(!gradients.joined().contains { !$0.isFinite })
  }
}

@Test func pairwiseRankingHasTheSameBitsOnAnyNumberOfThreads() {
  var generator = SeededGenerator(seed: 14, purpose: .sample)
  let (rows, width, count) = (1_000, 10, 3)
  let problem = Problem(
    queries: FloatBuffer(generator.normals(rows * width)), positives: FloatBuffer(generator.normals(rows * width)),
    negatives: FloatBuffer(generator.normals(rows * count * width)), width: width, negativeCount: count)
  expectSameBitsOnAnyThreadCount {
    let (loss, gradients) = problem.solve(scale: 2, gradientScale: 0.01)
    return [Float(loss)] + gradients.flatMap { $0 }
  }
}
