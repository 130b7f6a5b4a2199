import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerFiles
import TwoTowerRecommenders

/// What the models of `recipe` see of a split data set, fitted on its training rows alone.
///
/// - Parameter remarks: receives plain sentences about inputs that have nothing to say on this data, and settings that
///   do not fit it.
/// - Throws: `FeatureError`, `DatasetError`, `RecipeError` for a validation metric that says nothing on this data, or
///   `PreparationError` when nothing is left to train on.
package func prepare(
  _ dataset: Dataset, split: Split, recipe: Recipe, remarks: (String) -> Void = { _ in }
) throws -> TowerData {
  guard !split.train.isEmpty else { throw PreparationError.noTrainingRows }
  try recipe.checkValidationMetric(candidateCount: dataset.items.count, remarks: remarks)
  let interactions = dataset.interactions
  let dataset = dataset.withoutTagsAndFriends(of: Set((split.given + split.hidden).map { interactions.users[Int($0)] }))
  var training = split
  var validation: [Int32] = []
  var validationKind = SplitKind.random
  if recipe.validation.share > 0 {
    let inner: Split
    (inner, validationKind) = try holdOutValidation(
      share: recipe.validation.share, seed: recipe.seed, from: split, of: interactions)
    if validationKind == .temporal { remarks("validation rows are the latest of the training rows") }
    // To the features, validation rows are held out like test rows.
    training = Split(train: inner.train, test: inner.test + split.test, given: split.given)
    validation = inner.test
  }

  let builder = try FeatureBuilder(dataset: dataset, split: training, labels: recipe.labels, settings: recipe.features)
  var names: [FeatureName] = []
  for input in recipe.towers.flatMap(\.features) where !names.contains(input.feature) { names.append(input.feature) }
  for name in names { builder.remark(on: name).map(remarks) }

  func pairs(_ rows: [Int32], _ labels: (_ users: [Int32], _ weights: [Float]) -> [Float]) -> LabeledPairs {
    let users = rows.map { interactions.users[Int($0)] }
    return LabeledPairs(
      users: users, items: rows.map { interactions.items[Int($0)] },
      labels: labels(users, rows.map { interactions.weights[Int($0)] }))
  }
  let encoder = try builder.encoder(of: names)
  let scaler = encoder.labelScaler
  // What is measured, and nothing else, knows all rows.
  let measured = LabelScaler(
    recipe.labels, fittingUsers: interactions.users, weights: interactions.weights, userCount: dataset.users.count)
  var data = TowerData(
    userIdentifiers: dataset.users.identifiers, itemIdentifiers: dataset.items.identifiers,
    itemNames: dataset.itemNames, training: pairs(training.train, scaler.labels(users:weights:)),
    validation: pairs(validation, scaler.labels(ofUnfitted:weights:)),
    test: pairs(split.test, measured.labels(users:weights:)), features: try builder.features(names, encoder: encoder),
    pairFeatures: recipe.ranking?.model.pairFeatures == true ? try builder.pairFeatures() : nil,
    itemGenres: try builder.itemGenres())
  data.validationKind = validationKind
  data.given = pairs(split.given, scaler.labels(ofHistories:weights:))
  data.hidden = pairs(split.hidden, measured.labels(users:weights:))
  data.givenHistory =
    UserItems(
      rows: split.given, interactions: interactions, userCount: data.userCount, itemCount: data.itemCount
    ).lists
  data.encoder = encoder
  data.heldOutFactors = builder.heldOutFactors(
    seesUserStatistics: recipe.ranking?.model.queryTower.features.contains { $0.feature == .userStatistics } ?? false)
  return data
}

package enum PreparationError: UserFacingError {
  case noTrainingRows

  package var description: String {
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
  package var columns: TableColumns {
    TableColumns(
      user: userColumn, item: itemColumn, weight: weightColumn.isEmpty ? "weight" : weightColumn,
      timestamp: timestampColumn.isEmpty ? nil : timestampColumn,
      itemName: itemNameColumn.isEmpty ? nil : itemNameColumn)
  }
}

extension Recipe {
  /// The section of the first task that the recipe trains.
  package var firstTask: String {
    retrieval != nil
      ? "retrieval"
      : matrixFactorization != nil
        ? "matrix-factorization"
        : baseline != nil ? "baseline" : "ranking"
  }

  /// Dotted paths of the sections of a task that have a `dimension`: the inputs of its towers.
  package func inputPaths(ofTask task: String) -> [String] {
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
