import ArgumentParser
import TwoTowerDatasets
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerRuns
import TwoTowerTraining

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit several recipes on one split, beside finished runs, and print one table.",
    discussion: """
      Examples:
        twotower compare popularity ease retrieval --data DIR
        twotower compare ease retrieval --data DIR --train TRAIN.tsv \\
          --test TEST.tsv --seeds 3 --markdown > table.md
        twotower compare retrieval retrieval:retrieval.temperature=0.1
        twotower compare ease retrieval --set retrieval:retrieval.training.epochs=5
        twotower compare ease implicit-als --tune 1m --tune ease:30s
        twotower compare RUN1 RUN2
        twotower compare ease retrieval --data DIR --output FITS

      Each recipe is fitted once for every seed, each time by a process of its own, so that seconds and memory are the \
      fit's own; the rows held out are the same for all. All recipes and the data are checked before the first fit. \
      Settings behind a colon are of this recipe alone, several with commas between; --set is of all recipes, or of \
      the one that it names. Runs are measured as they are: they must have been fitted on the same split.

      --tune looks for the best settings of each recipe before it is fitted, by the values that its section 'tune' names, \
      on a tenth of the training rows; test rows are not looked at. A recipe without such values is fitted as it is. The \
      table says what was found.

      Every model is compared with the first one user by user: the difference, its 95 % interval and p by bootstrap.

      The runs are not kept. With --output, what each fit came to is: Ctrl-C prints the table of the finished fits, and \
      the same command goes on where it stopped. --json prints every figure of every fit, the table only some of them.
      """)

  @Argument(
    help: ArgumentHelp("Recipes (files, or names of those in Models/), and folders of runs.", valueName: "model"))
  var models: [String]
  @Option(help: ArgumentHelp("Fit with the seeds 1 to this.", valueName: "count")) var seeds = 3
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Change one setting of all recipes, or of one: ease:baseline.regularization=100; may be repeated.",
      valueName: "[recipe:]key=value"))
  var settings: [String] = []
  @Option(
    name: .customLong("tune"), parsing: .singleValue,
    help: ArgumentHelp(
      "First tune all recipes for so long each (90s, 10m, 1h) or by so many trials (20), or one: ease:30s; may be repeated.",
      valueName: "[recipe:]time|count"))
  var tuning: [TuningBudget] = []
  @Option(help: ArgumentHelp("Keep what each fit came to in this folder, and find it there again.", valueName: "dir"))
  var output: String?
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Columns of tables") var tables: TableOptions
  @OptionGroup(title: "Evaluation") var evaluation: EvaluationOptions
  @OptionGroup(title: "Process") var process: ProcessOptions
  @Flag(help: "Print the table in Markdown.") var markdown = false
  @Flag(help: "Print one JSON object with every figure.") var json = false

  func validate() throws {
    if !(1...1000).contains(seeds) { throw ValidationError("--seeds is \(seeds), expected 1 to 1000") }
    if data.train != nil && data.test == nil || data.holdout == 0 {
      throw ValidationError(
        "a comparison needs rows to measure on: give --test beside --train, or a share to --holdout")
    }
    if markdown && json { throw ValidationError("--markdown and --json are two forms of the output: give one") }
    for (place, model) in models.enumerated() where models[..<place].contains(model) {
      throw ValidationError("\(model) is given twice: give each recipe and run once")
    }
    for setting in settings where !setting.dropFirst().contains("=") {
      throw ValidationError("--set expects key=value or recipe:key=value, found '\(setting)'")
    }
  }

  func run() throws {
    Interrupts.catchSignals()
    process.apply()
    var plan = ComparisonPlan(source: data.source, seeds: seeds)
    plan.tableSettings = tables.settings + data.settings
    plan.options += evaluation.evaluateUsers.map { ["--evaluate-users", "\($0)"] } ?? []
    plan.threads = process.threads
    try plan.load(models, settings: settings, tuning: tuning)
    let kept = try output.map(KeptFits.init(in:))
    let failures = try tune(&plan, kept: kept)

    let fits = FitsOfComparison(plan: plan, kept: kept)
    var interruption: (any Error)?
    do { try fits.run() } catch let error as Interrupted { interruption = error }
    let entries = fits.entries
    if !entries.isEmpty {
      show(
        Comparison(seeds: plan.fittedSeeds, entries: entries),
        hasPopularity: plan.recipes.contains { $0.recipe.baseline?.kind == Popularity.kind })
    }
    if let interruption {
      sayWhatIsKept()
      throw interruption
    }
    if let first = (failures + fits.failures).first { throw first }
  }

  /// Checks the plan and tunes what is to be tuned; the data is not needed after that.
  private func tune(_ plan: inout ComparisonPlan, kept: KeptFits?) throws -> [Failure] {
    let data = try plan.check()
    guard !tuning.isEmpty, let data else { return [] }
    var tuning = TuningOfComparison(kept: kept)
    do { try tuning.run(&plan, dataset: data.dataset, split: data.split) } catch let error as Interrupted {
      sayWhatIsKept()
      throw error
    }
    return tuning.failures
  }

  private func sayWhatIsKept() {
    let what = tuning.isEmpty ? "finished fits" : "finished trials and fits"
    Terminal.say(
      output.map { "\(what) are kept in \($0): the same command goes on" }
        ?? "\(what) are not kept: --output FOLDER would keep them")
  }

  private func show(_ comparison: Comparison, hasPopularity: Bool) {
    if json {
      Terminal.print(comparison.json.text())
      return
    }
    let table = ComparisonTable(comparison, hasPopularity: hasPopularity)
    for line in markdown ? table.markdown : table.lines { Terminal.print(line) }
  }
}
