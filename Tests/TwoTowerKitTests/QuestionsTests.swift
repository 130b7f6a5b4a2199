import Testing
import TwoTowerKit

struct QuestionsTests {
  private let user = MadeUpData.user(5)

  @Test(arguments: kindNames) func whatSomeoneHasIsLeftOutUnlessAskedFor(kind: String) throws {
    let (model, made) = (try model(kind), try madeUp.get())
    let seen = Set(made.rows[user]!.keys)
    let list = try model.recommend(for: .user(user), count: 1000)
    #expect(Set(list.map(\.item)) == Set(model.items).subtracting(seen))
    #expect(zip(list, list.dropFirst()).allSatisfy { $0.score >= $1.score })
    #expect(list.allSatisfy { $0.name == "Item \(Int($0.item)!)" && $0.score.isFinite })
    #expect(try model.recommend(for: .user(user), count: 3) == Array(list.prefix(3)))

    let all = try model.recommend(for: .user(user), count: 1000, excluding: .nothing)
    #expect(Set(all.map(\.item)) == Set(model.items))
    #expect(all.filter { !seen.contains($0.item) } == list)

    let banned = [list[0].item, list[2].item]
    let without = try model.recommend(for: .user(user), count: 1000, excluding: .seen(and: banned))
    #expect(without == list.filter { !banned.contains($0.item) })
    let others = try model.recommend(for: .user(user), count: 1000, excluding: .items(banned))
    #expect(others == all.filter { !banned.contains($0.item) })
  }

  @Test(arguments: kindNames) func likesAreAnswered(kind: String) throws {
    let model = try model(kind)
    let likes: [String: Float] = ["001": 3, "005": 2, "009": 1]
    let list = try model.recommend(for: .likes(likes), count: 1000)
    #expect(Set(list.map(\.item)) == Set(model.items).subtracting(likes.keys))
    if kind != "popularity" {
      #expect(list.prefix(2).allSatisfy { MadeUpData.taste(ofItem: $0.item) == 1 }, "\(list.prefix(2))")
    }
    #expect(try model.recommend(for: .likes(likes), count: 1000, excluding: .nothing).count == model.items.count)
  }

  @Test(arguments: ["history", "ease", "item-neighbors"]) func someoneWithAUsersRowsIsThatUser(kind: String) throws {
    let (model, made) = (try model(kind), try madeUp.get())
    let asUser = try model.recommend(for: .user(user), count: 10)
    let asLikes = try model.recommend(for: .likes(made.rows[user]!), count: 10)
    #expect(asUser.map(\.item) == asLikes.map(\.item))
    #expect(zip(asUser, asLikes).allSatisfy { abs($0.score - $1.score) <= 1e-4 * abs($0.score) })
  }

  @Test(arguments: kindNames) func rankingOrdersWhatIsGivenByTheSameScores(kind: String) throws {
    let model = try model(kind)
    let all = try model.recommend(for: .user(user), count: 1000, excluding: .nothing)
    let given = ["003", "017", "000", "031"]
    let ranked = try model.rank(given, for: .user(user))
    #expect(ranked == all.filter { given.contains($0.item) })
    #expect(try model.rank([], for: .user(user)) == [])
    #expect(try model.rank(given, for: .likes(["002": 1])).count == 4)
  }

  @Test(arguments: ["retrieval", "history", "implicit-als"]) func similarItemsShareTheTaste(kind: String) throws {
    let model = try model(kind)
    let list = try model.similarItems(to: "006", count: 3)
    #expect(list.count { MadeUpData.taste(ofItem: $0.item) == 2 } >= 2, "\(list)")
    #expect(list.allSatisfy { $0.item != "006" && $0.score <= 1.0001 })
    #expect(try model.similarItems(to: "006", count: 1000).count == model.items.count - 1)
  }

  @Test(arguments: ["ease", "item-neighbors", "popularity"])
  func modelsWithoutVectorsCompareWhoHasTheItems(kind: String) throws {
    let list = try model(kind).similarItems(to: "006", count: 3)
    #expect(list.count == 3 && list.allSatisfy { MadeUpData.taste(ofItem: $0.item) == 2 }, "\(list)")
    #expect(list.allSatisfy { $0.item != "006" && $0.score > 0 && $0.score <= 1 })
  }

  @Test func countsAreTakenAsTheyAre() throws {
    let model = try model("ease")
    #expect(try model.recommend(for: .user(user), count: 0) == [])
    #expect(try model.similarItemsOfVectors(count: 0) == [])
    let error = #expect(throws: TwoTowerError.self) { try model.recommend(for: .user(user), count: -1) }
    #expect(error == .question("count: found -1, expected 0 or more"))
  }

  @Test func unknownIdentifiersComeWithCloseOnes() throws {
    let model = try model("implicit-als")
    let nobody = TwoTowerError.unknownUser("usr 5", similar: ["user 5"])
    let error = #expect(throws: TwoTowerError.self) { try model.recommend(for: .user("usr 5"), count: 1) }
    guard case .unknownUser("usr 5", let similar) = error else {
      Issue.record("\(String(describing: error)), expected \(nobody)")
      return
    }
    #expect(similar.first == "user 5")
    #expect(error?.description.contains("did you mean \"user 5\"") == true)

    let questions: [() throws -> [Recommendation]] = [
      { try model.similarItems(to: "0006", count: 1) },
      { try model.rank(["001", "0006"], for: .user("user 1")) },
      { try model.recommend(for: .likes(["001": 1, "0006": 1]), count: 1) },
      { try model.recommend(for: .user("user 1"), count: 1, excluding: .items(["0006"])) },
      { try model.recommend(for: .user("user 1"), count: 1, excluding: .seen(and: ["0006"])) },
    ]
    for question in questions {
      let error = #expect(throws: TwoTowerError.self) { try question() }
      guard case .unknownItem("0006", let similar) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(similar.contains("006"))
    }
    // Leading zeros and letter case tell identifiers apart.
    #expect(throws: TwoTowerError.self) { try model.similarItems(to: "6", count: 1) }
    #expect(throws: TwoTowerError.self) { try model.recommend(for: .user("User 5"), count: 1) }
  }

  @Test func likesThatSayNothingAreRefused() throws {
    let model = try model("implicit-als")
    for likes: [String: Float] in [[:], ["001": 0], ["001": -1], ["001": .nan], ["001": .infinity]] {
      let error = #expect(throws: TwoTowerError.self) { try model.recommend(for: .likes(likes), count: 1) }
      guard case .question(let text) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(likes.isEmpty || text.contains("\"001\""))
    }
  }

  @Test(arguments: kindNames) func eightTasksGetTheSameAnswersAsOne(kind: String) async throws {
    // A model of its own, so that all tasks ask for what nothing has loaded yet.
    let model = try Recommender.fit(madeUp.get().interactions, settings: settings(kind), seed: 3)
    let expected = try answers(self.model(kind))
    try await withThrowingTaskGroup(of: [[Recommendation]].self) { group in
      for _ in 0..<8 { group.addTask { try answers(model) } }
      for try await found in group { #expect(found == expected) }
    }
  }

  private func model(_ kind: String) throws -> Recommender { try TwoTowerKitTests.model(kind) }
}

extension Recommender {
  fileprivate func similarItemsOfVectors(count: Int) throws -> [Recommendation] {
    try TwoTowerKitTests.model("implicit-als").similarItems(to: "001", count: count)
  }
}
