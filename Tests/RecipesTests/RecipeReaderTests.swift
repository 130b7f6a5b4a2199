import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerTraining

/// The folder of the recipes that come with the project.
private let modelsFolder = repositoryFolder + "/Models"

/// A small recipe of both tasks, to be changed.
private let both = """
  name: both
  retrieval:
    query-tower:
      features:
        - {feature: user-id, dimension: 8}
        - feature: friends
          table: user-id
          dimension: 8
      combine: sum
    candidate-tower:
      features:
        - {feature: item-id, dimension: 8}
    training:
      epochs: 3
  ranking:
    query-tower:
      features: [{feature: user-statistics}]
    candidate-tower:
      features: [{feature: item-statistics}]
  """

/// The one line that a recipe is refused with.
private func refusal(_ text: String, setting settings: [(String, String)] = []) -> String {
  do {
    var reader = try RecipeReader(text: text, name: "r.yaml")
    for (path, value) in settings { try reader.set(path, to: value, origin: "--set \(path)=\(value)") }
    _ = try reader.recipe()
    return "accepted"
  } catch let error as RecipeError {
    return error.description
  } catch {
    return "another error: \(error)"
  }
}

struct RecipeReaderTests {
  static let recipeNames: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: modelsFolder)) ?? []).filter { $0.hasSuffix(".yaml") }.sorted()

  @Test func theFourRecipesAreThere() {
    #expect(
      Set(Self.recipeNames).isSuperset(of: ["ranking.yaml", "reference-retrieval.yaml", "retrieval.yaml", "two-stage.yaml"]))
  }

  @Test(arguments: recipeNames) func everyRecipeLoadsUnderItsName(_ file: String) throws {
    let text = try String(contentsOfFile: "\(modelsFolder)/\(file)", encoding: .utf8)
    let recipe = try RecipeReader(text: text, name: file).recipe()
    #expect(recipe.name + ".yaml" == file)
  }

  @Test(arguments: recipeNames) func whatIsWrittenIsReadBack(_ file: String) throws {
    let text = try String(contentsOfFile: "\(modelsFolder)/\(file)", encoding: .utf8)
    let recipe = try RecipeReader(text: text, name: file).recipe()
    #expect(try RecipeReader(text: recipe.yaml, name: "again").recipe() == recipe)
  }

  @Test(arguments: ["", "null", "~", "true", "1", "1e3", "a: b", "- x", "#", "zwei\nZeilen", "\"'\\", "ü"])
  func textsThatLookLikeSomethingElseAreReadBack(_ text: String) throws {
    var recipe = try recipe(both)
    recipe.name = text
    recipe.data.userColumn = text
    #expect(try RecipeReader(text: recipe.yaml, name: "again").recipe() == recipe)
  }

  @Test func unusualValuesAreReadBack() throws {
    var recipe = try recipe(both)
    recipe.seed = .max
    recipe.features.maximumTags = 7
    recipe.features.historyLimit = 3
    recipe.features.imputation = .fixed(1_275_350_400_000)
    recipe.features.userStatistics = [.friends, .mean]
    recipe.retrieval?.training.learningRate = 1e-38
    recipe.retrieval?.model.temperature = 0.1 + 0.2
    recipe.validation.share = 0.15
    recipe.retrieval?.model.queryTower.hiddenLayers = []
    #expect(try RecipeReader(text: recipe.yaml, name: "again").recipe() == recipe)
  }

  @Test func whatARecipeDoesNotSayIsTheDefault() throws {
    let recipe = try recipe(both)
    #expect(recipe.seed == Recipe().seed && recipe.features == FeatureSettings())
    #expect(recipe.retrieval?.training.epochs == 3)
    #expect(recipe.retrieval?.training.batchSize == TrainingSettings().batchSize)
    #expect(recipe.retrieval?.model.queryTower.features[1].initialDeviation == InputSettings(feature: .friends).initialDeviation)
    #expect(recipe.retrieval?.model.queryTower.features[1].tableName == "user-id")
  }

  // MARK: - Unknown settings

  @Test(arguments: [
    ("nmae: x\nretrieval: {}", "r.yaml:1: a recipe has no setting 'nmae'; did you mean 'name'?"),
    ("name: x\nretreival: {}", "r.yaml:2: a recipe has no setting 'retreival'; did you mean 'retrieval'?"),
    (
      "retrieval:\n  temprature: 1", "r.yaml:2: 'retrieval' has no setting 'temprature'; did you mean 'temperature'?"
    ),
    (
      "ranking:\n  training:\n    learning_rate: 1",
      "r.yaml:3: 'ranking.training' has no setting 'learning_rate'; did you mean 'learning-rate'?"
    ),
    (
      "retrieval:\n  query-tower:\n    features:\n      - feature: user-id\n        dimensions: 3",
      "r.yaml:5: 'retrieval.query-tower.features.0' has no setting 'dimensions'; did you mean 'dimension'?"
    ),
    ("features:\n\n  histroy-limit: 3", "r.yaml:3: 'features' has no setting 'histroy-limit'; did you mean 'history-limit'?"),
  ])
  func misspeltSettingsAreRefusedWithTheNearest(text: String, message: String) { #expect(refusal(text) == message) }

  @Test func settingsThatResembleNoneAreRefusedWithTheList() {
    #expect(refusal("validation:\n  zzzzzzzz: 1").contains("it has: every, metric, patience, share"))
  }

  // MARK: - Values

  @Test(arguments: [
    ("retrieval.training.epochs", "many", "a whole number"), ("retrieval.training.epochs", "2.5", "a whole number"),
    ("seed", "-1", "a whole number"), ("retrieval.temperature", "warm", "a number"),
    ("retrieval.sampling-correction", "perhaps", "true or false"), ("labels", "l3", "per-user-l2, per-user-maximum"),
    ("retrieval.mask", "all", "none, item, history"), ("retrieval.loss", "hinge", "in-batch-softmax, full-softmax"),
    ("retrieval.similarity", "cos", "dot, cosine"), ("retrieval.reduction", "max", "mean, sum"),
    ("retrieval.query-tower.combine", "stack", "concatenate, sum"),
    ("retrieval.query-tower.last-activation", "gelu", "identity, relu"),
    ("retrieval.query-tower.features.friends.combiner", "max", "mean, sum"),
    ("retrieval.training.optimizer", "lamb", "sgd, adagrad, adam, adamw"),
    ("retrieval.training.schedule", "step", "constant, cosine"), ("ranking.towers", "both", "own, shared"),
    ("validation.metric", "recall@7", "recall@20, ndcg@20, top-100"), ("tasks.order", "random", "staged, joint"),
    ("data.duplicates", "keep", "refuse, sum"), ("features.tag-text", "stem", "whole, words"),
    ("features.tag-weighting", "bm25", "count, binary"),
    ("features.statistics-exclusion", "none", "leave-one-out, out-of-fold"),
    ("features.imputation", "mean", "median, unknown or a day"),
    ("features.imputation", "2010-02-30", "median, unknown or a day"),
    ("ranking.hidden-layers", "[256, wide]", "a whole number"), ("ranking.hidden-layers", "64", "a list such as"),
    ("ranking.training", "fast", "a section"), ("name", "[a]", "a single value"),
  ])
  func wrongValuesNamePathFoundAndExpected(path: String, value: String, expected: String) {
    let line = refusal(both, setting: [(path, value)])
    let shown = path.replacingOccurrences(of: ".features.friends", with: ".features.1")
    let found = ["[a]": "a list", "[256, wide]": "wide"][value] ?? value
    #expect(line.hasPrefix("--set \(path)=\(value): \(shown)"), "\(line)")
    #expect(line.contains(found) && line.contains(expected) && !line.contains("\n"), "\(line)")
  }

  @Test(arguments: ["user-statistics", "item-statistics", "pair-statistics"])
  func unknownStatisticsAreRefusedWithTheList(_ key: String) {
    let line = refusal(both, setting: [("features.\(key)", "[mean-lable]")])
    #expect(line.contains("features.\(key)") && line.contains("mean-lable"), "\(line)")
    #expect(line.contains(key == "pair-statistics" ? "friends-mean-label" : "mean-log-label"), "\(line)")
  }

  @Test func wrongValuesInTheFileNameTheLine() {
    let text = both.replacingOccurrences(of: "epochs: 3", with: "epochs: three")
    #expect(refusal(text) == "r.yaml:14: retrieval.training.epochs: found 'three', expected a whole number")
    let feature = both.replacingOccurrences(of: "feature: friends", with: "feature: enemies")
    #expect(refusal(feature).hasPrefix("r.yaml:6: retrieval.query-tower.features.1.feature: found 'enemies', expected one of user-id, item-id"))
  }

  @Test(arguments: [
    ("retrieval.training.epochs", "0"), ("retrieval.training.batch-size", "0"), ("retrieval.training.learning-rate", "0"),
    ("retrieval.training.learning-rate", ".nan"), ("retrieval.training.learning-rate", ".inf"),
    ("retrieval.training.warmup", "1.5"), ("retrieval.training.weight-decay", "-1"),
    ("retrieval.training.clip-norm", "-0.1"), ("retrieval.training.momentum", "-0.5"),
    ("retrieval.training.initial-accumulator", ".nan"), ("retrieval.temperature", "0"), ("retrieval.temperature", "-1"),
    ("retrieval.query-tower.hidden-layers", "[0]"), ("retrieval.query-tower.dropout", "1"),
    ("retrieval.query-tower.features.user-id.dimension", "0"),
    ("retrieval.query-tower.features.user-id.identifier-dropout", "1"),
    ("retrieval.query-tower.features.user-id.initial-deviation", "-1"),
    ("retrieval.query-tower.features.user-id.scale", ".inf"), ("ranking.hidden-layers", "[64, -1]"),
    ("ranking.dropout", "-0.1"), ("validation.share", "1"), ("validation.every", "0"), ("validation.patience", "0"),
    ("data.holdout", "-0.1"), ("data.minimum-weight", "-1"), ("data.holdout", "1"), ("features.minimum-count", "0"), ("features.bucket-count", "0"),
    ("features.history-limit", "0"), ("features.statistics-folds", "1"), ("features.user-statistics", "[]"),
    ("features.pair-statistics", "[tagged, tagged]"), ("tasks.ranking-weight", "-1"),
  ])
  func valuesOutOfRangeNameThePlaceAndThePath(path: String, value: String) {
    let line = refusal(both, setting: [(path, value)])
    let section = path.split(separator: ".")[0]
    #expect(line.hasPrefix("--set \(path)=\(value): \(section)"), "\(line)")
  }

  @Test func textThatIsNoRecipeIsRefused() {
    for text in ["", "# only a comment", "- a\n- b", "just words", "name: [", "name: a\nname: b", "a: *b", "\u{0}"] {
      let line = refusal(text)
      #expect(line.hasPrefix("r.yaml") && !line.contains("\n"), "\(text): \(line)")
    }
    #expect(refusal("name: x").contains("nothing to train"))
    #expect(refusal("retrieval:").contains("expected a section"))
    #expect(refusal("retrieval:\n  query-tower:\n    features: [user-id]").contains("expected '- feature: NAME'"))
  }

  // MARK: - Single settings

  @Test func settingsAreChangedByTheirPaths() throws {
    let changed = try recipe(
      both,
      [
        ("seed", "7"), ("retrieval.temperature", "0.25"), ("retrieval.query-tower.features.friends.scale", "0.5"),
        ("retrieval.query-tower.hidden-layers", "[16, 8]"), ("features.history-limit", "5"),
        ("features.imputation", "2010-06-01"), ("ranking.training.optimizer", "adagrad"),
        ("retrieval.candidate-tower.features", "[{feature: tags, dimension: 8}]"),
      ])
    #expect(changed.seed == 7)
    #expect(changed.retrieval?.model.temperature == 0.25)
    #expect(changed.retrieval?.model.queryTower.features.map(\.scale) == [1, 0.5])
    #expect(changed.retrieval?.model.queryTower.hiddenLayers == [16, 8])
    #expect(changed.features.historyLimit == 5)
    #expect(changed.features.imputation.text == "2010-06-01")
    #expect(changed.ranking?.training.optimizer == .adagrad)
    #expect(changed.retrieval?.model.candidateTower.features.map(\.feature) == [.tags])
  }

  @Test func aSectionThatARecipeLacksCanBeOpened() throws {
    let opened = try recipe(
      "ranking: {query-tower: {features: [{feature: user-id}]}, candidate-tower: {features: [{feature: item-id}]}}",
      [
        ("retrieval.query-tower.features", "[{feature: user-id}]"),
        ("retrieval.candidate-tower.features", "[{feature: item-id}]"),
      ])
    #expect(opened.retrieval?.model.temperature == RetrievalSettings().temperature)
  }

  @Test(arguments: [
    ("retrieval.temprature", "1", "did you mean 'temperature'?"), ("sed", "1", "did you mean 'seed'?"),
    ("retrieval.query-tower.features.freinds.scale", "1", "did you mean 'friends'?"),
    ("seed.value", "1", "'seed' is a single value"), ("", "1", "a recipe has no setting ''"),
    ("retrieval..epochs", "1", "no setting ''"), ("retrieval.temperature", "[", "not valid YAML"),
    ("features.minimum-cuont", "1", "did you mean 'minimum-count'?"),
  ])
  func settingsThatDoNotExistAreRefused(path: String, value: String, message: String) {
    let line = refusal(both, setting: [(path, value)])
    #expect(line.hasPrefix("--set \(path)=\(value): ") && line.contains(message), "\(line)")
  }
}
