import Testing
import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerRecommenders

struct ItemLikenessTests {
  /// Items 0 and 1 go together, item 2 is everybody's, 3 is had beside 2 alone, 4 by nobody.
  private let histories = IndexLists(
    offsets: [0, 3, 6, 9, 10, 12, 14, 14], indices: [0, 1, 2, 0, 1, 2, 0, 1, 2, 2, 2, 3, 2, 3])
  private var correlation: ItemCorrelation { ItemCorrelation(histories, itemCount: 5) }

  @Test func correlationsAreThoseOfTheColumnsOverUsersByTheirWeights() {
    let lists = (0..<histories.count).map { Set(histories[$0]) }.filter { !$0.isEmpty }
    let weights = lists.map { 1 / Double($0.count).squareRoot() }
    let total = weights.reduce(0, +)
    func mean(_ value: (Set<Int32>) -> Double) -> Double {
      zip(lists, weights).reduce(0) { $0 + value($1.0) * $1.1 } / total
    }
    func has(_ item: Int) -> (Set<Int32>) -> Double { { $0.contains(Int32(item)) ? 1 : 0 } }
    for item in 0..<4 {
      for (other, found) in correlation.correlations(with: item).enumerated() {
        let (left, right) = (mean(has(item)), mean(has(other)))
        let covariance = mean { has(item)($0) * has(other)($0) } - left * right
        let variances = (left - left * left) * (right - right * right)
        let users = Double(lists.count { $0.contains(Int32(item)) && $0.contains(Int32(other)) })
        let expected = users > 0 && variances > 1e-12 ? covariance / variances.squareRoot() * users / (users + 5) : 0
        #expect(abs(Double(found) - expected) < 1e-6, "\(item), \(other)")
      }
    }
    #expect(correlation.correlations(with: 4) == [0, 0, 0, 0, 0])
  }

  @Test func whatEverybodyHasIsAlikeToNothing() {
    let scores = correlation.correlations(with: 0)
    #expect(scores[1] > 0.3 && abs(scores[2]) < 1e-6)
  }

  @Test func theItemItselfTheUnknownAndWhatGoesTogetherByChanceAreNotListed() {
    let likeness = ItemLikeness(vectors: nil, correlation: correlation, unknownItems: [4])
    let scores = likeness.scores(with: 0, by: .correlation)
    #expect(topK(FloatBuffer(scores).span, k: 5).map(\.index) == [1])
  }

  @Test func theCombinedLikenessWeighsBothByTheirSpread() {
    let vectors = Tensor([5, 2], [1, 0, 0, 2, 3, 3, 1, 0, -1, 0])
    let likeness = ItemLikeness(vectors: vectors, correlation: correlation, unknownItems: [4])
    let (cosines, combined) = (likeness.scores(with: 0, by: .cosine), likeness.scores(with: 0, by: .combined))
    #expect(abs(cosines[1]) < 1e-6 && abs(cosines[2] - 0.70710677) < 1e-6 && abs(cosines[3] - 1) < 1e-6)
    #expect(likeness.scores(with: 0, by: .dot)[2] == 3)
    let correlations = correlation.correlations(with: 0)
    func spread(_ values: [Float]) -> Float {
      let mean = values.reduce(0, +) / 3
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3).squareRoot()
    }
    let (left, right) = (1 / spread(Array(cosines[1...3])), 1 / spread(Array(correlations[1...3])))
    for item in 1...3 {
      let expected = (left * cosines[item] + right * correlations[item]) / (left + right)
      #expect(abs(combined[item] - expected) < 1e-5, "\(item)")
    }
    for scores in [cosines, combined] { #expect(scores[0] == .neverListed && scores[4] == .neverListed) }
  }
}
