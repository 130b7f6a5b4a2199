import TwoTowerEvaluation
import TwoTowerRecommenders

extension Answerer {
  /// Checks every file of the run, and measures it: the metrics on its test rows, or on those of `userLimit` users
  /// drawn at random.
  ///
  /// - Parameters:
  ///   - cutoffs: which k metrics of retrieval are taken at; nil for the usual ones that fit the catalogue.
  ///   - reordering: of the lists, whose metrics then stand beside those of the plain ones.
  ///   - isAllowed: whether each item may be in these lists; nil when every one may.
  ///   - reranks: whether reranked lists are measured too, of a run that did not learn how to rerank as well.
  /// - Throws: `QuestionError`, before anything is measured, where no row is held out to measure on, or where
  ///   there are no lists for these to change.
  package func evaluate(
    userLimit: Int? = nil, cutoffs: RetrievalCutoffs? = nil, reordering: Reordering = Reordering(),
    isAllowed: [Bool]? = nil, reranks: Bool = false
  ) throws -> Assessment {
    try checkHeldOutRows()
    if !reordering.changesNothing || isAllowed != nil {
      try checkListOptions(reordering, cutoffs, isAllowed: isAllowed)
    }
    if reranks { _ = try reranking() }
    try folder?.verify()
    let reranker = try reranks || (canRerank && knowsHowToRerank) ? reranking().reranker : nil
    return try assess(
      try data(), recommender: settings.recommenderKind == nil ? nil : try recommender(),
      models: settings.ranking != nil || settings.matrixFactorization != nil ? try models() : nil,
      reranker: reranker, seed: settings.seed, userLimit: userLimit, cutoffs: cutoffs,
      reordering: reordering, isAllowed: isAllowed)
  }

  /// Measures the model that retrieves on other rows than those that the run was fitted and measured on.
  ///
  /// - Parameter pairs: users and items of the run.
  /// - Throws: `QuestionError.noRetrieval` for a run without such a model, `ScoringError`.
  package func evaluate(on pairs: LabeledPairs) throws -> Assessment {
    var data = try data()
    data.test = pairs
    data.hidden = LabeledPairs()
    return try assess(data, recommender: try recommender(), models: nil, seed: settings.seed)
  }

  private func checkHeldOutRows() throws {
    let data = try data()
    guard data.test.count + data.hidden.count == 0 else { return }
    throw QuestionError.question(
      "\(runName): the run was trained on all of its rows, so there is nothing to measure it on: to measure its recipe, "
        + "fit it with rows held out (--holdout 0.3, or --train and --test)")
  }

  /// Checks, before anything is measured, that there are lists for a reordering or a filter to change.
  private func checkListOptions(
    _ reordering: Reordering, _ cutoffs: RetrievalCutoffs?, isAllowed: [Bool]?
  ) throws {
    let hasTestRows = try data().test.count > 0
    guard settings.recommenderKind != nil, hasTestRows,
      (cutoffs ?? .fitting(candidateCount: itemCount)).list != nil
    else {
      throw QuestionError.question(
        "\(runName): the run makes no lists, or none of the length that is measured, for --exclude, --only, "
          + "--popularity-penalty and --diversity to change: leave these out")
    }
    try reordering.check(hasVectors: hasDirections)
    if let isAllowed, !isAllowed.contains(true) {
      throw QuestionError.question("--exclude and --only leave no item: leave one of them out")
    }
  }
}
