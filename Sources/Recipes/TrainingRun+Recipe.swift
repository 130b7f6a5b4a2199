import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerTraining

extension TrainingRun {
  /// A run whose folder has the recipe in YAML.
  ///
  /// - Throws: `TowerError` when the recipe's towers do not fit the data or each other, `BaselineError` when its
  ///   baseline cannot be fitted on the data.
  package init(
    folder: String, recipe: Recipe, data: TowerData, dataset: String, files: [FileDigest], replaces: Bool
  ) throws {
    try self.init(
      folder: folder, recipe: recipe, recipeText: recipe.yaml, data: data, dataset: dataset, files: files,
      replaces: replaces)
  }

  /// Opens an interrupted run.
  ///
  /// - Throws: `CheckpointError`, `RecipeError`, or `TrainingError.nothingToResume` when there is nothing left to do.
  package init(resuming path: String) throws {
    try self.init(resuming: path) { text, name in try RecipeReader(text: text, name: name).recipe() }
  }
}
