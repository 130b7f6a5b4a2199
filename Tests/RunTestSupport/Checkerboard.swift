import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerTraining

/// Data whose right answer is known: even users have the even items and odd users the odd ones, but for the item of
/// their own number, which is held out.
package enum Checkerboard {
  package static let size = 24

  /// - Parameter isWhole: whether users have the items of the other colour too, at a low weight.
  package static func dataset(isWhole: Bool = false) -> (dataset: Dataset, split: Split) {
    var interactions = Interactions()
    var split = Split(train: [], test: [])
    for user in 0..<size {
      for item in 0..<size where isWhole || user % 2 == item % 2 {
        // The diagonal is held out, and in the whole matrix one item of the other colour too.
        let isTest = user == item || (user + 1) % size == item
        if isTest { split.test.append(Int32(interactions.count)) } else { split.train.append(Int32(interactions.count)) }
        interactions.users.append(Int32(user))
        interactions.items.append(Int32(item))
        interactions.weights.append(user % 2 == item % 2 ? 5 : 1)
      }
    }
    let items = IdentifierTable((0..<size).map { "item \($0)" })
    let dataset = Dataset(
      name: "checkerboard", users: IdentifierTable((0..<size).map { "user \($0)" }), items: items,
      itemNames: items.identifiers, interactions: interactions)
    return (dataset, split)
  }

  package static func data(for recipe: Recipe) throws -> TowerData {
    let (dataset, split) = dataset(isWhole: recipe.ranking != nil)
    return try prepare(dataset, split: split, recipe: recipe)
  }

  package static func run(_ recipe: Recipe, in folder: String) throws -> TrainingRun {
    try TrainingRun(
      folder: folder, recipe: recipe, data: data(for: recipe), dataset: "checkerboard", files: [], replaces: false)
  }
}
