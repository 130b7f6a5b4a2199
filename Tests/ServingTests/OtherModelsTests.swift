import RunTestSupport
import Testing
import TwoTowerRecommenders
import TwoTowerServing
import TwoTowerTraining

/// The questions, asked of runs whose vectors come from elsewhere than towers, or that have none.
struct OtherModelsTests {
  private static let factorization = """
    name: factorization
    labels: binary
    matrix-factorization:
      dimension: 16
      regularization: 0.5
      gravity: 1
      training: {epochs: 300, batch-size: 0, optimizer: sgd, learning-rate: 20}
    """

  private func asked(_ recipe: Recipe) throws -> AskedRun {
    let (dataset, split) = try bundledSample.get()
    return try AskedRun(recipe, dataset: dataset, split: split)
  }

  @Test func aFactorizationFoldsPeopleInByItsOwnLoss() throws {
    let asked = try asked(recipe(Self.factorization))
    let recalls = try asked.recalls()
    #expect(recalls.person > 0.9 * recalls.user, "\(recalls)")
    #expect(recalls.person > 1.2 * recalls.popularity, "\(recalls)")
    #expect(try asked.run.similarUsers(to: .user(3), measure: .cosine, top: 4).count == 4)
  }

  @Test(arguments: ["ease", "item-neighbors", "implicit-als", "popularity"])
  func aPersonWithAUsersItemsGetsTheUsersList(name: String) throws {
    let asked = try asked(modelRecipe(name))
    for user: Int32 in [0, 7, 30] {
      let person = Query.likes(asked.likes(of: user))
      let mine = try asked.run.recommend(to: .user(user), RecommendationRequest(top: 15)).map(\.item)
      let theirs = try asked.run.recommend(to: person, RecommendationRequest(top: 15)).map(\.item)
      // Ties and the last digits may trade places.
      #expect(Set(mine).intersection(theirs).count >= 14, "user \(user): \(mine), \(theirs)")
    }
  }

  @Test func aLinearModelIsExplainedByWhatEachLikeAddsToTheScore() throws {
    let asked = try asked(modelRecipe("item-neighbors"))
    let person = Query.likes(asked.likes(of: 4))
    let best = try #require(try asked.run.recommend(to: person, RecommendationRequest(top: 1)).first)
    let explanation = try #require(asked.run.explain([best.item], for: person, limit: 1000).first)
    #expect(explanation.contributions.count > 1)
    #expect(abs(explanation.contributions.reduce(0) { $0 + $1.share } - 1) < 1e-6)
    let first = try #require(explanation.contributions.first)
    let alone = try asked.run.recommend(
      to: .likes([Like(item: first.item, weight: 1)]), RecommendationRequest(top: 1000))
    let score = try #require(alone.first { $0.item == best.item }?.score)
    #expect(abs(Double(score) / Double(try #require(best.score)) - first.share) < 1e-3)
  }

  @Test func popularityHasNoReasons() throws {
    let asked = try asked(modelRecipe("popularity"))
    let explanation = try #require(asked.run.explain([3], for: .user(0)).first)
    #expect(explanation.contributions.isEmpty && explanation.sharedGenres.isEmpty)
  }

  @Test func whatNeedsVectorsIsRefusedWithoutThem() throws {
    let asked = try asked(modelRecipe("ease"))
    #expect(throws: QuestionError.self) { try asked.run.similarItems(to: 0, measure: .combined, top: 3) }
    #expect(throws: QuestionError.self) { try asked.run.similarUsers(to: .user(0), measure: .cosine, top: 3) }
    #expect(throws: ScoringError.noVectorsForDiversity) { try asked.run.evaluate(reordering: .init(diversity: 0.5)) }
    var request = RecommendationRequest(top: 5)
    request.reordering.diversity = 0.5
    #expect(throws: ScoringError.noVectorsForDiversity) { try asked.run.recommend(to: .user(0), request) }
    request.reordering = .init(popularityPenalty: 2)
    let plain = try asked.run.recommend(to: .user(0), RecommendationRequest(top: 5))
    #expect(try asked.run.recommend(to: .user(0), request) != plain)
    let assessment = try asked.run.evaluate(reordering: .init(popularityPenalty: 0.5))
    let lists = try #require(assessment.recommendations)
    #expect(lists.model.diversity == nil && assessment.genrePrecision == nil)
    #expect(try #require(lists.reordered?.novelty) > #require(lists.model.novelty))
  }
}
