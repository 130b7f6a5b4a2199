import TwoTowerDatasets
import TwoTowerRecommenders

extension Dataset {
  /// Whether nothing is known but who has what: no tags, no friends.
  package var isPlain: Bool { tagAssignments.count == 0 && friendships.count == 0 }
}

/// A recipe made for a plain data set: the models that need no gradient descent, and their settings and blend as they
/// are best on a tenth of the training rows.
///
/// - Parameters:
///   - base: what the recipe is like apart from its model: name, seed, columns.
///   - report: told of every trial; what it throws ends the search.
/// - Throws: as `prepare`.
package func searchedRecipe(
  _ dataset: Dataset, split: Split, base: Recipe, report: @escaping (SearchEvent) throws -> Void
) throws -> Recipe {
  var recipe = Recipe()
  (recipe.name, recipe.seed, recipe.data) = (base.name, base.seed, base.data)
  recipe.baseline = BaselineSettings(Blend.self)
  var searched = recipe
  (searched.validation.share, searched.validation.metric) = (0.1, .ndcg20)
  let data = try prepare(dataset, split: split, recipe: searched)
  let rows = data.validation.count
  // Fewer say too little: the defaults stay.
  guard rows >= 50 else { return recipe }
  recipe.baseline = try BlendSearch(data, seed: recipe.seed, report: report).best()
  return recipe
}
