import TwoTowerDatasets
import TwoTowerFiles
import TwoTowerRecipes
import TwoTowerRuns
import TwoTowerTraining

/// What a comparison fits and measures, read and checked before the first fit.
struct ComparisonPlan {
  /// A recipe to fit with every seed.
  struct PlannedRecipe {
    var label: String
    var recipe: Recipe
    /// What the recipe was read by.
    var reader: RecipeReader
    /// How long it is tuned before it is fitted; nil to fit it as it is.
    var tuning: TuningBudget?
    /// What that has found.
    var tuned: TunedSettings?
  }

  /// A run to measure.
  struct PlannedRun {
    var label: String
    var path: String
    /// How its recipe scales labels.
    var labels: String
  }

  enum Model {
    case recipe(PlannedRecipe)
    case run(PlannedRun)
  }

  let source: DataSource
  let seeds: Int
  /// Settings of all recipes that options of the data stand for.
  var tableSettings: [(path: String, value: String)] = []
  /// Options of every fit and evaluation.
  var options: [String] = []
  var threads: Int?
  private(set) var models: [Model] = []
  /// What was read, where recipes are fitted.
  private(set) var files: [FileDigest] = []

  init(source: DataSource, seeds: Int) {
    self.source = source
    self.seeds = seeds
  }

  var recipes: [PlannedRecipe] { models.compactMap { if case .recipe(let recipe) = $0 { recipe } else { nil } } }
  var runs: [PlannedRun] { models.compactMap { if case .run(let run) = $0 { run } else { nil } } }
  /// The seeds that recipes are fitted with; none where there are runs alone.
  var fittedSeeds: [UInt64] { recipes.isEmpty ? [] : (1...seeds).map(UInt64.init) }

  /// Reads the recipes, with one way of reading and splitting the data, the first one's, and what the runs are.
  ///
  /// - Parameters:
  ///   - settings: those of `--set`.
  ///   - tuning: those of `--tune`.
  mutating func load(_ arguments: [String], settings: [String], tuning: [TuningBudget]) throws {
    var compared = try arguments.map(ComparedModel.init)
    var shared: [(path: String, value: String)] = []
    for text in settings {
      let (name, setting) = try ComparedModel.sharedSetting(text)
      guard let name else {
        shared.append(setting)
        continue
      }
      let places = compared.indices.filter {
        !compared[$0].isRun && [compared[$0].name, compared[$0].argument].contains(name)
      }
      guard !places.isEmpty else {
        throw Failure(.usage, "--set \(text): found no recipe '\(name)' among \(arguments.joined(separator: ", "))")
      }
      for place in places { compared[place].add(setting) }
    }
    for model in compared {
      let label = labels.contains(model.label) ? model.argument : model.label
      switch model.kind {
      case .run(let path): models.append(.run(try plannedRun(path, label: label)))
      case .recipe(let path):
        models.append(.recipe(try plannedRecipe(path, label: label, settings: shared + model.settings)))
      }
    }
    try setTuning(tuning, names: compared.filter { !$0.isRun }.map { [$0.name, $0.argument] })
  }

  /// Has a recipe tuned before it is fitted.
  mutating func tune(_ label: String, _ budget: TuningBudget) { change(label) { $0.tuning = budget } }

  /// Fits what tuning has found in place of a recipe.
  mutating func take(_ tuned: TunedSettings, of label: String, recipe: Recipe) {
    change(label) { ($0.tuned, $0.recipe) = (tuned, recipe) }
  }

  mutating func leaveOut(_ label: String) {
    models.removeAll { if case .recipe(let recipe) = $0 { recipe.label == label } else { false } }
  }

  private mutating func change(_ label: String, _ change: (inout PlannedRecipe) -> Void) {
    for (place, model) in models.enumerated() {
      guard case .recipe(var recipe) = model, recipe.label == label else { continue }
      change(&recipe)
      models[place] = .recipe(recipe)
    }
  }

  private var labels: [String] {
    models.map { model in
      switch model {
      case .recipe(let recipe): recipe.label
      case .run(let run): run.label
      }
    }
  }

  private func plannedRecipe(
    _ path: String, label: String, settings: [(path: String, value: String)]
  ) throws -> PlannedRecipe {
    var reader = try RecipeReader(text: readText(path, expected: "a recipe in YAML"), name: path)
    for (key, value) in settings { try reader.set(key, to: value, origin: "\(key)=\(value)") }
    for (key, value) in tableSettings { try reader.set(key, to: value, origin: "--" + key.dropFirst(5)) }
    let first = recipes.first
    if let first, !tableSettings.contains(where: { $0.path == "data.holdout" }) {
      try reader.set("data.holdout", to: "\(first.recipe.data.holdout)", origin: "--holdout")
    }
    try reader.set("data.holdout-seed", to: "1", origin: "--seeds")
    let recipe = try reader.recipe()
    if let first, first.recipe.data != recipe.data {
      throw Failure(
        .badData, "\(path): its section 'data' is not that of \(first.label): expected recipes that read the same rows")
    }
    return PlannedRecipe(label: label, recipe: recipe, reader: reader)
  }

  private func plannedRun(_ path: String, label: String) throws -> PlannedRun {
    let folder = try RunFolder(opening: path)
    guard try folder.record().isFinished else {
      throw Failure(.badData, "\(path): the run is not finished: go on with twotower fit --resume \(path)")
    }
    let recipe = try RecipeReader(text: folder.recipe(), name: "\(path)/recipe.yaml").recipe()
    return PlannedRun(label: label, path: path, labels: recipe.labels.rawValue)
  }

  /// Reads the data and makes what each recipe would be fitted on: whatever a fit would refuse is refused now, and so is
  /// a run on other rows.
  ///
  /// - Returns: the data that recipes are fitted on; nil where there are runs alone.
  mutating func check() throws -> (dataset: Dataset, split: Split)? {
    var data: (dataset: Dataset, split: Split)?
    var rows: (ComparedRows, of: String)?
    if let first = recipes.first {
      let (dataset, split) = try source.load(first.recipe)
      if split.test.isEmpty && split.hidden.isEmpty {
        throw Failure(.usage, "no row is held out to compare on: set data.holdout, or give --train and --test")
      }
      files = dataset.files
      data = (dataset, split)
      for planned in recipes {
        try Interrupts.check()
        do {
          _ = try TrainingRun(
            folder: "", recipe: planned.recipe, data: prepare(dataset, split: split, recipe: planned.recipe),
            dataset: dataset.name, files: [], replaces: false)
        } catch {
          let (message, status) = describe(error)
          throw Failure(ExitStatus(rawValue: status) ?? .defect, "\(planned.label): \(message)")
        }
      }
      if !runs.isEmpty { rows = (ComparedRows(dataset, split: split), first.label) }
    }
    for run in runs {
      try Interrupts.check()
      let own = ComparedRows(try RunFolder(opening: run.path).data())
      guard own.areMeasured else {
        throw Failure(
          .badData, "\(run.path): the run was trained on all of its rows: there is nothing to compare it on")
      }
      if let (others, name) = rows, let difference = own.difference(from: others) {
        throw Failure(
          .badData,
          "\(run.path): \(difference) are not those of \(name): expected runs and recipes on one split"
            + (recipes.isEmpty ? "" : " (recipes hold out by data.holdout-seed 1, or by --train and --test)"))
      }
      if rows == nil { rows = (own, run.label) }
    }
    try Interrupts.check()
    Terminal.say(
      "comparing \(labels.joined(separator: ", "))"
        + (recipes.isEmpty ? "" : " with \(seeds) seed\(seeds == 1 ? "" : "s")"))
    return data
  }
}
