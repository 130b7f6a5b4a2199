import Testing
import TwoTowerKernels

@Suite struct TopKTests {
  /// Scores from few values, so that ties are many.
  private func scores(_ generator: inout SeededGenerator, _ count: Int) -> [Float] {
    let spread = [2, 10, 100_000][generator.below(3)]
    return (0..<count).map { _ in
      switch generator.below(50) {
      case 0: -.infinity
      case 1: .infinity
      case 2: -0.0
      default: Float(generator.below(spread) - spread / 2)
      }
    }
  }

  private func ascendingSubset(_ generator: inout SeededGenerator, below count: Int) -> [Int32] {
    let share = 1 + generator.below(6)
    return (0..<Int32(count)).filter { _ in generator.below(share) == 1 }
  }

  @Test func isAStableSortOfTheNegatedScores() {
    var generator = SeededGenerator(seed: 1, purpose: .sample)
    for trial in 0..<200 {
      let count = [0, 1, 2, 15, 64, 65, 300, 2000][generator.below(8)]
      let values = scores(&generator, count)
      let k = [0, 1, 2, 20, 100, 5000][generator.below(6)]
      let excluded = trial % 3 == 0 ? [] : ascendingSubset(&generator, below: count)
      let kept = (0..<Int32(count)).filter { !excluded.contains($0) }
      let order = kept.sorted { (values[Int($0)], $1) > (values[Int($1)], $0) }
      let expected = order.prefix(k).map { ScoredIndex(index: $0, score: values[Int($0)]) }
      let buffer = FloatBuffer(values)
      for variant in VectorMath.available {
        #expect(topK(buffer.span, k: k, excluding: excluded, on: variant) == expected, "\(variant.name)")
      }
    }
  }

  @Test func passesOverNotANumberAndIndicesOutOfRange() {
    let buffer = FloatBuffer([.nan, 2, .nan, 5, 1])
    let best = topK(buffer.span, k: 4, excluding: [-3, 1, 1, 9])
    #expect(best == [ScoredIndex(index: 3, score: 5), ScoredIndex(index: 4, score: 1)])
  }

  @Test func rankCountsOthersAtLeastAsHigh() {
    var generator = SeededGenerator(seed: 2, purpose: .sample)
    for _ in 0..<200 {
      let count = [1, 2, 15, 64, 65, 300][generator.below(6)]
      let values = scores(&generator, count)
      let target = generator.below(count)
      let excluded = ascendingSubset(&generator, below: count)
      let expected = (0..<count).count {
        $0 != target && !excluded.contains(Int32($0)) && values[$0] >= values[target]
      }
      let buffer = FloatBuffer(values)
      for variant in VectorMath.available {
        #expect(rank(of: target, in: buffer.span, excluding: excluded, on: variant) == expected)
      }
    }
  }

  @Test func aCollapsedModelRanksLast() {
    let buffer = FloatBuffer([Float](repeating: 0.5, count: 100))
    #expect(rank(of: 3, in: buffer.span) == 99)
    #expect(rank(of: 3, in: buffer.span, excluding: [2, 3, 4]) == 97)
  }

  @Test func aTargetThatIsNotANumberRanksLast() {
    let buffer = FloatBuffer([1, .nan, 2, 3])
    #expect(rank(of: 1, in: buffer.span) == 3)
    #expect(rank(of: 1, in: buffer.span, excluding: [0, 1]) == 2)
  }
}
