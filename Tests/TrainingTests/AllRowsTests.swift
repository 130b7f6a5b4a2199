import Testing
import TwoTowerRecommenders
import TwoTowerTraining

@Suite struct AllRowsTests {
  private let history = """
    phase\tepoch\tloss\tvalidation
    retrieval\t1\t3.5\t0.10
    retrieval\t2\t3.1\t0.14
    retrieval\t3\t2.9\t0.14
    retrieval\t4\t2.8\t0.12
    ranking\t1\t0.5\t-0.4
    ranking\t2\t0.4\t-0.3
    ranking-with-pairs\t1\t0.5\t
    ranking-with-pairs\t2\t0.4\t-0.2
    ranking-with-pairs\t3\t0.4\t-0.1
    ranking-with-pairs\t4\t0.4\t-0.15

    """

  @Test func theFirstOfTheBestEpochsIsKept() {
    #expect(bestEpochs(history: history) == [.retrieval: 2, .ranking: 2, .rankingWithPairs: 3])
  }

  @Test func phasesWithoutValidationAreAsLongAsTheyWere() {
    #expect(bestEpochs(history: "phase\tepoch\tloss\tvalidation\nretrieval\t1\t3.5\t\n").isEmpty)
    var recipe = Recipe()
    recipe.retrieval = TaskSettings(model: RetrievalSettings())
    recipe.retrieval?.training.epochs = 7
    #expect(recipe.onAllRows(epochs: [:]).retrieval?.training.epochs == 7)
  }

  @Test func nothingIsHeldOutAndEpochsAreThoseFound() {
    var recipe = Recipe()
    recipe.retrieval = TaskSettings(model: RetrievalSettings())
    recipe.ranking = TaskSettings(model: RankingSettings())
    (recipe.data.holdout, recipe.data.holdoutUsers, recipe.validation.share) = (0.3, 0.1, 0.2)
    let whole = recipe.onAllRows(epochs: bestEpochs(history: history))
    #expect(whole.data.holdout == 0 && whole.data.holdoutUsers == 0 && whole.validation.share == 0)
    #expect(whole.retrieval?.training.epochs == 2)
    #expect(whole.ranking?.training.epochs == 3, "the mean of 2 and 3, rounded up")
    #expect(recipe.onAllRows(epochs: [.joint: 5]).retrieval?.training.epochs == 5)
  }
}
