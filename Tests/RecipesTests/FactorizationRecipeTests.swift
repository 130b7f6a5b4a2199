import RunTestSupport
import Testing
import TwoTowerRecipes
import TwoTowerTraining

/// Settings of the matrix factorisation, the dot head and the pairwise loss.
struct FactorizationRecipeTests: ReadsRecipes {
  private let dot = """
    ranking:
      head: dot
      pair-features: false
      query-tower: {features: [{feature: user-id, dimension: 5}]}
      candidate-tower: {features: [{feature: item-id, dimension: 5}]}
    """
  private let bpr = """
    retrieval:
      loss: bpr
      query-tower: {features: [{feature: user-id}]}
      candidate-tower: {features: [{feature: item-id}]}
    """

  @Test func aMisspeltSettingIsRefusedWithTheRightOne() {
    #expect(message("matrix-factorization: {gravty: 1}")?.contains("did you mean 'gravity'?") == true)
    #expect(message("matrix-factorisation: {}")?.contains("did you mean 'matrix-factorization'?") == true)
    #expect(message("matrix-factorization: {training: {epoch: 1}}")?.contains("did you mean 'epochs'?") == true)
    #expect(message(dot.replacing("head:", with: "heads:"))?.contains("did you mean 'head'?") == true)
    #expect(message(bpr, [("retrieval.negative-counts", "2")])?.contains("did you mean 'negative-count'?") == true)
    #expect(message(bpr, [("retrieval.negatives", "often")])?.contains("one of uniform, popularity") == true)
    #expect(message(dot, [("ranking.head", "product")])?.contains("one of network, dot") == true)
  }

  @Test(arguments: [
    ("dimension", "0"), ("regularization", "-1"), ("gravity", "-0.5"), ("initial-deviation", "-1"),
    ("report-every", "0"), ("training.batch-size", "-1"), ("training.epochs", "0"),
  ])
  func valuesOutOfRangeAreRefused(key: String, value: String) {
    let found = message("matrix-factorization: {}", [("matrix-factorization.\(key)", value)])
    #expect(found?.contains("matrix-factorization.\(key): found \(value)") == true, "\(found ?? "nothing")")
  }

  @Test func onlyAFactorizationTakesAllRowsAtOnce() throws {
    #expect(try recipe("matrix-factorization: {training: {batch-size: 0}}").matrixFactorization?.training.batchSize == 0)
    #expect(message(bpr, [("retrieval.training.batch-size", "0")])?.contains("expected 1 to") == true)
  }

  @Test func tasksThatDoNotGoTogetherAreRefused() {
    #expect(message(bpr + "\nmatrix-factorization: {}")?.contains("keep one") == true)
    #expect(message("name: nothing")?.contains("nothing to train") == true)
    #expect(message(bpr, [("retrieval.negative-count", "0")])?.contains("expected 1 to 1000") == true)
  }

  @Test func aDotProductNeedsOneWidthAndNoFeaturesOfThePair() {
    #expect(message(dot) == nil)
    #expect(message(dot, [("ranking.pair-features", "true")])?.contains("set it to false") == true)
    #expect(
      message(dot, [("ranking.query-tower.features.user-id.dimension", "6")])?.contains("6 numbers") == true)
  }

  @Test func recipesReadBackAsTheyWereWritten() throws {
    for text in [dot, bpr, "matrix-factorization: {gravity: 1, training: {batch-size: 0}}"] {
      let recipe = try recipe(text)
      #expect(try RecipeReader(text: recipe.yaml, name: "again").recipe() == recipe)
    }
  }
}
