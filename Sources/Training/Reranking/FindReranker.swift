import TwoTowerDatasets
import TwoTowerRecommenders

extension Recipe {
  /// Whether there is something to rerank, and something to do it by.
  package var canRerank: Bool { models.recommenderKind != nil && ranking != nil }
}

/// Finds how the run of a recipe is to rerank: fits the recipe on nine tenths of the training rows, and the reranker on
/// the rest, which these models have not seen.
///
/// - Parameters:
///   - stopSignal: asked between steps; a signal's number to stop for.
///   - report: told of the steps of that fit.
/// - Returns: nil where there is nothing to rerank or too few rows to learn from, and for a recipe that holds out validation
///   rows: the fit itself learns from these.
/// - Throws: as `prepare`; `TrainingError.interrupted` or `.interruptedBaseline` after a signal.
package func findReranker(
  _ dataset: Dataset, split: Split, recipe: Recipe, stopSignal: @escaping () -> Int32? = { nil },
  report: @escaping (TrainingEvent) -> Void = { _ in }
) throws -> RerankerFit? {
  guard recipe.canRerank, recipe.validation.share == 0 else { return nil }
  // Fewer rows than that say too little.
  guard Double(split.train.count) * 0.1 >= 50 else { return nil }
  var trial = recipe
  trial.validation.share = 0.1
  var data = try prepare(dataset, split: split, recipe: trial)
  guard data.validation.count > 0 else { return nil }
  data = data.validatingAsTest
  trial.validation.share = 0
  var fit = try ModelFit(trial, on: data)
  // Reranking sees nothing of what a user did with the item itself.
  try fit.run(skipping: [.rankingWithPairs], stopSignal: stopSignal, report: report)
  return try fit.rerankerFit(on: data)
}

extension ModelFit {
  /// The reranker of the fitted models by the test rows of `data`; nil without both models.
  func rerankerFit(on data: TowerData) throws -> RerankerFit? {
    guard let recommender, let ranking = models.ranking else { return nil }
    return try RerankerFit(recommender.servedScorer(on: data), ranking: ranking, data: data)
  }
}

extension TowerData {
  /// The same with the validation rows as test rows, and nobody held out whole.
  var validatingAsTest: TowerData {
    var data = self
    (data.test, data.validation) = (validation, LabeledPairs())
    (data.given, data.hidden) = (LabeledPairs(), LabeledPairs())
    return data
  }
}
