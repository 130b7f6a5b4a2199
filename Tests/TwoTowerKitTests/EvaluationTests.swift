import Foundation
import Testing
import TestSupport
import TwoTowerKit

struct EvaluationTests {
  @Test func aModelStandsBesidePopularityAndChance() throws {
    let (training, heldOut) = try madeUp.get().interactions.holdingOut(0.25, seed: 2)
    let report = try Recommender.fit(training, settings: settings("implicit-als")).evaluate(on: heldOut)
    #expect(report.rowCount == heldOut.count && report.userCount <= heldOut.users.count)
    let recall = try #require(report["recall@20"])
    let (interval, popularity, chance) = (
      try #require(recall.interval), try #require(recall.popularity), try #require(recall.chance)
    )
    #expect(interval.contains(recall.value))
    #expect(recall.value > popularity && recall.value > chance)
    #expect(report.metrics.contains { $0.name == "NDCG@20" } && report.metrics.contains { $0.name == "MRR" })
    #expect(report["recall@21"] == nil)
    #expect(Set(report.metrics.map(\.name)).count == report.metrics.count)

    let popular = try Recommender.fit(training, settings: .popularity).evaluate(on: heldOut)
    #expect(popular["recall@20"]?.value == popularity)
  }

  /// Recall as a person would count it from the lists.
  @Test(arguments: ["ease", "history"]) func recallIsThatOfTheLists(kind: String) throws {
    let (training, heldOut) = try madeUp.get().interactions.holdingOut(0.25, seed: 2)
    let model = try Recommender.fit(training, settings: settings(kind))
    let report = try model.evaluate(on: heldOut)
    let rows = try madeUp.get().rows
    var recalls: [Double] = []
    for user in model.users {
      let unseen = try model.recommend(for: .user(user), count: 1000)
      let hidden = Set(rows[user]!.keys).intersection(unseen.map(\.item))
      guard !hidden.isEmpty else { continue }
      recalls.append(Double(unseen.prefix(20).count { hidden.contains($0.item) }) / Double(hidden.count))
    }
    #expect(recalls.count == report.userCount)
    let mean = recalls.reduce(0, +) / Double(recalls.count)
    #expect(abs(try #require(report["recall@20"]).value - mean) < 1e-9)
  }

  @Test func aLoadedModelIsMeasuredTheSame() throws {
    let (training, heldOut) = try madeUp.get().interactions.holdingOut(0.25, seed: 2)
    let model = try Recommender.fit(training, settings: settings("history"))
    try withTemporaryFolder { path in
      let folder = URL(fileURLWithPath: path)
      let place = folder.appendingPathComponent("model")
      try model.save(to: place)
      #expect(try Recommender(contentsOf: place).evaluate(on: heldOut) == model.evaluate(on: heldOut))
    }
  }

  @Test func aRowThatWasFittedOnIsNamed() throws {
    let data = try madeUp.get().interactions
    let error = #expect(throws: TwoTowerError.self) { try model("ease").evaluate(on: data) }
    guard case .interactions(row: 0, let problem) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(problem.contains("\"user 0\""))
  }

  @Test func strangersAreNamed() throws {
    let model = try model("ease")
    let user = try Interactions(users: ["user 1", "usr 5"], items: ["000", "001"])
    let item = try Interactions(users: ["user 1"], items: ["0006"])
    guard
      case .unknownUser("usr 5", _) = #expect(throws: TwoTowerError.self, performing: { try model.evaluate(on: user) })
    else {
      Issue.record("an unknown user was measured")
      return
    }
    guard
      case .unknownItem("0006", _) = #expect(throws: TwoTowerError.self, performing: { try model.evaluate(on: item) })
    else {
      Issue.record("an unknown item was measured")
      return
    }
  }
}
