import Foundation
import Testing
import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerRecommenders

struct FoldInTests {
  /// Candidates in two groups: directions near the first axis and near the second.
  private let candidates: Tensor = {
    var generator = SeededGenerator(seed: 3, purpose: .sample)
    let rows = (0..<40).map { row -> [Float] in
      var vector = (0..<4).map { _ in generator.uniform() * 0.4 - 0.2 }
      vector[row % 2] += 1
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { $0 / length }
    }
    return Tensor([40, 4], rows.flatMap { $0 })
  }()

  private func foldIn(_ candidates: Tensor, temperature: Float = 0.2, radius: Float = 1) -> FoldIn {
    FoldIn(
      candidates: candidates, isNegative: Array(repeating: true, count: candidates.shape[0]), temperature: temperature,
      radius: radius)
  }

  private func scores(_ query: Tensor, _ candidates: Tensor) -> [Float] {
    (0..<candidates.shape[0]).map { row in zip(query.array, candidates.row(row).array).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// The loss as the documentation has it, the slow way.
  private func loss(_ query: Tensor, _ candidates: Tensor, items: [Int32], temperature: Double) -> Double {
    let scores = scores(query, candidates).map { Double($0) / temperature }
    let others = scores.indices.filter { !items.contains(Int32($0)) }.reduce(0.0) { $0 + exp(scores[$1]) }
    return items.reduce(0.0) { $0 + log(exp(scores[Int($1)]) + others) - scores[Int($1)] } / Double(items.count)
  }

  @Test func whoLikesOneGroupGetsTheRestOfIt() {
    let query = foldIn(candidates).query(items: [0, 2, 4], weights: [5, 1, 3])
    let scores = scores(query, candidates)
    let best = scores.indices.sorted { scores[$0] > scores[$1] }.prefix(20)
    #expect(best.allSatisfy { $0 % 2 == 0 })
    #expect(abs(query.array.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
  }

  @Test func theLossIsLowerThanAtTheMeanAndNearlyFlat() {
    let items: [Int32] = [0, 1, 2, 7]
    let query = foldIn(candidates).query(items: items, weights: [1, 1, 1, 1])
    let found = loss(query, candidates, items: items, temperature: 0.2)
    var mean = [Float](repeating: 0, count: 4)
    for item in items { for (column, value) in candidates.row(Int(item)).array.enumerated() { mean[column] += value } }
    let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let start = loss(Tensor([4], mean.map { $0 / length }), candidates, items: items, temperature: 0.2)
    #expect(found < start)
    // No small turn in any direction is much better.
    for axis in 0..<4 {
      for step: Float in [-0.01, 0.01] {
        var turned = query.array
        turned[axis] += step
        let length = turned.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let value = loss(Tensor([4], turned.map { $0 / length }), candidates, items: items, temperature: 0.2)
        #expect(value > found - 0.01)
      }
    }
  }

  @Test func whatSomeoneHasDoesNotCompete() {
    // Who has everything has nothing to be turned from: the weighted mean stays as it is.
    let both = Tensor([2, 2], [1, 0, 0, 1])
    let query = foldIn(both).query(items: [0, 1], weights: [81, 1]).array
    let length = Float(10).squareRoot()
    #expect(abs(query[0] - 3 / length) < 1e-5 && abs(query[1] - 1 / length) < 1e-5)
    // With something else beside them, it is.
    let three = Tensor([3, 2], [1, 0, 0, 1, 0.6, 0.8])
    #expect(abs(foldIn(three).query(items: [0, 1], weights: [81, 1]).array[0] - 3 / length) > 1e-3)
  }

  @Test func aGreaterWeightCountsForMore() {
    /// What the loss says of one of the two items: how far it stands above what competes.
    func loss(of item: Int, _ weights: [Float]) -> Double {
      let query = foldIn(candidates).query(items: [0, 1], weights: weights)
      let scores = scores(query, candidates).map { Double($0) / 0.2 }
      return log(exp(scores[item]) + scores[2...].reduce(0) { $0 + exp($1) }) - scores[item]
    }
    #expect(loss(of: 1, [1, 10_000]) < loss(of: 1, [1, 1]))
    #expect(loss(of: 1, [1, 1]) < loss(of: 1, [10_000, 1]))
    #expect(loss(of: 0, [10_000, 1]) < loss(of: 0, [1, 1]))
  }

  /// Someone who has an item 16 times has it as if they had it and its double once each.
  @Test func sixteenTimesTheWeightCountsTwice() {
    // The double of item 0 stands at the end, and never competes.
    let doubled = Tensor([41, 4], candidates.array + candidates.row(0).array)
    let foldIn = FoldIn(
      candidates: doubled, isNegative: (0..<41).map { $0 < 40 }, temperature: 0.2, radius: 1)
    let heavy = foldIn.query(items: [0, 1], weights: [16, 1]).array
    let double = foldIn.query(items: [0, 40, 1], weights: [1, 1, 1]).array
    #expect(zip(heavy, double).allSatisfy { abs($0 - $1) < 1e-4 }, "\(heavy), \(double)")
    let equal = foldIn.query(items: [0, 1], weights: [1, 1]).array
    #expect(zip(heavy, equal).contains { abs($0 - $1) > 0.05 })
  }

  @Test func theRadiusIsKept() {
    let query = foldIn(candidates, temperature: 1, radius: 3).query(items: [3], weights: [2])
    #expect(abs(query.array.reduce(0) { $0 + $1 * $1 } - 9) < 1e-3)
    let scaled = foldIn(candidates, temperature: 1, radius: 3).query(items: [3], weights: [2], scale: 0.5)
    #expect(abs(scaled.array.reduce(0) { $0 + $1 * $1 } - 2.25) < 1e-3)
  }

  @Test func candidatesThatSayNothingGiveAFiniteVector() {
    for rows in [[[0, 0], [0, 0]], [[1, 0], [-1, 0]]] as [[[Float]]] {
      let query = foldIn(Tensor([2, 2], rows.flatMap { $0 })).query(items: [0, 1], weights: [1, 1])
      #expect(query.array.allSatisfy { $0.isFinite })
    }
    let one = foldIn(Tensor([1, 2], [0, 1])).query(items: [0], weights: [1])
    #expect(one.array == [0, 1], "with nothing to compare with, the item itself")
  }
}
