import Datasets
import Features
import TwoTower

/// What the models of `recipe` see of a split data set, fitted on its training rows alone.
///
/// - Parameter remarks: receives plain sentences about inputs that have nothing to say on this data.
/// - Throws: `FeatureError`, `DatasetError`, or `PreparationError` when nothing is left to train on.
public func prepare(
  _ dataset: Dataset, split: Split, recipe: Recipe, remarks: (String) -> Void = { _ in }
) throws -> TowerData {
  guard !split.train.isEmpty else { throw PreparationError.noTrainingRows }
  let labels = Datasets.labels(dataset, scaling: recipe.labels)
  let interactions = dataset.interactions
  let dataset = dataset.withoutTagsAndFriends(of: Set((split.given + split.hidden).map { interactions.users[Int($0)] }))
  var training = split
  var validation: [Int32] = []
  if recipe.validation.share > 0 {
    let inner = try holdOut(
      share: recipe.validation.share, seed: recipe.seed, rows: split.train, purpose: .validation)
    // To the features, validation rows are held out like test rows.
    training = Split(train: inner.train, test: inner.test + split.test, given: split.given)
    validation = inner.test
  }

  let builder = try FeatureBuilder(dataset: dataset, split: training, labels: labels, settings: recipe.features)
  var names: [FeatureName] = []
  for input in recipe.towers.flatMap(\.features) where !names.contains(input.feature) { names.append(input.feature) }
  for name in names { builder.remark(on: name).map(remarks) }

  func pairs(_ rows: [Int32]) -> LabeledPairs {
    LabeledPairs(
      users: rows.map { dataset.interactions.users[Int($0)] }, items: rows.map { dataset.interactions.items[Int($0)] },
      labels: rows.map { labels[Int($0)] })
  }
  var data = TowerData(
    userIdentifiers: dataset.users.identifiers, itemIdentifiers: dataset.items.identifiers,
    itemNames: dataset.itemNames, training: pairs(training.train), validation: pairs(validation),
    test: pairs(split.test), features: try names.map { try builder.feature(named: $0) },
    pairFeatures: recipe.ranking?.model.pairFeatures == true ? try builder.pairFeatures() : nil,
    itemGenres: try builder.itemGenres())
  data.given = pairs(split.given)
  data.hidden = pairs(split.hidden)
  return data
}

public enum PreparationError: Error, CustomStringConvertible {
  case noTrainingRows

  public var description: String {
    "training rows: found none, expected at least one: give a training file with rows, or a smaller --holdout"
  }
}

extension Recipe {
  /// The towers that the recipe declares for itself.
  var towers: [TowerSettings] {
    var towers: [TowerSettings] = []
    if let model = retrieval?.model { towers += [model.queryTower, model.candidateTower] }
    if let model = ranking?.model, model.towers == .own { towers += [model.queryTower, model.candidateTower] }
    return towers
  }
}

extension DataSettings {
  /// The columns as the readers take them.
  public var columns: TableColumns {
    TableColumns(
      user: userColumn, item: itemColumn, weight: weightColumn.isEmpty ? "weight" : weightColumn,
      timestamp: timestampColumn.isEmpty ? nil : timestampColumn,
      itemName: itemNameColumn.isEmpty ? nil : itemNameColumn)
  }
}

extension Recipe {
  /// The section of the first task that the recipe trains.
  public var firstTask: String {
    retrieval != nil ? "retrieval" : matrixFactorization != nil ? "matrix-factorization"
      : baseline != nil ? "baseline" : "ranking"
  }

  /// Dotted paths of the sections of a task that have a `dimension`: the inputs of its towers.
  public func inputPaths(ofTask task: String) -> [String] {
    if task == "matrix-factorization" || task == "baseline" { return [task] }
    let towers: [(String, TowerSettings)] =
      task == "retrieval"
      ? retrieval.map { [("query-tower", $0.model.queryTower), ("candidate-tower", $0.model.candidateTower)] } ?? []
      : ranking.map { [("query-tower", $0.model.queryTower), ("candidate-tower", $0.model.candidateTower)] } ?? []
    return towers.flatMap { name, tower in
      tower.features.map { "\(task).\(name).features.\($0.feature.rawValue)" }
    }
  }
}
