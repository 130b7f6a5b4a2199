import RunTestSupport
import Testing
import TwoTowerEvaluation
import TwoTowerRecommenders
import TwoTowerTraining

/// The bundled sample has tastes planted in it: small versions of the project's recipes must find them.
struct PlantedStructureTests {
  private func assessment(_ recipe: Recipe) throws -> (assessment: Assessment, history: [EpochRecord]) {
    let outcome = try train(recipe, on: bundledSample)
    let recommender = outcome.models.recommender(on: outcome.data)
    return (try assess(outcome.data, recommender: recommender, models: outcome.models, seed: 1), outcome.history)
  }

  private func dimensions(_ value: String) -> Settings {
    [
      ("query-tower", "user-id"), ("query-tower", "friends"), ("candidate-tower", "item-id"), ("candidate-tower", "tags"),
    ].map { ("retrieval.\($0).features.\($1).dimension", value) }
  }

  @Test func retrievalIsTwiceAsGoodAsPopularity() throws {
    let recipe = try modelRecipe("retrieval", dimensions("32") + [("retrieval.training.epochs", "6")])
    let (assessment, history) = try assessment(recipe)
    let recall = try #require(assessment.retrieval?.seenExcluded.recall[20])
    let popularity = try #require(assessment.popularity?.seenExcluded.recall[20])
    #expect(recall >= 2 * popularity, "recall@20 is \(recall), popularity's \(popularity)")
    let cold = try #require(assessment.retrieval?.cold.topKCategoricalAccuracy[100])
    let chance = try #require(assessment.retrieval?.chance.cold.topKCategoricalAccuracy[100])
    #expect(cold > 2 * chance, "top-100 of cold items is \(cold), chance \(chance)")
    #expect(history.last!.loss < history[0].loss)
  }

  @Test func rankingBeatsTheConstant() throws {
    let (assessment, _) = try assessment(modelRecipe("ranking", [("ranking.training.epochs", "5")]))
    let constant = try #require(assessment.ranking?.constantRMSE)
    let rmse = try #require(assessment.ranking?.rmse)
    let withPairs = try #require(assessment.rankingWithPairs?.rmse)
    #expect(rmse < 0.98 * constant && withPairs < 0.98 * constant, "\(rmse), \(withPairs), constant \(constant)")
  }

  @Test(arguments: ["joint", "staged"]) func sharedTowersServeBothTasks(order: String) throws {
    let recipe = try modelRecipe(
      "two-stage",
      dimensions("32") + [
        ("ranking.towers", "shared"), ("tasks.order", order), ("tasks.ranking-weight", "0.3"),
        ("retrieval.training.epochs", "6"), ("ranking.training.epochs", "3"), ("ranking.hidden-layers", "[32]"),
      ])
    let (assessment, history) = try assessment(recipe)
    let recall = try #require(assessment.retrieval?.seenExcluded.recall[20])
    let popularity = try #require(assessment.popularity?.seenExcluded.recall[20])
    #expect(recall > 1.5 * popularity, "recall@20 is \(recall), popularity's \(popularity)")
    let report = try #require(assessment.rankingWithPairs)
    #expect(report.rmse! < report.constantRMSE!, "\(report.rmse!), constant \(report.constantRMSE!)")
    #expect(Set(history.map(\.phase)) == (order == "joint" ? [.joint] : [.retrieval, .ranking, .rankingWithPairs]))
  }
}
