import TwoTowerDatasets
import TwoTowerRecommenders

extension Dataset {
  /// Whether nothing is known but who has what: no tags, no friends.
  package var isPlain: Bool { tagAssignments.count == 0 && friendships.count == 0 }
}

/// With more training rows than that, the validation rows of one draw say enough.
private let confirmedRowLimit = 500_000

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
  var trial = blended
  (trial.validation.share, trial.validation.metric) = (0.1, .ndcg20)
  // The inputs of the towers are prepared with the rest.
  trial.retrieval = .plain
  let data = try prepare(dataset, split: split, recipe: trial)
  var others: TowerData?
  // There is only one latest tenth.
  if data.validationKind == .random, split.train.count <= confirmedRowLimit {
    var confirmed = trial
    confirmed.seed &+= 1
    others = try prepare(dataset, split: split, recipe: confirmed)
  }
  let search = try BlendSearch(data, confirmation: others, seed: recipe.seed, report: report)
  var towers = recipe
  towers.validation = trial.validation
  let best = try search.best {
    let found = try TowerSearch(
      towers, on: data, sample: search.sample, stopSignal: stopSignal, report: report
    ).best()
    recipe.retrieval = found?.settings
    return found?.towers
  }
  recipe.baseline = best.baseline
  if !best.hasTowers { recipe.retrieval = nil }
  return recipe
}
