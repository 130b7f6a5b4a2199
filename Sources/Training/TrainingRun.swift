import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerRuns

/// A run from prepared data to a written folder, which an interruption leaves ready to be resumed.
package struct TrainingRun {
  package let folder: String
  /// What the run took so far; the caller adds what it did before.
  package var seconds = FitSeconds()
  private var fit: ModelFit
  private let record: RunRecord
  private let recipeText: String
  /// Whether the folder may hold an older run, or this one's earlier state.
  private var replaces: Bool

  package var recipe: Recipe { fit.recipe }
  package var data: TowerData { fit.data }
  /// How lists are reranked; nil where they are not.
  package var reranker: Reranker? {
    get { fit.reranker }
    set { fit.reranker = newValue }
  }

  /// - Parameter recipeText: the recipe as the folder is to have it.
  /// - Throws: `TowerError` when the recipe's towers do not fit the data or each other, `BaselineError` when its
  ///   baseline cannot be fitted on the data.
  package init(
    folder: String, recipe: Recipe, recipeText: String, data: TowerData, dataset: String, files: [FileDigest],
    replaces: Bool
  ) throws {
    self.folder = folder
    self.recipeText = recipeText
    self.replaces = replaces
    var watch = Stopwatch()
    fit = try ModelFit(recipe, on: data)
    seconds.training += watch.lap()
    record = RunRecord(dataset: dataset, files: files, seed: recipe.seed, data: data)
  }

  /// Opens an interrupted run.
  ///
  /// - Parameter read: the recipe of a text; `name` is what messages call the file.
  /// - Throws: `CheckpointError`, `TrainingError.nothingToResume` when there is nothing left to do, or what `read`
  ///   throws.
  package init(resuming path: String, recipe read: (_ text: String, _ name: String) throws -> Recipe) throws {
    let saved = try RunFolder(opening: path)
    try saved.verify()
    record = try saved.record()
    guard !record.isFinished else { throw TrainingError.nothingToResume(path) }
    folder = path
    recipeText = try saved.recipe()
    let recipe = try read(recipeText, "\(path)/recipe.yaml")
    let data = try saved.data()
    try recipe.checkValidationMetric(candidateCount: data.itemCount)
    var watch = Stopwatch()
    fit = try ModelFit(recipe, on: data, from: saved)
    seconds.training += watch.lap()
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
    var hasSaved = false
    do {
      try fit.run(stopSignal: stopSignal, report: report) { [self] fit in
        try save(fit, replacing: replaces || hasSaved)
        hasSaved = true
      }
    } catch let error as TrainingError {
      if case .interrupted = error {
        try save(fit, replacing: replaces || hasSaved)
        replaces = true
      }
      throw error
    }
    seconds.training += watch.lap()
    evaluating()
    let assessment = try fit.assessment(userLimit: evaluatedUsers)
    seconds.evaluation += watch.lap()
    var contents = try fit.contents(record, recipeText: recipeText, isFinished: true)
    contents.metrics = assessment.json.text() + "\n"
    try contents.write(to: folder, replacing: replaces || hasSaved)
    seconds.writing += watch.lap()
    return assessment
  }

  private func save(_ fit: ModelFit, replacing: Bool) throws {
    try fit.contents(record, recipeText: recipeText, isFinished: false).write(to: folder, replacing: replacing)
  }
}
