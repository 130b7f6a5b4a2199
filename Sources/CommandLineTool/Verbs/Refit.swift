import ArgumentParser
import TwoTowerDatasets
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerRuns
import TwoTowerTraining

struct Refit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a measured run's recipe again on all rows, to be used.",
    discussion: """
      Examples:
        twotower fit --data DIR --recipe retrieval --output RUN    30 % held out
        twotower evaluate RUN                                      how good it is
        twotower refit RUN --data DIR --output ALL                 nothing held out
        twotower recommend ALL --user 2

      Training, validation and test rows of the run all train, by the recipe that the run has; where validation rows \
      said when to stop, for the epochs that they found. Features are fitted again, so the files that the run was made \
      of are needed: name them as for fit. Files that have changed since are refused. Nothing of the new run can be \
      measured: the figures of the measured one stand for it.
      """)

  @Argument(help: ArgumentHelp("The folder that fit wrote.", valueName: "run")) var path: String
  @Option(help: ArgumentHelp("The data, as for fit.", valueName: "path")) var data: String?
  @Option(help: ArgumentHelp("Rows that the run was trained on, where fit was told.", valueName: "file"))
  var train: String?
  @Option(help: ArgumentHelp("Rows that the run was measured on, where fit was told.", valueName: "file"))
  var test: String?
  @Option(help: ArgumentHelp("Folder to write the new run to. Default: that of the run, with -all.", valueName: "run"))
  var output: String?
  @Flag(help: "Replace the output folder when it is a run already.") var replace = false
  @OptionGroup(title: "Process") var process: ProcessOptions
  @Flag(help: "Print what the fit took as one JSON object.") var json = false

  func validate() throws {
    if train == nil && test != nil { throw ValidationError("--test needs the rows to train on: give --train too") }
  }

  func run() throws {
    Interrupts.catchSignals()
    process.apply()
    var watch = Stopwatch()
    let measured = try RunFolder(opening: path)
    let record = try measured.record()
    let recipe = try recipe(of: measured, record)
    let folder = output ?? withoutTrailingSlashes(path) + "-all"
    if !replace && Manifest.exists(in: folder) {
      throw Failure(.cannotWrite, "\(folder): there is a run already: add --replace, or choose another --output")
    }
    try checkRunFolder(folder, replacing: replace)

    var (dataset, split) = try DataSource(data: data, train: train, test: test).load(recipe)
    guard dataset.files.map(\.sha256) == record.files.map(\.sha256) else {
      throw Failure(.badData, "\(path): \(Self.difference(of: dataset, from: record))")
    }
    split = split.trainingOnAll
    let reading = watch.lap()
    try Interrupts.check()
    Terminal.say("fitting \(recipe.name) on all \(grouped(split.train.count)) rows")
    let prepared = try prepare(dataset, split: split, recipe: recipe) { Terminal.say("note: \($0)") }
    let features = watch.lap()
    try Interrupts.check()
    let reranker = try findRerankerAloud(dataset, split, recipe: recipe)
    let reranking = watch.lap()
    var run = try TrainingRun(
      folder: folder, recipe: recipe, data: prepared, dataset: dataset.name, files: dataset.files, replaces: replace)
    run.seconds.reading = reading
    run.seconds.features = features
    run.seconds.training += reranking
    run.reranker = reranker
    try run.finishAloud(evaluatedUsers: nil, figures: json ? .json : .summary)
  }

  /// The recipe of a measured run, with nothing held out and the epochs that were found best.
  private func recipe(of run: RunFolder, _ record: RunRecord) throws -> Recipe {
    guard record.isFinished else {
      throw Failure(.badData, "\(path): the run is not finished: go on with twotower fit --resume \(path)")
    }
    let heldOut = ["validation_rows", "test_rows", "hidden_rows"].reduce(0) { $0 + record.counts[$1, default: 0] }
    guard heldOut > 0 else {
      throw Failure(.usage, "\(path): the run was trained on all of its rows already: nothing to refit")
    }
    let measured = try RecipeReader(text: run.recipe(), name: "\(path)/recipe.yaml").recipe()
    let epochs = bestEpochs(history: try run.history())
    for (phase, epoch) in epochs.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      Terminal.say("\(phase.rawValue): validation rows were served best after epoch \(epoch)")
    }
    return measured.onAllRows(epochs: epochs)
  }

  /// What is other about files that are not those of the run.
  private static func difference(of dataset: Dataset, from record: RunRecord) -> String {
    let known = Set(record.files.map(\.sha256))
    if let other = dataset.files.first(where: { !known.contains($0.sha256) }) {
      return "\(other.name) is not a file that the run was made of, or has changed since: "
        + "name the run's own files, or fit again"
    }
    let names = record.files.map(\.name).joined(separator: ", ")
    return "the run was made of \(names): name all of them by --data, --train and --test, as for fit"
  }
}
