import Testing
import TwoTowerServing
import TwoTowerTraining

struct SimilarTests {
  @Test func neighboursShareGenres() throws {
    let asked = try AskedRun.sample.get()
    let genres = try #require(try asked.run.evaluate().genrePrecision)
    #expect(genres.neighborCount == 10)
    #expect(genres.neighbors > 2 * genres.random, "\(genres)")
  }

  @Test func aPersonsLikesFindTheUserWhoHasThem() throws {
    let asked = try AskedRun.sample.get()
    var found = 0
    for user: Int32 in 0..<20 {
      let similar = try asked.run.similarUsers(to: .likes(asked.likes(of: user)), measure: .cosine, top: 5)
      if similar.contains(where: { $0.index == user }) { found += 1 }
    }
    #expect(found >= 18, "\(found) of 20")
  }

  @Test func sharedItemsAreThoseOfBothRarestFirst() throws {
    let asked = try AskedRun.sample.get()
    let counts = try asked.run.knownCounts()
    let shared = try asked.run.sharedItems(.user(0), 0)
    #expect(shared.sorted() == (try asked.run.seenItems(of: 0)))
    #expect(shared.map { counts[Int($0)] } == shared.map { counts[Int($0)] }.sorted())
    #expect(try asked.run.similarUsers(to: .user(0), measure: .dot, top: 500).allSatisfy { $0.index != 0 })
  }

  @Test func reorderedFiguresStandBesideThePlainOnes() throws {
    let run = try AskedRun.sample.get().run
    let plain = try run.evaluate().json
    #expect(plain["recommendations"]?["reordered"] == nil)
    let penalized = try run.evaluate(reordering: .init(popularityPenalty: 0.5)).json
    #expect(penalized["retrieval"] == plain["retrieval"])
    #expect(penalized["recommendations"]?["model"] == plain["recommendations"]?["model"])
    let assessment = try #require(try run.evaluate(reordering: .init(popularityPenalty: 0.5)).recommendations)
    let reordered = try #require(assessment.reordered)
    #expect(try #require(reordered.novelty) > #require(assessment.model.novelty))
    #expect(try #require(reordered.meanPopularity) < #require(assessment.model.meanPopularity))
    let varied = try #require(try run.evaluate(reordering: .init(diversity: 0.6)).recommendations?.reordered)
    #expect(try #require(varied.diversity) > (try #require(assessment.model.diversity)))
  }
}
