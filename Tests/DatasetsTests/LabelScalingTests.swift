import Datasets
import Foundation
import Testing

@Suite struct LabelScalingTests {
  private let data = Dataset(
    name: "made up", users: IdentifierTable(["a", "b", "c"]), items: IdentifierTable(["x", "y"]),
    itemNames: ["x", "y"],
    interactions: Interactions(users: [0, 1, 0, 2], items: [0, 0, 1, 1], weights: [3, 0, 4, 5]))

  @Test func knownLabels() {
    #expect(labels(data, scaling: .perUserL2) == [0.6, 0, 0.8, 1])
    #expect(labels(data, scaling: .perUserMaximum) == [0.75, 0, 1, 1])
    #expect(labels(data, scaling: .globalMinMax) == [0.6, 0, 0.8, 1])
    #expect(labels(data, scaling: .binary) == [1, 0, 1, 1])
    #expect(labels(data, scaling: .none) == [3, 0, 4, 5])
    #expect(labels(data, scaling: .log) == [Float(log(4.0)), 0, Float(log(5.0)), Float(log(6.0))])
  }

  @Test(arguments: LabelScaling.allCases)
  func extremesStayFinite(scaling: LabelScaling) {
    var extreme = data
    extreme.interactions.weights = [3e38, 1e-38, 3e38, 3e38]
    #expect(labels(extreme, scaling: scaling).allSatisfy { $0.isFinite })
    var none = data
    none.interactions = Interactions()
    #expect(labels(none, scaling: scaling).isEmpty)
  }

  @Test func equalWeightsAreOneInTheirRange() {
    var equal = data
    equal.interactions.weights = [2, 2, 2, 2]
    #expect(labels(equal, scaling: .globalMinMax) == [1, 1, 1, 1])
  }

  @Test func namesAreThoseOfRecipes() {
    #expect(
      LabelScaling.allCases.map(\.rawValue) == [
        "per-user-l2", "per-user-maximum", "global-min-max", "log", "binary", "none",
      ])
  }
}
