import Foundation
import Testing
import TwoTowerKit

struct InteractionsTests {
  @Test func identifiersStayAsGiven() throws {
    let data = try Interactions(
      users: ["b", "a", "b"], items: ["01", "1", "é"], itemNames: ["1": "One", "zz": "Only named"],
      itemTags: ["tagged": ["new"]])
    #expect(data.count == 3)
    #expect(data.users == ["b", "a"])
    #expect(data.items == ["01", "1", "é", "tagged", "zz"])
  }

  private func refusal(
    users: [String] = ["a", "a", "b"], items: [String] = ["x", "y", "x"], weights: [Float]? = nil,
    timestamps: [Date]? = nil
  ) -> TwoTowerError? {
    #expect(throws: TwoTowerError.self) {
      try Interactions(users: users, items: items, weights: weights, timestamps: timestamps)
    }
  }

  private func row(_ error: TwoTowerError?) -> Int? {
    guard case .interactions(let row?, let problem) = error else { return nil }
    #expect(error?.description == "row \(row) of the interactions: \(problem)")
    return row
  }

  @Test func columnsOfUnequalLengthNameTheFirstRowThatLacksOne() {
    #expect(row(refusal(items: ["x", "y"])) == 2)
    #expect(row(refusal(items: ["x", "y", "x", "z"])) == 3)
    #expect(row(refusal(weights: [1])) == 1)
    #expect(row(refusal(timestamps: [])) == 0)
    #expect(refusal(weights: [1])?.description.contains("3 users and 1 weights") == true)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, -1]) func aBadWeightNamesItsRow(weight: Float) {
    let error = refusal(weights: [1, 2, weight])
    #expect(row(error) == 2)
    #expect(error?.description.contains("\(weight)") == true)
  }

  @Test func aPairThatStandsTwiceNamesBothRows() {
    let error = refusal(users: ["a", "b", "a"], items: ["x", "x", "x"])
    #expect(row(error) == 2)
    #expect(error?.description.contains("row 0") == true)
    #expect(error?.description.contains("\"a\"") == true && error?.description.contains("\"x\"") == true)
  }

  @Test func nothingAndNobodyAreRefused() {
    guard case .interactions(row: nil, _) = refusal(users: [], items: []) else {
      Issue.record("no rows were accepted")
      return
    }
    #expect(row(refusal(users: ["a", "", "b"])) == 1)
    #expect(row(refusal(items: ["x", "y", ""])) == 2)
    #expect(row(refusal(timestamps: [Date(), Date(timeIntervalSince1970: .infinity), Date()])) == 1)
  }

  @Test func aWeightOfZeroAndTimesAreAccepted() throws {
    let data = try Interactions(
      users: ["a"], items: ["x"], weights: [0], timestamps: [Date(timeIntervalSince1970: 1_700_000_000)])
    #expect(data.count == 1)
  }

  @Test func holdingOutKeepsTheCatalogueAndEveryUserInTraining() throws {
    let data = try madeUp.get().interactions
    let (training, heldOut) = try data.holdingOut(0.25, seed: 4)
    #expect(training.count + heldOut.count == data.count)
    #expect(abs(Double(heldOut.count) / Double(data.count) - 0.25) < 0.05)
    #expect(training.items == data.items && heldOut.users == data.users)
    let again = try data.holdingOut(0.25, seed: 4)
    #expect(
      try Recommender.fit(again.training, settings: .popularity).evaluate(on: again.heldOut)
        == Recommender.fit(training, settings: .popularity).evaluate(on: heldOut))
  }

  @Test(arguments: [0, 1, -1, .nan, 0.001]) func aShareThatLeavesNothingIsRefused(share: Double) throws {
    let data = try Interactions(users: ["a", "a", "b"], items: ["x", "y", "x"])
    if share == 1 {
      // Everybody keeps a row.
      #expect(try data.holdingOut(share).training.count == 2)
    } else {
      #expect(throws: TwoTowerError.self) { try data.holdingOut(share) }
    }
  }
}
