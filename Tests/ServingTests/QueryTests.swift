import RunTestSupport
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerRecommenders
import TwoTowerServing
import TwoTowerTraining

struct QueryTests {
  @Test func peopleAreServedAlmostAsWellAsUsers() throws {
    let recalls = try AskedRun.sample.get().recalls()
    #expect(recalls.person > 0.85 * recalls.user, "\(recalls)")
    #expect(recalls.person > 2 * recalls.popularity, "\(recalls)")
  }

  @Test(.enabled(if: RealData.lastfm != nil, "set TWOTOWER_LASTFM to the folder hetrec2011-lastfm-2k"))
  func onRealListeningToo() throws {
    let dataset = try readHetRec(folder: RealData.lastfm!)
    let split = try holdOut(share: 0.3, seed: 1, dataset: dataset)
    let asked = try AskedRun(modelRecipe("retrieval"), dataset: dataset, split: split)
    let recalls = try asked.recalls()
    print("recall@20 of 200 users of the real data: \(recalls)")
    #expect(recalls.person > 0.9 * recalls.user, "\(recalls)")
    #expect(recalls.person > 2 * recalls.popularity, "\(recalls)")
    let genres = try #require(try asked.run.evaluate().genrePrecision)
    #expect(genres.neighbors > 2 * genres.random, "\(genres)")
  }

  @Test func aHistoryRecipeAnswersThroughItsTower() throws {
    let asked = try AskedRun.history.get()
    for user: Int32 in [0, 5, 11] {
      let known = try asked.run.vector(of: .user(user)).array
      let person = try asked.run.vector(of: .likes(asked.likes(of: user))).array
      #expect(zip(known, person).allSatisfy { abs($0 - $1) < 1e-5 }, "the tower sees the same history")
    }
  }

  @Test func whatIsLikedIsNotRecommendedBack() throws {
    let run = try AskedRun.sample.get().run
    let likes = [Like(item: 3, weight: 2), Like(item: 1, weight: 9)]
    var request = RecommendationRequest(top: 1000)
    let items = try run.recommend(to: .likes(likes), request).map(\.item)
    let knownCount = try (0..<Int32(run.itemCount)).count { try !run.isUnknown($0) }
    #expect(items.count == knownCount - 2 && !items.contains(3) && !items.contains(1))
    request.includesSeen = true
    #expect(try run.recommend(to: .likes(likes), request).count == knownCount)
  }

  @Test func theRankingModelKnowsUsersOnly() throws {
    var request = RecommendationRequest(top: 3)
    request.reranks = true
    #expect(throws: QuestionError.self) {
      try AskedRun.sample.get().run.recommend(to: .likes([Like(item: 0, weight: 1)]), request)
    }
  }

  @Test func explanationsNameKnownItemsAndTheirGenres() throws {
    let asked = try AskedRun.sample.get()
    for query in [Query.user(4), .likes(asked.likes(of: 4))] {
      let known = Set(try asked.run.knownItems(of: query))
      let item = try #require(try asked.run.recommend(to: query, RecommendationRequest(top: 1)).first).item
      let explanation = try #require(asked.run.explain([item], for: query).first)
      #expect(explanation.contributions.count == 3)
      #expect(explanation.contributions.allSatisfy { known.contains($0.item) })
      let shares = explanation.contributions.map(\.share)
      #expect(shares == shares.sorted(by: >) && shares.reduce(0, +) <= 1 + 1e-9 && shares[2] > 0)
      // Shares are of all that speaks for an item, named or not.
      let all = try #require(asked.run.explain([item], for: query, limit: 1000).first).contributions
      #expect(all.count > shares.count && Array(all.prefix(shares.count).map(\.share)) == shares)
      let tags = try asked.run.itemGenres()
      for genre in explanation.sharedGenres {
        #expect(tags.names(of: item).contains(genre))
        #expect(explanation.contributions.contains { tags.names(of: $0.item).contains(genre) })
      }
    }
    let only = try #require(asked.run.explain([7], for: .likes([Like(item: 7, weight: 1)])).first)
    #expect(only.contributions.isEmpty && only.sharedGenres.isEmpty, "an item does not explain itself")
  }
}
