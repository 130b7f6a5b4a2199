import Foundation
import TwoTowerAutodiff
import TwoTowerNeuralNetwork
import TwoTowerRecommenders
import TwoTowerRuns

extension TrainingState.Progress {
  /// The history as readable text: a line per epoch.
  var historyTable: String {
    let hasFactorization = history.contains { $0.factorization != nil }
    let columns =
      ["phase", "epoch", "loss", "validation"]
      + (hasFactorization ? ["train_error", "test_error", "regularization_loss", "gravity_loss"] : [])
    var lines = [columns.joined(separator: "\t")]
    for record in history {
      var cells = [record.phase.rawValue, "\(record.epoch)", "\(record.loss)", record.validation.map { "\($0)" } ?? ""]
      if hasFactorization {
        let figures = record.factorization
        cells += [figures?.trainError, figures?.testError, figures?.regularizationLoss, figures?.gravityLoss]
          .map { $0.map { "\($0)" } ?? "" }
      }
      lines.append(cells.joined(separator: "\t"))
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

extension TrainingState {
  private struct Saved: Codable {
    var progress: Progress
    var optimizerSteps: Int?
  }

  /// The state apart from the parameters, which are the run's weights.
  var saved: (progress: Data, tensors: [String: StoredTensor]) {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      let progress = try encoder.encode(Saved(progress: progress, optimizerSteps: optimizer?.stepCount))
      var tensors: [String: StoredTensor] = [:]
      for (name, tensor) in optimizer?.tensors ?? [:] { tensors["optimizer/\(name)"] = StoredTensor(tensor) }
      for (name, tensor) in best { tensors["best/\(name)"] = StoredTensor(tensor) }
      return (progress, tensors)
    }
  }

  /// The state that `saved` wrote, checked against the run.
  ///
  /// - Throws: `CheckpointError` when it does not fit.
  init(
    _ stored: (progress: Data, tensors: SafetensorsFile, model: SafetensorsFile), recipe: Recipe, models: ModelSet,
    data: TowerData
  ) throws {
    func unexpected(_ found: String, _ expected: String) -> CheckpointError {
      .unexpectedContent(path: stored.tensors.path, place: "training state", found: found, expected: expected)
    }
    let saved: Saved
    do { saved = try JSONDecoder().decode(Saved.self, from: stored.progress) } catch {
      throw unexpected("another structure", "a state that this version wrote")
    }
    progress = saved.progress
    let objectives = Objective.all(recipe: recipe, models: models, data: data)
    guard objectives.indices.contains(progress.phaseIndex) else {
      throw unexpected("phase \(progress.phaseIndex)", "0 to below \(objectives.count)")
    }
    let objective = objectives[progress.phaseIndex]
    guard progress.isPossible(in: objective.settings, rowCount: objective.rowCount) else {
      throw unexpected(
        "epoch \(progress.epoch), step \(progress.step), step \(progress.globalStep) in all", "a place in the phase")
    }

    for parameter in models.parameters {
      parameters[parameter.name] = try stored.model.tensor(parameter.name, shape: parameter.value.shape)
    }
    if stored.tensors.names.contains(where: { $0.hasPrefix("best/") }) {
      for parameter in objective.parameters {
        best[parameter.name] = try stored.tensors.tensor("best/\(parameter.name)", shape: parameter.value.shape)
      }
    }
    guard let stepCount = saved.optimizerSteps else { throw unexpected("no optimiser", "one") }
    var restored = OptimizerState(stepCount: stepCount)
    for name in stored.tensors.names where name.hasPrefix("optimizer/") {
      restored.tensors[String(name.dropFirst("optimizer/".count))] = try stored.tensors.tensor(name)
    }
    do { try objective.settings.makeOptimizer().restore(restored, for: objective.parameters) } catch {
      throw unexpected("\(error)", "what the recipe's optimiser keeps")
    }
    optimizer = restored
  }
}

extension TrainingState.Progress {
  /// Whether a phase of these settings can stand there.
  func isPossible(in settings: TrainingSettings, rowCount: Int) -> Bool {
    let batchSize = settings.rowsPerStep(of: rowCount)
    let stepsPerEpoch = (rowCount + batchSize - 1) / batchSize
    let isAtEnd = epoch == settings.epochs && step == 0
    guard isAtEnd || ((0..<settings.epochs).contains(epoch) && (0..<stepsPerEpoch).contains(step)) else { return false }
    return globalStep == epoch * stepsPerEpoch + step
  }
}
