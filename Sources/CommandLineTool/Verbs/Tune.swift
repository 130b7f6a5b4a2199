import ArgumentParser
import Foundation
import TwoTowerDatasets
import TwoTowerFiles
import TwoTowerRecipes
import TwoTowerRuns
import TwoTowerTraining

struct Tune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find settings that suit your data, and fit the best.",
    discussion: """
      Examples:
        twotower tune --data plays.csv --time 10m --output tuned
        twotower tune plain implicit-als --data plays.csv --trials 40
        twotower recommend tuned/run --user ID

      Settings are tried on a tenth of the training rows, held out by the seed: first each recipe as it is, then values \
      that the recipes' sections 'tune' name, short fits first and the better of them longer. The best recipes are \
      blended where that is better still. What was found is written as OUTPUT/recipe.yaml and fitted on all training \
      rows as the run OUTPUT/run; only then are test rows looked at, once. After Ctrl-C, the same command goes on from \
      OUTPUT/trials.json.
      """)

  @Argument(
    help: ArgumentHelp(
      "Recipes: files, or names of those in Models/. Default: those that suit the data.", valueName: "recipe"))
  var recipes: [String] = []
  @Option(help: ArgumentHelp("Stop after so long: 90s, 10m, 1h. Default: 10m, without --trials.", valueName: "time"))
  var time: TimeLimit?
  @Option(help: ArgumentHelp("Stop after so many fits.", valueName: "count")) var trials: Int?
  @Option(help: "Seed of the rows held out, the proposals and the fits.") var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Folder for what is found. Default: Models/tuned.", valueName: "folder"))
  var output: String?
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Columns of tables") var tables: TableOptions
  @OptionGroup(title: "Evaluation") var evaluation: EvaluationOptions
  @OptionGroup(title: "Process") var process: ProcessOptions
  @Flag(help: "Print every figure of the best, as evaluate does, and not only the first.") var full = false
  @Flag(help: "Print the trials and what they found as one JSON object, without fitting the best.") var json = false

  func validate() throws {
    if let trials, trials < 1 { throw ValidationError("--trials is \(trials), expected at least 1") }
    if full && json { throw ValidationError("--full and --json are two forms of the output: give one") }
    for (place, recipe) in recipes.enumerated() where recipes[..<place].contains(recipe) {
      throw ValidationError("\(recipe) is given twice: give each recipe once")
    }
  }

  func run() throws {
    Interrupts.catchSignals()
    process.apply()
    let folder = output ?? Home.folder + "/Models/tuned"
    let log = folder + "/trials.json"
    try checkFolder(folder, log: log)
    let settings =
      (tables.settings + data.settings).map { (path: $0.path, value: $0.value, origin: "--" + $0.path.dropFirst(5)) }
      + [(path: "seed", value: "\(seed)", origin: "--seed")]
    // The first recipe says how the data is read; without one, what is read says which recipes suit it.
    let reading = try TuningRecipes(recipes.isEmpty ? ["plain"] : recipes, settings: settings)
    let (dataset, split) = try data.source.load(try reading.readers[0].reader.recipe())
    try Interrupts.check()
    let chosen = recipes.isEmpty ? try TuningRecipes(TuningRecipes.names(for: dataset), settings: settings) : reading
    try makeFolder(folder)
    let limit = Tuner.Limit(seconds: time?.seconds ?? (trials == nil ? 600 : nil), trials: trials)
    let result: Tuner.Result
    do {
      result = try Tuner.runAloud(
        chosen, dataset: dataset, split: split, seed: seed, limit: limit,
        log: try TuningLog(subject: chosen.subject(dataset, split: split, seed: seed), path: log))
    } catch let interrupted as Interrupted {
      Terminal.say("saved: the same command goes on from \(log)")
      throw interrupted
    }
    try AtomicFiles.write(try result.recipe.yaml, to: folder + "/recipe.yaml")
    if json {
      Terminal.print(TuningTable.json(result).text())
      Terminal.say("written: \(folder)/recipe.yaml")
      return
    }
    for line in TuningTable.lines(result) { Terminal.print(line) }
    Terminal.say("written: \(folder)/recipe.yaml; fitted on all training rows now")
    let prepared = try prepare(dataset, split: split, recipe: result.recipe) { Terminal.say("note: \($0)") }
    var run = try TrainingRun(
      folder: folder + "/run", recipe: result.recipe, data: prepared, dataset: dataset.name, files: dataset.files,
      replaces: true)
    try run.finishAloud(evaluatedUsers: evaluation.evaluateUsers, figures: full ? .all : .summary)
  }

  /// Refuses a folder that holds something else, or cannot be written.
  private func checkFolder(_ folder: String, log: String) throws {
    guard PathKind(folder) != .nothing else { return try checkRunFolder(folder, replacing: false) }
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? ["a file"]
    if !entries.isEmpty && PathKind(log) == .nothing {
      throw Failure(
        .cannotWrite, "\(folder): found \(entries.count) entries and no trials.json: choose another --output")
    }
  }

  private func makeFolder(_ folder: String) throws {
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      throw Failure(.cannotWrite, "\(folder): cannot write: \(systemErrorText())")
    }
  }
}
