import Autodiff
import Datasets
import Evaluation
import Features
import Files
import Recommenders
import Runs

/// A run from prepared data to a written folder, which an interruption leaves ready to be resumed.
package struct TrainingRun {
  package let folder: String
  package let recipe: Recipe
  package let data: TowerData
  /// What the run took so far; the caller adds what it did before.
  package var seconds = FitSeconds()
  private let models: ModelSet
  /// What retrieves, once it is fitted.
  private var recommender: (any Recommender)?
  private var record: RunRecord
  /// Whether the folder may hold an older run, or this one's earlier state.
  private var replaces: Bool
  private var state = TrainingState()

  /// - Throws: `TowerError` when the recipe's towers do not fit the data or each other, `BaselineError` when its
  ///   baseline cannot be fitted on the data.
  package init(
    folder: String, recipe: Recipe, data: TowerData, dataset: String, files: [FileDigest], replaces: Bool
  ) throws {
    self.folder = folder
    self.recipe = recipe
    self.data = data
    self.replaces = replaces
    var watch = Stopwatch()
    models = try ModelSet(recipe.models, data: data)
    try recipe.baseline?.check(for: data)
    seconds.training += watch.lap()
    var counts = [
      "users": data.userCount, "items": data.itemCount, "training_rows": data.training.count,
      "validation_rows": data.validation.count, "test_rows": data.test.count,
    ]
    if data.hidden.count > 0 {
      counts.merge(["given_rows": data.given.count, "hidden_rows": data.hidden.count]) { $1 }
    }
    record = RunRecord(
      isFinished: false, dataset: dataset, files: files, seed: recipe.seed,
      counts: counts)
  }

  /// Opens an interrupted run.
  ///
  /// - Throws: `CheckpointError`, or `TrainingError.nothingToResume` when there is nothing left to do.
  package init(resuming path: String) throws {
    let saved = try RunFolder(opening: path)
    try saved.verify()
    record = try saved.record()
    guard !record.isFinished else { throw TrainingError.nothingToResume(path) }
    folder = path
    recipe = try RecipeReader(text: saved.recipe(), name: "\(path)/recipe.yaml").recipe()
    data = try saved.data()
    try recipe.checkValidationMetric(candidateCount: data.itemCount)
    var watch = Stopwatch()
    models = try ModelSet(recipe.models, data: data) { try saved.shape(ofWeights: $0) }
    seconds.training += watch.lap()
    state = try TrainingState(saved.trainingState(), recipe: recipe, models: models, data: data)
    replaces = true
  }

  /// Trains to the end and returns the figures, with the run written; a signal leaves the run saved to go on with.
  ///
  /// - Parameters:
  ///   - stopSignal: asked before every step; a signal's number to stop for.
  ///   - evaluatedUsers: evaluates so many users, drawn at random; nil for all with test rows.
  ///   - evaluating: called when training is done and evaluation begins.
  /// - Throws: `TrainingError.interrupted` after saving; nothing is written for other errors. A baseline is not saved
  ///   half-fitted: a signal that comes meanwhile is `TrainingError.interruptedBaseline`.
  package mutating func train(
    evaluatedUsers: Int? = nil, stopSignal: @escaping () -> Int32?, report: @escaping (TrainingEvent) -> Void,
    evaluating: () -> Void
  ) throws -> Assessment {
    var watch = Stopwatch()
    recommender = try fitBaseline(stopSignal: stopSignal, report: report)
    var trainer = Trainer(recipe: recipe, data: data, models: models)
    trainer.report = report
    trainer.stopSignal = stopSignal
    var hasSaved = false
    trainer.checkpoint = { [self] state in
      try save(state, replacing: replaces || hasSaved)
      hasSaved = true
    }
    do { try trainer.run(from: &state) } catch let error as TrainingError {
      if case .interrupted = error {
        try save(state, replacing: replaces || hasSaved)
        replaces = true
      }
      throw error
    }
    seconds.training += watch.lap()
    recommender = recommender ?? models.recommender(on: data)
    evaluating()
    let assessment = try assess(
      data, recommender: recommender, models: models, seed: recipe.seed, userLimit: evaluatedUsers)
    seconds.evaluation += watch.lap()
    var contents = try contents(state)
    contents.record.isFinished = true
    contents.vectors = try recommender?.vectors(
      foldingIn: data.encoder.encode(histories: data.givenHistory))
    contents.metrics = assessment.json.text() + "\n"
    try contents.write(to: folder, replacing: replaces || hasSaved)
    seconds.writing += watch.lap()
    return assessment
  }

  /// The recipe's baseline; nil without one.
  ///
  /// It takes seconds, and a resumed run fits the same one again.
  private func fitBaseline(
    stopSignal: () -> Int32?, report: (TrainingEvent) -> Void
  ) throws -> (any Recommender)? {
    guard let settings = recipe.baseline else { return nil }
    func goOn() throws {
      if let signal = stopSignal() { throw TrainingError.interruptedBaseline(signal: signal) }
    }
    try goOn()
    report(.baselineStarted(kind: settings.kind, rows: data.training.count))
    let model = try settings.fit(on: data, seed: recipe.seed) { done, count in
      report(.baselineIteration(done: done, of: count))
      try goOn()
    }
    try goOn()
    let validation =
      data.validation.count == 0
      ? nil : try data.validationScore(model.scorer, metric: recipe.validation.metric)
    report(.baselineFitted(parameters: model.parameterCount, validation: validation))
    return model
  }

  private func save(_ state: TrainingState, replacing: Bool) throws {
    var contents = try contents(state)
    contents.training = try state.saved
    try contents.write(to: folder, replacing: replacing)
  }

  private func contents(_ state: TrainingState) throws -> RunContents {
    var contents = RunContents(
      record: record, recipe: try recipe.yaml, settings: recipe.models, data: data, parameters: state.parameters,
      history: state.progress.historyTable)
    contents.recommender = recommender
    let fitted = recipe.baseline == nil ? 0 : recommender?.parameterCount ?? 0
    contents.record.counts["parameters"] = models.parameters.reduce(fitted) { $0 + $1.value.count }
    contents.record.counts["recommender_parameters"] = recommender?.parameterCount
    return contents
  }
}
