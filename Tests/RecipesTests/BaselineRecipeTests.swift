import RunTestSupport
import Testing
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerTraining

/// The section `baseline`, whose settings depend on its kind.
struct BaselineRecipeTests: ReadsRecipes {
  @Test(arguments: baselineTypes.map { $0.kind }) func aKindBringsItsDefaults(kind: String) throws {
    let recipe = try recipe("baseline: {kind: \(kind)}")
    #expect(recipe.baseline == BaselineSettings(kind: kind) && recipe.baseline?.kind == kind)
    #expect(recipe.firstTask == "baseline")
    #expect(try RecipeReader(text: recipe.yaml, name: "again").recipe() == recipe)
  }

  @Test func settingsReachTheModel() throws {
    let text = """
      baseline:
        kind: implicit-als
        weights: labels
        dimension: 7
        regularization: 0.25
        unobserved-weight: 0.3
        regularization-exponent: 0.5
        iterations: 4
      """
    var expected = ImplicitALS.Settings()
    (expected.dimension, expected.regularization, expected.unobservedWeight, expected.iterations) = (7, 0.25, 0.3, 4)
    expected.regularizationExponent = 0.5
    let recipe = try recipe(text)
    #expect(recipe.baseline?.model as? ImplicitALS.Settings == expected && recipe.baseline?.weights == .labels)
    #expect(try RecipeReader(text: recipe.yaml, name: "again").recipe() == recipe)
    #expect(
      try self.recipe("baseline: {kind: item-neighbors, neighbors: 9, item-exponent: 0.2, user-exponent: 1, shrinkage: 2}")
        .baseline
        == BaselineSettings(
          ItemNeighbors.self, .init(neighbors: 9, itemExponent: 0.2, userExponent: 1, shrinkage: 2)))
  }

  @Test func aMisspeltSettingIsRefusedWithTheRightOne() {
    #expect(message("baselin: {kind: ease}")?.contains("did you mean 'baseline'?") == true)
    #expect(message("baseline: {kind: eas}")?.contains("did you mean 'ease'?") == true)
    #expect(message("baseline: {kind: ease, regularisation: 1}")?.contains("did you mean 'regularization'?") == true)
    #expect(message("baseline: {kind: implicit-als, weights: label}")?.contains("binary, labels") == true)
    #expect(message("baseline: {kind: ease, weights: many}")?.contains("one of binary, labels") == true)
  }

  @Test func settingsOfAnotherKindAreRefused() {
    let found = message("name: x\nbaseline:\n  kind: ease\n  dimension: 3")
    #expect(found?.hasPrefix("r.yaml:4: 'baseline' has no setting 'dimension'") == true, "\(found ?? "nothing")")
    #expect(message("baseline: {kind: popularity}", [("baseline.dimension", "3")])?.contains("no setting 'dimension'") == true)
    #expect(message("baseline: {dimension: 3}")?.contains("baseline.kind: found none, expected one of") == true)
    #expect(message("baseline: 3") != nil && message("baseline: {kind: [ease]}") != nil)
  }

  @Test func anotherKindStartsTheSectionAnew() throws {
    let text = "baseline: {kind: ease, regularization: 300}"
    let same = try recipe(text, [("baseline.kind", "ease")])
    #expect((same.baseline?.model as? EASE.Settings)?.regularization == 300)
    let changed = try recipe(text, [("baseline.kind", "item-neighbors"), ("baseline.neighbors", "3")])
    #expect(changed.baseline == BaselineSettings(ItemNeighbors.self, .init(neighbors: 3)))
    #expect(try recipe("name: x", [("baseline.kind", "popularity")]).baseline == BaselineSettings(Popularity.self))
    #expect(message(text, [("baseline.kind", "nothing")])?.hasPrefix("--set baseline.kind: baseline.kind: found") == true)
  }

  @Test(arguments: [
    ("ease", "regularization", "0"), ("ease", "regularization", "-1"), ("item-neighbors", "neighbors", "-1"),
    ("item-neighbors", "item-exponent", "-1"), ("item-neighbors", "user-exponent", "3"),
    ("item-neighbors", "shrinkage", "-1"), ("implicit-als", "dimension", "0"), ("implicit-als", "dimension", "5000"),
    ("implicit-als", "unobserved-weight", "0"), ("implicit-als", "iterations", "0"),
    ("implicit-als", "regularization", ".nan"), ("implicit-als", "regularization-exponent", "-1"),
  ])
  func valuesOutOfRangeAreRefused(kind: String, key: String, value: String) {
    let found = message("baseline: {kind: \(kind)}", [("baseline.\(key)", value)])
    #expect(found?.contains("baseline.\(key): found") == true, "\(found ?? "nothing")")
    #expect(found?.hasPrefix("--set baseline.\(key)") == true)
  }

  @Test func onlyOneSectionRetrieves() {
    #expect(message("baseline: {kind: ease}\nmatrix-factorization: {}")?.contains("keep one") == true)
    #expect(message("baseline: {kind: ease}", [("tasks.order", "joint")])?.contains("needs both") == true)
  }
}
