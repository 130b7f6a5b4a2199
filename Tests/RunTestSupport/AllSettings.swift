import TwoTowerFeatures
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerTraining
import Yams

/// Every setting of a recipe with its default, walked out of encoded recipes: the tree of defaults is the only list.
///
/// Settings of a tower's inputs stand there once for each tower, under the name of a feature, `user-id`; settings of one
/// kind of baseline are called `baseline.NAME of KIND`.
package func allSettings() throws -> [String: String] {
  var recipe = Recipe()
  recipe.retrieval = TaskSettings(model: RetrievalSettings())
  recipe.matrixFactorization = TaskSettings(model: MatrixFactorizationSettings())
  recipe.ranking = TaskSettings(model: RankingSettings())
  var settings: [String: String] = [:]
  func walk(_ node: Node, _ path: [String]) {
    let name = path.joined(separator: ".")
    switch node {
    case .mapping(let mapping): for (key, value) in mapping { walk(value, path + [key.string!]) }
    case .sequence(let sequence):
      let values = sequence.map { $0.string ?? $0["kind"]?.string ?? "" }
      settings[name] = name.hasSuffix("-statistics") ? "all" : "[\(values.joined(separator: ", "))]"
    default: settings[name] = node.string == "" ? "empty" : node.string
    }
  }
  func tree(_ recipe: Recipe) throws -> Node { try Yams.compose(yaml: recipe.yaml) ?? Node([:]) }
  walk(try tree(recipe), [])
  recipe.retrieval?.model.queryTower.features = [InputSettings(feature: .userIdentifier)]
  let input = try tree(recipe)["retrieval"]!["query-tower"]!["features"]!.sequence!.first!
  for task in ["retrieval", "ranking"] {
    for tower in ["query-tower", "candidate-tower"] {
      walk(input, [task, tower, "features", "user-id"])
      settings["\(task).\(tower).features.user-id.feature"] = "required"
    }
  }
  for kind in baselineTypes.map({ $0.kind }) {
    var recipe = Recipe()
    recipe.baseline = BaselineSettings(kind: kind)
    let section = try tree(recipe)["baseline"]!
    walk(section, ["baseline"])
    for key in section.mapping!.keys.compactMap(\.string) where !["kind", "weights"].contains(key) {
      settings["baseline.\(key) of \(kind)"] = settings.removeValue(forKey: "baseline.\(key)")
    }
  }
  settings["baseline.kind"] = "required"
  settings["data.holdout-seed"] = "none"
  for key in FeatureSettings.CodingKeys.allCases where settings["features.\(key.rawValue)"] == nil {
    settings["features.\(key.rawValue)"] = "none"
  }
  return settings
}
