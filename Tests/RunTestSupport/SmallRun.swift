import Foundation
import TestSupport
import TwoTowerAutodiff
import TwoTowerDatasets
import TwoTowerEvaluation
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerRuns
import TwoTowerTraining

/// The bundled sample, split at random.
package let bundledSample: Result<(dataset: Dataset, split: Split), any Error> = Result {
  let dataset = try readHetRec(folder: repositoryFolder + "/Data/sample")
  return (dataset, try holdOut(share: 0.3, seed: 1, dataset: dataset))
}

/// A made-up set of 60 users and 70 artists, split at random: a run on it takes a moment.
package let smallSample: Result<(dataset: Dataset, split: Split), any Error> = Result {
  let folder = try TemporaryFolder()
  try writeSample(users: 60, artists: 70, seed: 5, to: folder("sample"))
  let dataset = try readHetRec(folder: folder("sample"))
  return (dataset, try holdOut(share: 0.3, seed: 1, dataset: dataset))
}

/// Both tasks, small: every random draw (shuffling, dropout of activations and of identifiers) and every kind of input.
private let smallRecipe = """
  name: small
  features: {minimum-tag-count: 1}
  retrieval:
    query-tower:
      combine: sum
      features: [{feature: user-id, dimension: 8}, {feature: friends, dimension: 8, table: user-id}]
    candidate-tower:
      features: [{feature: item-id, dimension: 4, identifier-dropout: 0.2}, {feature: tags, dimension: 4}]
    similarity: cosine
    temperature: 0.2
    mask: history
    training: {epochs: 3, batch-size: 200, learning-rate: 0.01}
  ranking:
    query-tower: {features: [{feature: user-statistics}]}
    candidate-tower: {features: [{feature: item-statistics}]}
    hidden-layers: [8, 4]
    dropout: 0.1
    training: {epochs: 2, batch-size: 300, learning-rate: 0.01}
  """

/// Changes to recipes, by dotted paths.
package typealias Settings = [(path: String, value: String)]

package func recipe(_ text: String, _ settings: Settings = []) throws -> Recipe {
  var reader = try RecipeReader(text: text, name: "test")
  for (path, value) in settings { try reader.set(path, to: value, origin: "--set") }
  return try reader.recipe()
}

package func smallRecipe(_ settings: Settings = []) throws -> Recipe { try recipe(smallRecipe, settings) }

/// A recipe of the project, changed.
package func modelRecipe(_ name: String, _ settings: Settings = []) throws -> Recipe {
  try recipe(String(contentsOfFile: "\(repositoryFolder)/Models/\(name).yaml", encoding: .utf8), settings)
}

/// What a training left behind.
package struct Outcome {
  package var models: ModelSet
  package var data: TowerData
  package var state: TrainingState
  package var events: [TrainingEvent] = []

  package var history: [EpochRecord] { state.progress.history }
  package var bits: [String: [UInt32]] { state.parameters.mapValues { $0.array.map(\.bitPattern) } }
  /// The vectors of users and items, where there are some.
  package var vectors: [Float] {
    guard let vectors = models.recommender(on: data)?.vectors else { return [] }
    return vectors.queries.array + vectors.candidates.array
  }
}

/// Trains without a folder.
package func train(
  _ recipe: Recipe, on sample: Result<(dataset: Dataset, split: Split), any Error> = smallSample
) throws -> Outcome {
  let (dataset, split) = try sample.get()
  return try train(recipe, data: prepare(dataset, split: split, recipe: recipe))
}

package func train(_ recipe: Recipe, data: TowerData) throws -> Outcome {
  let models = try ModelSet(recipe.models, data: data)
  var trainer = Trainer(recipe: recipe, data: data, models: models)
  var outcome = Outcome(models: models, data: data, state: TrainingState())
  var events: [TrainingEvent] = []
  trainer.report = { events.append($0) }
  try trainer.run(from: &outcome.state)
  outcome.events = events
  return outcome
}

/// A run in a folder, on the small sample.
package func smallRun(_ recipe: Recipe, in folder: String) throws -> TrainingRun {
  let (dataset, split) = try smallSample.get()
  return try TrainingRun(
    folder: folder, recipe: recipe, data: prepare(dataset, split: split, recipe: recipe), dataset: dataset.name,
    files: dataset.files, replaces: false)
}

extension TrainingRun {
  /// Trains until the stop signal has been asked for `steps` times; returns the figures, or nil when interrupted.
  package mutating func train(steps: Int = .max) throws -> Assessment? {
    var asked = 0
    do {
      return try train(
        stopSignal: {
          asked += 1
          return asked > steps ? 2 : nil
        }, report: { _ in }, evaluating: {})
    } catch TrainingError.interrupted(signal: 2) {
      return nil
    }
  }
}

/// A test meant to change a file, and did not.
package struct UnchangedFile: Error { let file: String }

/// Rewrites a file of a run, and the checksums so that they fit.
package func rewrite(_ file: String, in run: String, _ change: (String) -> String) throws {
  let text = try String(contentsOfFile: "\(run)/\(file)", encoding: .utf8)
  let changed = change(text)
  guard changed != text else { throw UnchangedFile(file: file) }
  try changed.write(toFile: "\(run)/\(file)", atomically: true, encoding: .utf8)
  try Manifest.write(in: run)
}
