import Foundation
import TwoTowerRuns
import TwoTowerServing
import Testing
import TestSupport

import TwoTowerKit

struct SavingTests {
  @Test(arguments: kindNames) func aSavedModelAnswersTheSameBits(kind: String) throws {
    let model = try model(kind)
    try withTemporaryFolder { path in
      let folder = URL(fileURLWithPath: path)
      let place = folder.appendingPathComponent("deep/model")
      try model.save(to: place)
      let loaded = try Recommender(contentsOf: place)
      #expect(loaded.users == model.users && loaded.items == model.items)
      #expect(try answers(loaded) == answers(model))
      let given = ["003", "017", "000"]
      #expect(try loaded.rank(given, for: .user("user 1")) == model.rank(given, for: .user("user 1")))
      if !["ease", "item-neighbors", "popularity"].contains(kind) {
        #expect(try loaded.similarItems(to: "006", count: 5) == model.similarItems(to: "006", count: 5))
      }

      // A copy of a copy is the same files.
      let copy = folder.appendingPathComponent("copy")
      try loaded.save(to: copy)
      #expect(try files(in: copy.path) == files(in: place.path))
    }
  }

  @Test func theSameFitWritesTheSameBytes() throws {
    try withTemporaryFolder { path in
      let folder = URL(fileURLWithPath: path)
      let (first, second) = (folder.appendingPathComponent("1"), folder.appendingPathComponent("2"))
      try model("history").save(to: first)
      try Recommender.fit(madeUp.get().interactions, settings: settings("history"), seed: 3).save(to: second)
      #expect(try files(in: first.path) == files(in: second.path))
    }
  }

  @Test(arguments: kindNames) func theToolsAnswererOpensTheFolder(kind: String) throws {
    let model = try model(kind)
    try withTemporaryFolder { path in
      let folder = URL(fileURLWithPath: path)
      let place = folder.appendingPathComponent("model")
      try model.save(to: place)
      let answerer = try Answerer(opening: place.path)
      let expected = try model.recommend(for: .user("user 3"), count: 5)
      let number = try #require(model.users.firstIndex(of: "user 3"))
      let found = try answerer.recommend(to: .user(Int32(number)), RecommendationRequest(top: 5))
      #expect(found.map { model.items[Int($0.item)] } == expected.map(\.item))
      #expect(found.map(\.score) == expected.map(\.score))
      #expect(throws: QuestionError.self, "there are no test rows") { try answerer.evaluate() }
      #expect(try answerer.items().item("Item 7").map { model.items[Int($0)] } == "007")
    }
  }

  @Test func onlyAnOlderRunIsReplacedAndOnlyWhenAskedTo() throws {
    let (model, other) = (try model("ease"), try model("popularity"))
    try withTemporaryFolder { path in
      let folder = URL(fileURLWithPath: path)
      let place = folder.appendingPathComponent("model")
      try model.save(to: place)
      #expect(throws: TwoTowerError.self) { try other.save(to: place) }
      #expect(try answers(Recommender(contentsOf: place)) == answers(model))
      try other.save(to: place, replacing: true)
      #expect(try answers(Recommender(contentsOf: place)) == answers(other))

      try Data().write(to: folder.appendingPathComponent("mine.txt"))
      let error = #expect(throws: TwoTowerError.self) { try model.save(to: folder, replacing: true) }
      guard case .storage = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test func foldersThatAreNoModelAreRefused() throws {
    try withTemporaryFolder { path in
      let folder = URL(fileURLWithPath: path)
      for url in [folder, folder.appendingPathComponent("missing"), URL(string: "https://example.com/model")!] {
        let error = #expect(throws: TwoTowerError.self) { try Recommender(contentsOf: url) }
        guard case .storage = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
      }
      let place = folder.appendingPathComponent("model")
      try model("history").save(to: place)
      for name in try files(in: place.path).keys where name != "checksums.txt" {
        let file = place.appendingPathComponent(name)
        let whole = try Data(contentsOf: file)
        try (whole + Data([32])).write(to: file)
        let error = #expect(throws: TwoTowerError.self) { try Recommender(contentsOf: place) }
        #expect(error?.description.contains(name) == true)
        try whole.write(to: file)
      }
    }
  }
}
