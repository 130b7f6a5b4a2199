import Testing
import TwoTowerFeatures

struct HeldOutFactorsTests {
  private func factors(_ scaling: LabelScaling, users: [Int32], weights: [Float], part: Int?) -> HeldOutFactors {
    HeldOutFactors(scaling, users: users, weights: weights, userCount: 3, statisticsPart: part)
  }

  @Test func equalWeightsHaveAKnownFactor() {
    // Nine equal rows have labels of 1/3, the six that are left when a third is hidden 1/√6.
    let users = [Int32](repeating: 1, count: 9)
    let weights = [Float](repeating: 7, count: 9)
    let known = Float((6.0 / 9).squareRoot())
    let whole = factors(.perUserL2, users: users, weights: weights, part: nil)
    #expect(abs(whole.plain - known) < 1e-6 && whole.predictions == whole.plain)
    // A model that learns with as much hidden has nothing to make up for.
    #expect(factors(.perUserL2, users: users, weights: weights, part: 3).predictions == 1)
    // Ninths: 8 rows are left.
    let ninths = factors(.perUserL2, users: users, weights: weights, part: 9)
    #expect(abs(ninths.predictions - known / Float((8.0 / 9).squareRoot())) < 1e-6 && ninths.plain == whole.plain)
    #expect(factors(.perUserMaximum, users: users, weights: weights, part: nil).plain == 1)
  }

  @Test(arguments: [LabelScaling.globalMinMax, .log, .binary, .none]) func othersNeedNone(scaling: LabelScaling) {
    let found = factors(scaling, users: [0, 0, 0, 1, 1], weights: [1, 2, 3, 4, 500], part: nil)
    #expect(found == HeldOutFactors())
  }

  @Test func toFewRowsToHideAnyLeaveItAtOne() {
    #expect(factors(.perUserL2, users: [0, 1], weights: [3, 4], part: nil) == HeldOutFactors())
    #expect(factors(.perUserL2, users: [], weights: [], part: 6) == HeldOutFactors())
    #expect(factors(.perUserL2, users: [0, 0], weights: [0, 0], part: nil) == HeldOutFactors())
  }
}
