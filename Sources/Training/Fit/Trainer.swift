import Foundation
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerNeuralNetwork
import TwoTowerRecommenders

/// Trains the models of a recipe, phase by phase, from any state of the run to its end.
///
/// Every random draw is keyed by seed, phase, epoch and step, so a run that goes on from a saved state ends with the
/// same bits as one that never stopped.
package struct Trainer {
  package let recipe: Recipe
  package let data: TowerData
  package let models: ModelSet
  /// Told of every step; prints nothing by itself.
  package var report: (TrainingEvent) -> Void = { _ in }
  /// Asked before every step: a signal's number to stop for, or nil.
  package var stopSignal: () -> Int32? = { nil }
  /// Given the state now and then, at the end of an epoch, to save it against a crash.
  package var checkpoint: ((TrainingState) throws -> Void)?
  /// Phases that are left out: their models stay as they begin.
  package var skips: Set<Phase> = []
  /// Seconds between two checkpoints.
  package var checkpointInterval = 60.0

  package init(recipe: Recipe, data: TowerData, models: ModelSet) {
    self.recipe = recipe
    self.data = data
    self.models = models
  }

  /// Trains to the end, or until a signal; `state` then says where the run stands.
  ///
  /// - Throws: `TrainingError`; after `.interrupted`, `state` can be saved and resumed.
  package func run(from state: inout TrainingState) throws {
    let objectives = Objective.all(recipe: recipe, models: models, data: data).filter { !skips.contains($0.phase) }
    if state.parameters.isEmpty {
      try models.retrieval?.start(on: data, seed: recipe.seed)
    } else {
      restore(models.parameters, from: state.parameters)
    }
    var lastCheckpoint = Date()
    while state.progress.phaseIndex < objectives.count {
      try run(objectives[state.progress.phaseIndex], &state, &lastCheckpoint)
      let history = state.progress.history
      let next = state.progress.phaseIndex + 1
      state.progress = TrainingState.Progress()
      state.progress.history = history
      state.progress.phaseIndex = next
      state.optimizer = nil
      state.best = [:]
    }
    state.parameters = values(of: models.parameters)
  }

  // MARK: - One phase

  private func run(_ objective: Objective, _ state: inout TrainingState, _ lastCheckpoint: inout Date) throws {
    let settings = objective.settings
    let optimizer = settings.makeOptimizer()
    if let saved = state.optimizer { try optimizer.restore(saved, for: objective.parameters) }
    let rowCount = objective.rowCount
    let batchSize = settings.rowsPerStep(of: rowCount)
    let stepsPerEpoch = (rowCount + batchSize - 1) / batchSize
    let totalSteps = settings.epochs * stepsPerEpoch
    let schedule = settings.learningRateSchedule(totalSteps: totalSteps)
    report(
      .phaseStarted(
        phase: objective.phase, epochs: settings.epochs, rows: rowCount,
        parameters: objective.parameters.reduce(0) { $0 + $1.value.count }))

    while state.progress.epoch < settings.epochs {
      let epoch = state.progress.epoch
      let order = rowOrder(objective, epoch: epoch)
      while state.progress.step < stepsPerEpoch {
        if let signal = stopSignal() {
          capture(optimizer, into: &state)
          throw TrainingError.interrupted(signal: signal)
        }
        let step = state.progress.step
        let rows = Array(order[step * batchSize..<min((step + 1) * batchSize, rowCount)])
        let rate = schedule.rate(step: state.progress.globalStep, totalSteps: totalSteps)
        let loss = try take(
          step: step, epoch: epoch, rows: rows, objective, optimizer, learningRate: rate,
          endsEpoch: step + 1 == stepsPerEpoch)
        state.progress.lossSum += loss * Double(objective.lossIsSummed ? 1 : rows.count)
        state.progress.step += 1
        state.progress.globalStep += 1
        let done = min((step + 1) * batchSize, rowCount)
        report(
          .step(
            phase: objective.phase, epoch: epoch + 1, epochs: settings.epochs, rowsDone: done, rowsInEpoch: rowCount,
            loss: state.progress.lossSum / Double(done)))
      }
      let stops = try finishEpoch(objective, &state, rowCount: rowCount)
      if stops { break }
      if let checkpoint, Date().timeIntervalSince(lastCheckpoint) > checkpointInterval {
        capture(optimizer, into: &state)
        try checkpoint(state)
        lastCheckpoint = Date()
      }
    }
    if !state.best.isEmpty { restore(objective.parameters, from: state.best) }
  }

  private func take(
    step: Int, epoch: Int, rows: [Int32], _ objective: Objective, _ optimizer: any Optimizer, learningRate: Float,
    endsEpoch: Bool
  ) throws -> Double {
    func failure(_ tensor: String) -> TrainingError {
      .notFinite(
        phase: objective.phase, epoch: epoch + 1, step: step + 1, tensor: tensor, learningRate: learningRate)
    }
    let tape = Tape(isTraining: true, seed: seed(of: objective.phase), epoch: epoch, step: step)
    let loss = objective.loss(rows, tape)
    let value = loss.value.item
    guard value.isFinite else {
      // A parameter that has blown up is the cause; the loss only its first sign.
      tape.discard()
      let culprit = objective.parameters.first { !$0.value.isFinite }
      throw failure(culprit?.name ?? "the loss (\(value))")
    }
    tape.backward(from: loss)
    // Parameters that an update has broken show in the next step's loss, and else at the end of the epoch.
    if let name = firstNonFiniteGradient(objective.parameters) { throw failure(name) }
    if objective.settings.clipNorm > 0 {
      clipGradients(of: objective.parameters, byGlobalNorm: objective.settings.clipNorm)
    }
    optimizer.step(objective.parameters, learningRate: learningRate)
    for parameter in objective.parameters { parameter.clearGradient() }
    // Within an epoch the next step finds what blew up; after it come validation and files, which do not look.
    if endsEpoch, let name = firstNonFinite(objective.parameters) { throw failure(name) }
    return Double(value)
  }

  /// Closes an epoch: history, validation, the best state.
  ///
  /// Returns whether to stop early.
  private func finishEpoch(_ objective: Objective, _ state: inout TrainingState, rowCount: Int) throws -> Bool {
    var record = EpochRecord(
      phase: objective.phase, epoch: state.progress.epoch + 1, loss: state.progress.lossSum / Double(rowCount))
    state.progress.epoch += 1
    state.progress.step = 0
    state.progress.lossSum = 0
    var stops = false
    let isLast = state.progress.epoch == objective.settings.epochs
    if let figures = objective.figures, isLast || state.progress.epoch % figures.every == 0 {
      record.factorization = figures.compute()
    }
    if let validate = objective.validate, isLast || state.progress.epoch % recipe.validation.every == 0 {
      let score = try validate()
      record.validation = score
      if state.progress.bestScore.map({ score > $0 }) ?? true {
        state.progress.bestScore = score
        state.progress.bestEpoch = state.progress.epoch
        state.progress.looksWithoutGain = 0
        state.best = copies(of: objective.parameters)
      } else {
        state.progress.looksWithoutGain += 1
        stops = state.progress.looksWithoutGain >= recipe.validation.patience
      }
    }
    state.progress.history.append(record)
    report(.epochEnded(record, epochs: objective.settings.epochs))
    if stops { report(.stoppedEarly(phase: objective.phase, bestEpoch: state.progress.bestEpoch)) }
    return stops
  }

  // MARK: - Seeds and states

  private func rowOrder(_ objective: Objective, epoch: Int) -> [Int32] {
    var order = [Int32](0..<Int32(objective.rowCount))
    // A factorisation's loss of all rows has no order: thousands of shuffles for nothing would cost seconds.
    if objective.phase == .matrixFactorization && objective.settings.rowsPerStep(of: order.count) >= order.count {
      return order
    }
    var generator = SeededGenerator(seed: seed(of: objective.phase), purpose: .shuffle, epoch: epoch)
    generator.shuffle(&order)
    return order
  }

  /// Phases draw from streams of their own.
  private func seed(of phase: Phase) -> UInt64 {
    recipe.seed &+ UInt64(Phase.allCases.firstIndex(of: phase)!) &* 0x9E37_79B9_7F4A_7C15
  }

  private func capture(_ optimizer: any Optimizer, into state: inout TrainingState) {
    state.parameters = copies(of: models.parameters)
    state.optimizer = optimizer.state
  }

  /// The values themselves, for when nothing changes them any more.
  private func values(of parameters: [Parameter]) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value) })
  }

  private func copies(of parameters: [Parameter]) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value.copy()) })
  }

  /// - Precondition: a tensor of the right shape for every parameter; loading checks that beforehand.
  private func restore(_ parameters: [Parameter], from tensors: [String: Tensor]) {
    for parameter in parameters {
      guard let tensor = tensors[parameter.name], tensor.shape == parameter.value.shape else {
        preconditionFailure("Trainer: no state for parameter \(parameter.name) of shape \(parameter.value.shape)")
      }
      parameter.value.buffer.copyFirst(tensor.count, from: tensor.buffer)
    }
  }
}
