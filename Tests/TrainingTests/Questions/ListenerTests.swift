import Datasets
import Foundation
import Recommenders
import Testing
import Training

struct ListenerTests {
  @Test func peopleAreServedAlmostAsWellAsUsers() throws {
    let recalls = try AskedRun.sample.get().recalls()
    #expect(recalls.person > 0.85 * recalls.user, "\(recalls)")
    #expect(recalls.person > 2 * recalls.popularity, "\(recalls)")
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["TWOTOWER_LASTFM"] != nil))
  func onRealListeningToo() throws {
    let folder = ProcessInfo.processInfo.environment["TWOTOWER_LASTFM"]!
    let dataset = try readHetRec(folder: folder)
    let split = try holdOut(share: 0.3, seed: 1, dataset: dataset)
    let asked = try AskedRun(modelRecipe("retrieval"), dataset: dataset, split: split)
    let recalls = try asked.recalls()
    print("recall@20 of 200 users of the real data: \(recalls)")
    #expect(recalls.person > 0.9 * recalls.user, "\(recalls)")
    #expect(recalls.person > 2 * recalls.popularity, "\(recalls)")
    let genres = try #require(try asked.run.assess().genrePrecision)
    #expect(genres.neighbors > 2 * genres.random, "\(genres)")
  }

  @Test func aHistoryRecipeAnswersThroughItsTower() throws {
    let asked = try AskedRun.history.get()
    for user: Int32 in [0, 5, 11] {
      let known = try asked.run.query(of: .user(user)).array
      let person = try asked.run.query(of: .person(asked.likes(of: user))).array
      #expect(zip(known, person).allSatisfy { abs($0 - $1) < 1e-5 }, "the tower sees the same history")
    }
  }

  @Test func whatIsLikedIsNotRecommendedBack() throws {
    let run = try AskedRun.sample.get().run
    let likes = [Like(item: 3, weight: 2), Like(item: 1, weight: 9)]
    var request = RecommendationRequest(top: 1000)
    let items = try run.recommend(to: .person(likes), request).map(\.item)
    #expect(items.count == run.itemCount - 2 && !items.contains(3) && !items.contains(1))
    request.includesSeen = true
    #expect(try run.recommend(to: .person(likes), request).count == run.itemCount)
  }

  @Test func theRankingModelKnowsUsersOnly() throws {
    var request = RecommendationRequest(top: 3)
    request.reranks = true
    #expect(throws: RunError.self) {
      try AskedRun.sample.get().run.recommend(to: .person([Like(item: 0, weight: 1)]), request)
    }
  }

  @Test func explanationsNameKnownItemsAndTheirGenres() throws {
    let asked = try AskedRun.sample.get()
    for listener in [Listener.user(4), .person(asked.likes(of: 4))] {
      let known = Set(try asked.run.knownItems(of: listener))
      let item = try #require(try asked.run.recommend(to: listener, RecommendationRequest(top: 1)).first).item
      let explanation = try #require(asked.run.explain([item], for: listener).first)
      #expect(explanation.contributions.count == 3)
      #expect(explanation.contributions.allSatisfy { known.contains($0.item) })
      let shares = explanation.contributions.map(\.share)
      #expect(shares == shares.sorted(by: >) && shares.reduce(0, +) <= 1 + 1e-9 && shares[2] > 0)
      let tags = try asked.run.itemGenres()
      for genre in explanation.sharedGenres {
        #expect(tags.names(of: item).contains(genre))
        #expect(explanation.contributions.contains { tags.names(of: $0.item).contains(genre) })
      }
    }
    let only = try #require(asked.run.explain([7], for: .person([Like(item: 7, weight: 1)])).first)
    #expect(only.contributions.isEmpty && only.sharedGenres.isEmpty, "an item does not explain itself")
  }
}
