import Testing
import TwoTowerFeatures

@Suite struct LabelScalerTests {
  private let users: [Int32] = [0, 1, 0, 2]
  private let weights: [Float] = [3, 0, 4, 5]

  private func labels(_ scaling: LabelScaling, fitting rows: [Int] = [0, 1, 2, 3]) -> [Float] {
    LabelScaler(
      scaling, fittingUsers: rows.map { users[$0] }, weights: rows.map { weights[$0] }, userCount: 3
    ).labels(users: users, weights: weights)
  }

  @Test func knownLabels() {
    #expect(labels(.perUserL2) == [0.6, 0, 0.8, 1])
    #expect(labels(.perUserMaximum) == [0.75, 0, 1, 1])
    #expect(labels(.globalMinMax) == [0.6, 0, 0.8, 1])
    #expect(labels(.binary) == [1, 0, 1, 1])
    #expect(labels(.none) == [3, 0, 4, 5])
    #expect(labels(.log).map { ($0 * 1e4).rounded() } == [13863, 0, 16094, 17918])
  }

  @Test func rowsThatWereNotFittedChangeNoScale() {
    // User 0 by the weight 4 alone; users 1 and 2 by the mean scale of the others, which is that of user 0.
    #expect(labels(.perUserL2, fitting: [2]) == [0.75, 0, 1, 1.25])
    #expect(labels(.perUserMaximum, fitting: [2]) == [0.75, 0, 1, 1.25])
    #expect(labels(.globalMinMax, fitting: [0, 2]) == [0, -3, 1, 2])
    #expect(labels(.perUserL2, fitting: []) == [0, 0, 0, 0])
  }

  @Test func rowsThatWereNotFittedAreScaledWithThemselves() {
    func unfitted(_ scaling: LabelScaling) -> [Float] {
      LabelScaler(scaling, fittingUsers: [0, 1], weights: [4, 0], userCount: 3)
        .labels(ofUnfitted: [0, 0, 1, 2, 1], weights: [3, 8, 5, 7, 0])
    }
    #expect(unfitted(.perUserL2) == [0.6, Float(8 / 80.0.squareRoot()), 1, 1, 0])
    #expect(unfitted(.perUserMaximum) == [0.75, 1, 1, 1, 0])
    #expect(unfitted(.none) == [3, 8, 5, 7, 0])
  }

  @Test(arguments: LabelScaling.allCases) func aPersonIsScaledAsAUserOfTheSameRows(scaling: LabelScaling) {
    let users: [Int32] = [0, 0, 0, 1, 1, 2]
    let weights: [Float] = [3, 1, 17, 0.1, 0.7, 5]
    let scaler = LabelScaler(scaling, fittingUsers: users, weights: weights, userCount: 3)
    let labels = scaler.labels(users: users, weights: weights)
    #expect(scaler.labels(ofHistory: [3, 1, 17]) == Array(labels[0..<3]))
    #expect(scaler.labels(ofHistory: [0.1, 0.7]) == Array(labels[3..<5]))
    #expect(scaler.labels(ofHistories: users, weights: weights) == labels)
    #expect(scaler.labels(ofHistory: []).isEmpty)
    // Outside the fitted range a person's label is never negative.
    #expect(scaler.labels(ofHistory: [0]).allSatisfy { $0 >= 0 })
  }

  @Test(arguments: LabelScaling.allCases) func extremesStayFinite(scaling: LabelScaling) {
    let extreme: [Float] = [3e38, 1e-38, 3e38, 3e38]
    let scaler = LabelScaler(scaling, fittingUsers: users, weights: extreme, userCount: 3)
    #expect(scaler.labels(users: users, weights: extreme).allSatisfy { $0.isFinite })
    #expect(LabelScaler(scaling, fittingUsers: [], weights: [], userCount: 0).labels(users: [], weights: []).isEmpty)
  }

  @Test func equalWeightsAreOneInTheirRange() {
    let scaler = LabelScaler(.globalMinMax, fittingUsers: users, weights: [2, 2, 2, 2], userCount: 3)
    #expect(scaler.labels(users: users, weights: [2, 2, 2, 2]) == [1, 1, 1, 1])
  }

  @Test func namesAreThoseOfRecipes() {
    #expect(
      LabelScaling.allCases.map(\.rawValue) == [
        "per-user-l2", "per-user-maximum", "global-min-max", "log", "binary", "none",
      ])
  }
}
