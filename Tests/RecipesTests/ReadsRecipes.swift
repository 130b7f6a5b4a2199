import RunTestSupport
import TwoTowerRecipes
import TwoTowerTraining

/// Reads recipes from text, with settings as the command line gives them.
protocol ReadsRecipes {}

extension ReadsRecipes {
  func recipe(_ text: String, _ settings: [(String, String)] = []) throws -> Recipe {
    var reader = try RecipeReader(text: text, name: "r.yaml")
    for (path, value) in settings { try reader.set(path, to: value, origin: "--set \(path)") }
    return try reader.recipe()
  }

  /// What a recipe is refused with; nil for one that is good.
  func message(_ text: String, _ settings: [(String, String)] = []) -> String? {
    do {
      _ = try recipe(text, settings)
      return nil
    } catch { return "\(error)" }
  }
}
