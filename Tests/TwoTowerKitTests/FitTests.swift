import Synchronization
import Testing
import TwoTowerKit

struct FitTests {
  @Test(arguments: kindNames.filter { $0 != "popularity" }) func ownTasteComesFirst(kind: String) throws {
    let model = try model(kind)
    let firsts = try (0..<MadeUpData.userCount).map { user in
      let list = try model.recommend(for: .user(MadeUpData.user(user)), count: 1)
      return MadeUpData.taste(ofItem: list[0].item) == user % 4
    }
    #expect(firsts.count { $0 } > 40, "\(firsts.count { $0 }) of \(firsts.count) users; by chance it would be 15")
  }

  @Test(arguments: kindNames) func theSameSeedGivesTheSameBits(kind: String) throws {
    let data = try madeUp.get().interactions
    let again = try Recommender.fit(data, settings: settings(kind), seed: 3)
    #expect(try answers(again) == answers(model(kind)))
  }

  @Test(arguments: ["retrieval", "history", "implicit-als"]) func anotherSeedGivesAnotherModel(kind: String) throws {
    let data = try madeUp.get().interactions
    let other = try Recommender.fit(data, settings: settings(kind), seed: 4)
    #expect(try answers(other) != answers(model(kind)))
  }

  @Test(arguments: kindNames) func progressRisesToTheEnd(kind: String) throws {
    var reports: [FitProgress] = []
    _ = try Recommender.fit(madeUp.get().interactions, settings: settings(kind)) { progress in
      reports.append(progress)
      return true
    }
    #expect(reports.first?.fractionCompleted == 0 && reports.last?.fractionCompleted == 1)
    #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.fractionCompleted <= $1.fractionCompleted })
    #expect(reports.allSatisfy { (0...$0.epochCount).contains($0.epoch) })
    let hasLosses = kind == "retrieval" || kind == "history"
    #expect(reports.dropFirst().allSatisfy { ($0.loss != nil) == hasLosses })
    if hasLosses { #expect(reports.last!.loss! < reports[1].loss!) }
  }

  @Test(arguments: kindNames) func theCallbackStopsAFit(kind: String) throws {
    let data = try madeUp.get().interactions
    var calls = 0
    #expect(throws: TwoTowerError.stopped) {
      try Recommender.fit(data, settings: settings(kind)) { _ in
        calls += 1
        return calls < 2
      }
    }
    #expect(calls == 2)
  }

  @Test func cancellingTheTaskStopsAFit() async throws {
    let data = try madeUp.get().interactions
    let settings = settings("retrieval")
    let outcome = await Task {
      Result { () throws(TwoTowerError) in
        try Recommender.fit(data, settings: settings) { _ in
          withUnsafeCurrentTask { $0?.cancel() }
          return true
        }
      }
    }.value
    #expect(throws: TwoTowerError.stopped) { try outcome.get() }
  }

  @Test func aFitThatDivergesSaysSo() throws {
    let data = try madeUp.get().interactions
    let error = #expect(throws: TwoTowerError.self) {
      try Recommender.fit(data, settings: .history(dimension: 4, epochs: 20, learningRate: 1e30))
    }
    guard case .diverged(let text) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.contains("learning rate"))
  }

  @Test func tagsPlaceItemsThatNobodyHas() throws {
    let made = try madeUp.get()
    let rows = made.rows.sorted { $0.key < $1.key }.flatMap { user, items in
      items.sorted { $0.key < $1.key }.filter { $0.key != "036" }.map { (user, $0.key) }
    }
    let data = try Interactions(
      users: rows.map(\.0), items: rows.map(\.1),
      itemTags: Dictionary(
        uniqueKeysWithValues: (0..<MadeUpData.itemCount).map { ("\(MadeUpData.item($0))", ["taste \($0 % 4)"]) }))
    #expect(data.count == made.rows.values.reduce(0) { $0 + $1.filter { $0.key != "036" }.count })
    let model = try Recommender.fit(data, settings: settings("retrieval"))
    let own = try model.rank(["036", "001", "002", "003"], for: .user(MadeUpData.user(0)))
    #expect(own.first?.item == "036")
  }
}
