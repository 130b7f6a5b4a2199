import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerKernels
import TwoTowerRecommenders
import TwoTowerTraining

struct TunerTests {
  private let dataset: Dataset
  private let split: Split

  init() throws { (dataset, split) = try smallSample.get() }

  private func neighbors(_ start: String = "2") -> TunableRecipe {
    TunableRecipe(
      name: "neighbors",
      axes: [
        .init(path: "exponent", own: start, values: ["0.0", "0.25", "0.5", "2"]),
        .init(path: "user", own: "0", values: ["0", "0.5"]),
      ]
    ) { settings in
      var recipe = Recipe()
      var model = ItemNeighbors.Settings(neighbors: 0, itemExponent: Float(start)!, userExponent: 0)
      for (path, value) in settings {
        if path == "exponent" { model.itemExponent = Float(value)! } else { model.userExponent = Float(value)! }
      }
      recipe.baseline = BaselineSettings(ItemNeighbors.self, model)
      return recipe
    }
  }

  private var towers: TunableRecipe {
    TunableRecipe(name: "towers", axes: [.init(path: "temperature", own: "0.12", values: ["0.05", "0.12", "0.3"])]) {
      settings in
      var recipe = Recipe()
      var task = TaskSettings<RetrievalSettings>.plain
      task.model.queryTower.features[0].dimension = 8
      task.model.candidateTower.features[0].dimension = 8
      task.training.epochs = 4
      if let value = settings.first?.value { task.model.temperature = Float(value)! }
      recipe.retrieval = task
      return recipe
    }
  }

  private func tuner(
    _ recipes: [TunableRecipe], trials: Int, log: TuningLog = TuningLog(subject: ""), signal: Int32? = nil,
    report: @escaping (Tuner.Progress) -> Void = { _ in }
  ) -> Tuner {
    Tuner(
      recipes, dataset: dataset, split: split, seed: 1, limit: Tuner.Limit(trials: trials), log: log,
      stopSignal: { signal }, report: report)
  }

  @Test func findsBetterSettingsThanTheRecipeHas() throws {
    var told: [Tuner.Progress] = []
    var tuner = tuner([neighbors()], trials: 30) { told.append($0) }
    let result = try tuner.run()
    // All eight points and no more: there is nothing else to try.
    #expect(told.count == 8 && Set(told.map(\.trial.settings)).count == 8)
    let values = told.compactMap(\.trial.value)
    #expect(told[0].trial.settings.isEmpty && result.value == values.max() && result.value > values[0])
    #expect(told.map(\.number) == Array(1...8) && told.last?.best == values.max())
    let best = try #require(told.first { $0.trial.value == result.value })
    #expect(result.parts.map(\.settings) == [best.trial.settings])
    let model = try #require(result.recipe.baseline?.model as? ItemNeighbors.Settings)
    #expect(best.trial.settings.contains("exponent=\(model.itemExponent)") || model.itemExponent == 2)
  }

  @Test func shortFitsComeFirstAndTheBetterOnesAreLonger() throws {
    var told: [TuningTrial] = []
    var tuner = tuner([towers], trials: 40) { told.append($0.trial) }
    let result = try tuner.run()
    #expect(told.map(\.share) == [1, 0.25, 0.25, 0.5, 1])
    let short = told[1...2].sorted { $0.value! > $1.value! }
    #expect(told[3].settings == short[0].settings && told[4].settings == short[0].settings)
    #expect(result.recipe.retrieval?.training.epochs == 4 && result.recipe.validation.share == 0)
  }

  @Test func aLogIsGoneOnFrom() throws {
    let folder = try TemporaryFolder()
    let path = folder("trials.json")
    func log() throws -> TuningLog { try TuningLog(subject: "these", path: path) }
    var first = tuner([neighbors(), towers], trials: 4, log: try log())
    _ = try first.run()
    #expect(try log().trials.count == 4)
    var told: [Tuner.Progress] = []
    var second = tuner([neighbors(), towers], trials: 9, log: try log()) { told.append($0) }
    let resumed = try second.run()
    #expect(told.map(\.isKnown) == [true, true, true, true, false, false, false, false, false])
    var whole = tuner([neighbors(), towers], trials: 9)
    let expected = try whole.run()
    func outcome(_ trials: [TuningTrial]) -> [String] { trials.map { "\($0.recipe) \($0.settings) \($0.share) \($0.value ?? -1)" } }
    #expect(outcome(resumed.trials) == outcome(expected.trials))
    #expect(resumed.recipe == expected.recipe && resumed.value == expected.value)
    #expect(throws: TuningError.self) { try TuningLog(subject: "others", path: path) }
    try Data("{".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: TuningError.self) { try log() }
  }

  @Test func whatIsBetterTogetherIsBlended() throws {
    var tuner = tuner([neighbors("0.5"), towers], trials: 2)
    let result = try tuner.run()
    let alone = result.trials.compactMap(\.value).max()!
    #expect(result.value >= alone && result.recipe.firstProblem() == nil)
    if result.parts.count == 2 {
      #expect(result.value > alone && result.recipe.baseline?.kind == Blend.kind && result.recipe.retrieval != nil)
    }
  }

  @Test func settingsThatMakeNoRecipeAndModelsThatCannotBeFittedAreNoBetter() throws {
    var ease = TunableRecipe(name: "ease", axes: [.init(path: "x", own: "1", values: ["1", "2"])]) { settings in
      guard settings.isEmpty else { throw RecipeError(place: "here", message: "no") }
      var recipe = Recipe()
      recipe.baseline = BaselineSettings(Popularity.self)
      return recipe
    }
    var first = tuner([ease], trials: 9)
    #expect(try first.run().parts.map(\.settings) == [""])
    ease = TunableRecipe(name: "ease", axes: []) { _ in throw RecipeError(place: "here", message: "no") }
    var second = tuner([ease], trials: 9)
    #expect(throws: RecipeError.self) { _ = try second.run() }
  }

  @Test func aSignalStopsIt() throws {
    var tuner = tuner([towers], trials: 9, signal: 2)
    #expect(throws: TrainingError.self) { _ = try tuner.run() }
  }
}
