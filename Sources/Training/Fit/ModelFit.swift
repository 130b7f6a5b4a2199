import TwoTowerAutodiff
import TwoTowerEvaluation
import TwoTowerRecommenders
import TwoTowerRuns

/// The fit of a recipe's models on prepared data, in memory: nothing is written.
package struct ModelFit {
  package let recipe: Recipe
  package let data: TowerData
  package let models: ModelSet
  /// What retrieves, once it is fitted.
  package private(set) var recommender: (any Recommender)?
  /// How lists are reranked; nil where they are not.
  package var reranker: Reranker?
  /// Where the fit stands.
  package private(set) var state: TrainingState

  /// A fit from the models' initial values.
  ///
  /// - Throws: `TowerError` when the recipe's towers do not fit the data or each other, `BaselineError` when its
  ///   baseline cannot be fitted on the data.
  package init(_ recipe: Recipe, on data: TowerData) throws {
    self.recipe = recipe
    self.data = data
    models = try ModelSet(recipe.models, data: data)
    try recipe.baseline?.check(for: data)
    state = TrainingState()
  }

  /// A fit that goes on from where an interrupted run stands.
  ///
  /// - Throws: `CheckpointError` when the saved state does not fit.
  init(_ recipe: Recipe, on data: TowerData, from saved: RunFolder) throws {
    self.recipe = recipe
    self.data = data
    models = try ModelSet(recipe.models, data: data) { try saved.shape(ofWeights: $0) }
    reranker = try saved.settings().reranker
    state = try TrainingState(saved.trainingState(), recipe: recipe, models: models, data: data)
  }

  /// Fits to the end, or until a signal.
  ///
  /// - Parameters:
  ///   - stopSignal: asked before every step; a signal's number to stop for.
  ///   - skips: phases that are left out, by who needs a part of the models only.
  ///   - checkpoint: given the fit now and then, to save it against a crash.
  /// - Throws: `TrainingError`: after `.interrupted`, the fit can be saved and gone on with; a baseline is not saved
  ///   half-fitted, and a signal that comes meanwhile is `.interruptedBaseline`.
  package mutating func run(
    skipping skips: Set<Phase> = [], stopSignal: @escaping () -> Int32?, report: @escaping (TrainingEvent) -> Void,
    checkpoint: ((ModelFit) throws -> Void)? = nil
  ) throws {
    let baseline = try fitBaseline(stopSignal: stopSignal, report: report)
    var trainer = Trainer(recipe: recipe, data: data, models: models)
    trainer.report = report
    trainer.stopSignal = stopSignal
    trainer.skips = skips
    if let checkpoint {
      trainer.checkpoint = { [self] state in
        var fit = self
        fit.state = state
        try checkpoint(fit)
      }
    }
    try trainer.run(from: &state)
    recommender = models.recommender(on: data, beside: baseline)
    // Validation rows are as new to the models as test rows: they tell how to rerank.
    if reranker == nil, data.validation.count > 0, let found = try rerankerFit(on: data.validatingAsTest) {
      report(.rerankerFitted(found))
      reranker = found.reranker
    }
  }

  /// What the fitted models are worth on the test rows.
  ///
  /// - Parameter userLimit: evaluates so many users, drawn at random; nil for all with test rows.
  package func assessment(userLimit: Int? = nil) throws -> Assessment {
    try assess(
      data, recommender: recommender, models: models, reranker: reranker, seed: recipe.seed, userLimit: userLimit)
  }

  /// The fit as a run: unfinished, with what it goes on from, or finished, with the vectors of all users and items.
  ///
  /// - Parameters:
  ///   - record: of the data that was fitted on.
  ///   - recipeText: the recipe as people read it.
  package func contents(_ record: RunRecord, recipeText: String, isFinished: Bool) throws -> RunContents {
    var contents = RunContents(
      record: record, recipe: recipeText, settings: recipe.models, data: data, parameters: state.parameters,
      history: state.progress.historyTable)
    contents.recommender = recommender
    contents.settings.reranker = reranker
    let towers = recipe.baseline == nil ? 0 : models.retrieval?.parameters.reduce(0) { $0 + $1.value.count } ?? 0
    let fitted = recipe.baseline == nil ? 0 : (recommender?.parameterCount ?? 0) - towers
    contents.record.counts["parameters"] = models.parameters.reduce(fitted) { $0 + $1.value.count }
    contents.record.counts["recommender_parameters"] = recommender?.parameterCount
    contents.record.isFinished = isFinished
    if isFinished {
      contents.vectors = try recommender?.storedVectors(foldingIn: data.encoder.encode(histories: data.givenHistory))
    } else {
      contents.training = try state.saved
    }
    return contents
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
    report(
      .baselineStarted(
        kind: settings.kind, rows: data.training.count,
        memory: settings.model.memory(userCount: data.userCount, itemCount: data.itemCount)))
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
}
