import Foundation
import TwoTowerRecipes
import Testing
import TestSupport
import TwoTowerTraining

import TwoTowerKit

struct RecommenderSettingsTests {
  @Test(arguments: [
    ("retrieval", RecommenderSettings.retrieval()), ("history", .history()), ("implicit-als", .implicitALS()),
    ("ease", .ease()), ("item-neighbors", .itemNeighbors()), ("popularity", .popularity),
  ])
  func defaultsAreThoseOfTheRecipe(name: String, settings: RecommenderSettings) throws {
    let path = "\(repositoryFolder)/Models/\(name).yaml"
    var expected = try RecipeReader(text: String(contentsOfFile: path, encoding: .utf8), name: path).recipe()
    expected.tune = nil
    // Interactions know no friends.
    expected.retrieval?.model.queryTower.features.removeAll { $0.feature == .friends }
    #expect(try settings.recipe(for: madeUp.get().interactions.dataset, seed: 1) == expected)
  }

  @Test(arguments: allSettings.map(\.settings)) func aRecipeReadsBackFromItsText(settings: RecommenderSettings) throws {
    let recipe = try settings.recipe(for: madeUp.get().interactions.dataset, seed: UInt64.max)
    #expect(try RecipeReader(text: recipe.jsonText, name: "recipe.yaml").recipe() == recipe)
  }

  @Test func dataWithoutTagsNeedsNone() throws {
    let data = try Interactions(users: ["a", "a", "b"], items: ["x", "y", "x"])
    for settings in [RecommenderSettings.retrieval(), .history()] {
      let model = try #require(try settings.recipe(for: data.dataset, seed: 1).retrieval).model
      #expect((model.queryTower.features + model.candidateTower.features).count == 2)
      #expect(model.candidateTower.features.allSatisfy { $0.identifierDropout == 0 })
    }
  }

  @Test(arguments: [
    ("dimension", RecommenderSettings.retrieval(dimension: 0)), ("epochs", .retrieval(epochs: 0)),
    ("batchSize", .retrieval(batchSize: 0)), ("learningRate", .history(learningRate: .nan)),
    ("temperature", .retrieval(temperature: 0)), ("minimumTagCount", .retrieval(minimumTagCount: 0)),
    ("hiddenLayers", .history(hiddenWidth: 0)), ("dimension", .implicitALS(dimension: -1)),
    ("regularization", .implicitALS(regularization: -1)), ("unobservedWeight", .implicitALS(unobservedWeight: .infinity)),
    ("iterations", .implicitALS(iterations: 0)), ("regularization", .ease(regularization: 0)),
    ("neighbors", .itemNeighbors(-1)), ("itemExponent", .itemNeighbors(itemExponent: -1)),
  ])
  func aSettingOutOfRangeIsNamed(name: String, settings: RecommenderSettings) throws {
    let data = try madeUp.get().interactions
    let error = #expect(throws: TwoTowerError.self) { try Recommender.fit(data, settings: settings) }
    guard case .setting(name: let found, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found == name)
  }
}
