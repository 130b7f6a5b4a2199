import Testing
import TwoTowerKernels
import TwoTowerTraining

struct PatternSearchTests {
  /// A hill has no neighbour that is better but on the way to its top.
  @Test(arguments: [[1], [5], [1, 1], [7, 4], [3, 9, 2]]) func climbsAHillFromAnywhere(sizes: [Int]) {
    var generator = SeededGenerator(seed: UInt64(sizes.reduce(0, +)), purpose: .sample)
    for _ in 0..<20 {
      let top = sizes.map { generator.below($0) }
      let start = sizes.map { generator.below($0) }
      var asked: [[Int]] = []
      let best = patternSearch(sizes: sizes, start: start) { point in
        asked.append(point)
        return -zip(point, top).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
      }
      #expect(best.point == top && best.value == 0)
      #expect(Set(asked).count == asked.count, "each point is asked once")
      #expect(asked.allSatisfy { zip($0, sizes).allSatisfy { $0 >= 0 && $0 < $1 } })
    }
  }

  /// A ridge that runs across both axes: every step along one alone goes down.
  @Test func followsARidgeAcrossTwoAxes() {
    for sign in [1, -1] {
      let best = patternSearch(sizes: [9, 9], start: sign == 1 ? [1, 1] : [1, 7]) { point in
        let (x, y) = (point[0], sign == 1 ? point[1] : 8 - point[1])
        return Double(x + y) - 5 * Double(abs(x - y))
      }
      #expect(best.point == (sign == 1 ? [8, 8] : [8, 0]))
    }
  }

  @Test func staysWhereNothingIsBetter() {
    let best = patternSearch(sizes: [4, 4], start: [2, 1]) { _ in 1 }
    #expect(best.point == [2, 1])
  }

  @Test func whatEvaluationThrowsEndsTheSearch() {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try patternSearch(sizes: [3], start: [0]) { _ in throw Stop() } }
  }
}
