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
        twotower fit --resume RUN           go on after Ctrl-C
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Columns of tables") var tables: TableOptions
  @OptionGroup(title: "Recipe") var recipe: RecipeOptions
  @OptionGroup(title: "Evaluation") var evaluation: EvaluationOptions
  @OptionGroup(title: "Process") var process: ProcessOptions

  @Option(help: ArgumentHelp("Folder to write the run to. Default: Models/ and the recipe's name.", valueName: "run"))
  var output: String?
  @Flag(help: "Replace the output folder when it is a run already.") var replace = false
  @Option(help: ArgumentHelp("Go on with an interrupted run.", valueName: "run")) var resume: String?
  @Flag(help: "Print the figures as one JSON object.") var json = false

  func validate() throws {
    if resume != nil && (output != nil || replace || data.areGiven || tables.areGiven || recipe.areGiven) {
      throw ValidationError(
        "--resume goes on with the run's own data, recipe and folder: only --threads and --json go with it")
    }
  }

  func run() throws {
    Interrupts.catchSignals()
    process.apply()
    let progress = FitProgress()

    var watch = Stopwatch()
    var run: TrainingRun
    if let resume {
      run = try TrainingRun(resuming: resume)
      Terminal.say("resuming \(resume): \(run.recipe.name), seed \(run.recipe.seed)")
    } else {
      var recipe = try recipe.load(tables: tables, data: data)
      let leavesTheChoice = self.recipe.leaveTheChoice
      if !leavesTheChoice || output != nil { try checkFolder(of: recipe) }
      let (dataset, split) = try data.load(recipe)
      let reading = watch.lap()
      try Interrupts.check()
      if leavesTheChoice && dataset.isPlain {
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
      run = try TrainingRun(
        folder: folder, recipe: recipe, data: prepared, dataset: dataset.name, files: dataset.files, replaces: replace)
      run.seconds.reading = reading
      run.seconds.search = searching
      run.seconds.features = features
    }

    let assessment: Assessment
    let testCount = run.data.test.count
    do {
      assessment = try run.train(
        evaluatedUsers: evaluation.evaluateUsers, stopSignal: { Interrupts.pending }, report: progress.show
      ) {
        progress.clear()
        Terminal.say("evaluating on \(grouped(testCount)) test rows")
      }
    } catch TrainingError.interrupted(let signal) {
      progress.clear()
      Terminal.say("saved: go on with twotower fit --resume \(run.folder)")
      throw Interrupted(signal: signal)
    } catch TrainingError.interruptedBaseline(let signal) {
      progress.clear()
      Terminal.say("nothing is written: a baseline is fitted in one go; run the same command again")
      throw Interrupted(signal: signal)
    } catch {
      progress.clear()
      throw error
    }
    if let signal = Interrupts.pending {
      Terminal.say("the run was complete and is written to \(run.folder)")
      throw Interrupted(signal: signal)
    }
    if json {
      var json = assessment.json.adding("seconds", run.seconds.json)
      if let bytes = peakMemoryBytes() { json = json.adding("peak_memory_bytes", .integer(bytes)) }
      Terminal.print(json.text())
    } else {
      for line in EvaluationTable(assessment).lines { Terminal.print(line) }
    }
    let parts = run.seconds.parts.map { "\($0.name) \(formatted($0.seconds, digits: 2))" }.joined(separator: ", ")
    Terminal.say("run written to \(run.folder) in \(formatted(run.seconds.total, digits: 2)) s: \(parts)")
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

  /// The recipe that a plain table gets, searched aloud.
  private func search(_ dataset: Dataset, _ split: Split, base: Recipe) throws -> Recipe {
    Terminal.say(
      "recipe: none named, and nothing is known but who has what: looking for the best of the models that suit it, by "
        + "NDCG@20 on a tenth of the training rows")
    var kind = ""
    func report(_ event: SearchEvent) throws {
      try Interrupts.check()
      switch event {
      case .trial(let trial, let settings, let value):
        if trial != kind { Terminal.say("  \(trial)") }
        kind = trial
        let names = settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        Terminal.say("    \(formatted(value, digits: 4))  \(names)")
      case .blended(let members, let value):
        let parts = members.map { "\($0.weight) × \($0.kind)" }.joined(separator: " + ")
        Terminal.say("  blend of the best\n    \(formatted(value, digits: 4))  \(parts)")
      case .towers(nil): Terminal.say("  two towers")
      case .towers(let value?): Terminal.say("    \(formatted(value, digits: 4))")
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

/// Shows training as it goes.
final class FitProgress {
  private var bar = ProgressBar()
  private var started = Date()
  private var epochStarted = Date()
  private var reported = Date()

  func show(_ event: TrainingEvent) {
    switch event {
    case .phaseStarted(let phase, let epochs, let rows, let parameters):
      bar.clear()
      bar = ProgressBar()
      started = Date()
      epochStarted = started
      reported = started
      Terminal.say(
        "training \(phase.rawValue): \(grouped(rows)) rows, \(epochs) epochs, \(grouped(parameters)) parameters")
    case .step(_, let epoch, let epochs, let rowsDone, let rowsInEpoch, let loss):
      let fraction = (Double(epoch - 1) + Double(rowsDone) / Double(rowsInEpoch)) / Double(epochs)
      let rate = Double(rowsDone) / max(1e-9, Date().timeIntervalSince(epochStarted))
      bar.update(
        "epoch \(epoch)/\(epochs)", fraction: fraction,
        detail: "loss \(formatted(loss, digits: 4))  \(grouped(Int(rate))) rows/s")
    case .epochEnded(let record, let epochs):
      if record.phase == .matrixFactorization {
        if let figures = record.factorization { show(figures, epoch: record.epoch, of: epochs) }
        epochStarted = Date()
        return
      }
      bar.clear()
      let validation = record.validation.map { "  validation \(formatted($0, digits: 4))" } ?? ""
      let seconds = Date().timeIntervalSince(epochStarted)
      Terminal.say(
        "epoch \(record.epoch)/\(epochs)  loss \(formatted(record.loss, digits: 4))\(validation)  "
          + "\(formatted(seconds, digits: 2)) s")
      epochStarted = Date()
    case .baselineStarted(let kind, let rows, let memory):
      bar = ProgressBar()
      started = Date()
      let size = memory < 100_000_000 ? "" : ", holding \(gigabytes(memory))"
      Terminal.say("fitting \(kind): \(grouped(rows)) rows, in one go\(size): Ctrl-C writes nothing")
    case .baselineIteration(let done, let count):
      bar.update("iteration \(done)/\(count)", fraction: Double(done) / Double(count), detail: "")
    case .baselineFitted(let parameters, let validation):
      bar.clear()
      let score = validation.map { "  validation \(formatted($0, digits: 4))" } ?? ""
      let seconds = formatted(Date().timeIntervalSince(started), digits: 2)
      Terminal.say("fitted \(grouped(parameters)) numbers\(score)  \(seconds) s")
    case .stoppedEarly(_, let bestEpoch):
      Terminal.say("no better epoch for a while: stopped, keeping epoch \(bestEpoch)")
    }
  }

  /// A line of a matrix factorisation, whose epochs take milliseconds and are reported every so many.
  private func show(_ figures: FactorizationFigures, epoch: Int, of epochs: Int) {
    bar.clear()
    let test = figures.testError.map { "  test \(formatted($0, digits: 4))" } ?? ""
    Terminal.say(
      "epoch \(epoch)/\(epochs)  train error \(formatted(figures.trainError, digits: 4))\(test)  "
        + "regularisation \(formatted(figures.regularizationLoss, digits: 4))  "
        + "gravity \(formatted(figures.gravityLoss, digits: 4))  "
        + "\(formatted(Date().timeIntervalSince(reported), digits: 2)) s")
    reported = Date()
  }

  func clear() { bar.clear() }
}
