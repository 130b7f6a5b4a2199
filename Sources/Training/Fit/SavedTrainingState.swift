import Autodiff
import Checkpoints
import Foundation
import NeuralNetwork
import TwoTower

extension TrainingState.Progress {
  /// The history as readable text: a line per epoch.
  var historyTable: String {
    history.reduce(into: "phase\tepoch\tloss\tvalidation\n") { text, record in
      text += "\(record.phase.rawValue)\t\(record.epoch)\t\(record.loss)\t\(record.validation.map { "\($0)" } ?? "")\n"
    }
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

  /// The state that `saved` wrote, checked against the models.
  ///
  /// - Throws: `CheckpointError` when it does not fit them.
  init(
    _ stored: (progress: Data, tensors: SafetensorsFile, model: SafetensorsFile), models: ModelSet
  ) throws {
    let saved: Saved
    do { saved = try JSONDecoder().decode(Saved.self, from: stored.progress) } catch {
      throw CheckpointError.unexpectedContent(
        path: stored.tensors.path, place: "training state", found: "another structure",
        expected: "a state that this version wrote")
    }
    progress = saved.progress
    let shapes = Dictionary(uniqueKeysWithValues: models.parameters.map { ($0.name, $0.value.shape) })
    for (name, shape) in shapes { parameters[name] = try stored.model.tensor(name, shape: shape) }
    var optimizerTensors: [String: Tensor] = [:]
    for name in stored.tensors.names {
      if name.hasPrefix("optimizer/") {
        optimizerTensors[String(name.dropFirst("optimizer/".count))] = try stored.tensors.tensor(name)
      } else if name.hasPrefix("best/") {
        let parameter = String(name.dropFirst("best/".count))
        best[parameter] = try stored.tensors.tensor(name, shape: shapes[parameter])
      }
    }
    optimizer = saved.optimizerSteps.map { OptimizerState(stepCount: $0, tensors: optimizerTensors) }
  }
}
