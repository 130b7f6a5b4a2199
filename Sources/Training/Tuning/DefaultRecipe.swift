import TwoTowerDatasets
import TwoTowerRecommenders

extension Dataset {
  /// Whether nothing is known but who has what: no tags, no friends.
  package var isPlain: Bool { tagAssignments.count == 0 && friendships.count == 0 }
}

/// With more training rows than that, a trial of the towers takes many minutes.
private let largestTowerTrial = 4_000_000

/// A recipe made for a plain data set: the best blend of two towers and the models that need no gradient descent, with
/// their settings as they are best on a tenth of the training rows.
///
/// - Parameters:
///   - base: what the recipe is like apart from its model: name, seed, columns.
///   - stopSignal: asked between steps; a signal's number to stop for.
///   - report: told of every trial; what it throws ends the search.
/// - Throws: as `prepare`; `TrainingError.interrupted` after a signal.
package func searchedRecipe(
  _ dataset: Dataset, split: Split, base: Recipe, stopSignal: @escaping () -> Int32? = { nil },
  report: @escaping (SearchEvent) throws -> Void
) throws -> Recipe {
  var recipe = Recipe()
  (recipe.name, recipe.seed, recipe.data) = (base.name, base.seed, base.data)
  var blended = recipe
  blended.baseline = BaselineSettings(Blend.self)
  // Fewer validation rows than that say too little: the defaults stay.
  guard Double(split.train.count) * 0.1 >= 50 else { return blended }
  recipe.retrieval = .plain
  var trial = recipe
  (trial.validation.share, trial.validation.metric) = (0.1, .ndcg20)
  trial.validation.every = recipe.retrieval!.training.epochs
  let data = try prepare(dataset, split: split, recipe: trial)
  let search = try BlendSearch(data, seed: recipe.seed, report: report)
  let best = try search.best {
    guard data.training.count <= largestTowerTrial else { return nil }
    // Validation in the fit would score all users; the search scores its sample.
    var withoutValidation = data
    withoutValidation.validation = LabeledPairs()
    var fit = try ModelFit(trial, on: withoutValidation)
    try report(.towers(value: nil))
    try fit.run(stopSignal: stopSignal, report: { _ in })
    return fit.recommender?.scorer
  }
  recipe.baseline = best.baseline
  if !best.hasTowers { recipe.retrieval = nil }
  return recipe
}
