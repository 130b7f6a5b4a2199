import ArgumentParser
import Foundation
import TwoTowerDatasets
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerRuns
import TwoTowerTraining

struct Fit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a recipe on data and write the run to a folder.",
    discussion: """
      Examples:
        twotower fit                        the default recipe on the default data
        twotower fit --data DIR --recipe retrieval --output RUN --seed 1 \\
          --train TRAIN.tsv --test TEST.tsv
        twotower fit --data plays.csv --output RUN --user-column user \\
          --item-column track --weight-column plays
        twotower fit --recipe retrieval --epochs 5 --set retrieval.temperature=0.2
        twotower fit --data DIR --holdout 0 all rows train, nothing is measured
        twotower fit --resume RUN           go on after Ctrl-C
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Columns of tables") var tables: TableOptions
  @OptionGroup(title: "Recipe") var recipe: RecipeOptions
  @OptionGroup(title: "Evaluation") var evaluation: EvaluationOptions
  @OptionGroup(title: "Evaluation") var users: UserFiguresOption
  @OptionGroup(title: "Process") var process: ProcessOptions

  @Option(help: ArgumentHelp("Folder to write the run to. Default: Models/ and the recipe's name.", valueName: "run"))
  var output: String?
  @Option(
    help: ArgumentHelp(
      "First tune the recipe, or those that suit the data, for so long: 90s, 10m, 1h.", valueName: "time"))
  var tune: TimeLimit?
  @Flag(help: "Replace the output folder when it is a run already.") var replace = false
  @Option(help: ArgumentHelp("Go on with an interrupted run.", valueName: "run")) var resume: String?
  @Flag(help: "Print every figure, as evaluate does, and not only the first.") var full = false
  @Flag(help: "Print the figures as one JSON object.") var json = false

  func validate() throws {
    if full && json { throw ValidationError("--full and --json are two forms of the output: give one") }
    if resume != nil && (tune != nil || output != nil || replace || data.areGiven || tables.areGiven || recipe.areGiven)
    {
      throw ValidationError(
        "--resume goes on with the run's own data, recipe and folder: only --threads, --full and --json go with it")
    }
  }

  func run() throws {
    Interrupts.catchSignals()
    process.apply()

    var watch = Stopwatch()
    var run: TrainingRun
    if let resume {
      run = try TrainingRun(resuming: resume)
      Terminal.say("resuming \(resume): \(run.recipe.name), seed \(run.recipe.seed)")
    } else {
      var recipe = try recipe.load(tables: tables, data: data)
      let leavesTheChoice = self.recipe.leaveTheChoice
      if !leavesTheChoice || output != nil { try checkFolder(of: recipe) }
      let (dataset, split) = try data.source.load(recipe)
      let reading = watch.lap()
      try Interrupts.check()
      if let tune {
        try checkFolder(of: recipe)
        recipe = try tuned(dataset, split, base: recipe, limit: tune)
      } else if leavesTheChoice && dataset.isPlain {
        recipe.name = "default"
        try checkFolder(of: recipe)
        recipe = try search(dataset, split, base: recipe)
      } else if leavesTheChoice {
        Terminal.say("recipe: \(recipe.name), as there are tags or friends")
        try checkFolder(of: recipe)
      }
      let searching = watch.lap()
      let folder = folder(of: recipe)
      let prepared = try prepare(dataset, split: split, recipe: recipe) { Terminal.say("note: \($0)") }
      let features = watch.lap()
      try Interrupts.check()
      let reranker = try findRerankerAloud(dataset, split, recipe: recipe)
      let reranking = watch.lap()
      run = try TrainingRun(
        folder: folder, recipe: recipe, data: prepared, dataset: dataset.name, files: dataset.files, replaces: replace)
      run.seconds.reading = reading
      run.seconds.search = searching
      run.seconds.features = features
      run.seconds.training += reranking
      run.reranker = reranker
    }

    try run.finishAloud(
      evaluatedUsers: evaluation.evaluateUsers, figures: json ? .json : full ? .all : .summary, userFigures: users)
  }
}

extension Fit {
  private func folder(of recipe: Recipe) -> String { output ?? Home.folder + "/Models/\(recipe.name)" }

  /// Refuses a folder that could not be written in the end.
  private func checkFolder(of recipe: Recipe) throws {
    let folder = folder(of: recipe)
    if !replace && Manifest.exists(in: folder) {
      throw Failure(.cannotWrite, "\(folder): there is a run already: add --replace, or choose another --output")
    }
    try checkRunFolder(folder, replacing: replace)
  }

  /// The recipe with the best settings that are found in so long, or the best of those that suit the data.
  private func tuned(_ dataset: Dataset, _ split: Split, base: Recipe, limit: TimeLimit) throws -> Recipe {
    let names = recipe.recipe.map { [$0] } ?? TuningRecipes.names(for: dataset)
    let recipes = try TuningRecipes(names, settings: recipe.changes(tables: tables, data: data))
    let result = try Tuner.runAloud(
      recipes, dataset: dataset, split: split, seed: base.seed, limit: Tuner.Limit(seconds: limit.seconds),
      log: TuningLog(subject: ""))
    for line in TuningTable.lines(result) { Terminal.say(line) }
    var found = result.recipe
    found.name = recipe.recipe == nil ? "tuned" : base.name
    return found
  }

  /// The recipe that a plain table gets, searched aloud.
  private func search(_ dataset: Dataset, _ split: Split, base: Recipe) throws -> Recipe {
    Terminal.say(
      "recipe: none named, and nothing is known but who has what: looking for the best of the models that suit it, by "
        + "NDCG@20 on \(heldOutTenth(of: split, dataset, seed: base.seed))")
    var kind = ""
    func report(_ event: SearchEvent) throws {
      try Interrupts.check()
      switch event {
      case .trial(let trial, let settings, let value):
        if trial != kind { Terminal.say("  \(trial)") }
        kind = trial
        let names = settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        Terminal.say("    \(formatted(value, digits: 4))  \(names)")
      case .confirming: Terminal.say("  the best of each once more, on another tenth")
      case .blended(let members, let value):
        let parts = members.map { "\($0.weight) × \($0.kind)" }.joined(separator: " + ")
        Terminal.say("  blend of the best\n    \(formatted(value, digits: 4))  \(parts)")
      }
    }
    do {
      let recipe = try searchedRecipe(
        dataset, split: split, base: base, stopSignal: { Interrupts.pending }, report: report)
      let chosen = [recipe.retrieval.map { _ in "two towers" }, recipe.baseline?.kind].compactMap(\.self)
        .joined(separator: " in a ")
      Terminal.say("chosen: \(chosen); fitted on all training rows now")
      return recipe
    } catch TrainingError.interrupted(let signal) { throw Interrupted(signal: signal) }
  }
}
