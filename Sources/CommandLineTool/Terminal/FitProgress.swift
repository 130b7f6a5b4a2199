import Foundation
import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerTraining

/// Shows training as it goes.
final class FitProgress {
  private var bar = ProgressBar()
  private var started = Date()
  private var epochStarted = Date()
  private var reported = Date()

  func show(_ event: TrainingEvent) {
    switch event {
    case .phaseStarted(let phase, let epochs, let rows, let parameters):
      bar.clear()
      bar = ProgressBar()
      started = Date()
      epochStarted = started
      reported = started
      Terminal.say(
        "training \(phase.rawValue): \(grouped(rows)) rows, \(epochs) epochs, \(grouped(parameters)) parameters")
    case .step(_, let epoch, let epochs, let rowsDone, let rowsInEpoch, let loss):
      let fraction = (Double(epoch - 1) + Double(rowsDone) / Double(rowsInEpoch)) / Double(epochs)
      let rate = Double(rowsDone) / max(1e-9, Date().timeIntervalSince(epochStarted))
      bar.update(
        "epoch \(epoch)/\(epochs)", fraction: fraction,
        detail: "loss \(formatted(loss, digits: 4))  \(grouped(Int(rate))) rows/s")
    case .epochEnded(let record, let epochs):
      if record.phase == .matrixFactorization {
        if let figures = record.factorization { show(figures, epoch: record.epoch, of: epochs) }
        epochStarted = Date()
        return
      }
      bar.clear()
      let validation = record.validation.map { "  validation \(formatted($0, digits: 4))" } ?? ""
      let seconds = Date().timeIntervalSince(epochStarted)
      Terminal.say(
        "epoch \(record.epoch)/\(epochs)  loss \(formatted(record.loss, digits: 4))\(validation)  "
          + "\(formatted(seconds, digits: 2)) s")
      epochStarted = Date()
    case .baselineStarted(let kind, let rows, let memory):
      bar = ProgressBar()
      started = Date()
      let size = memory < 100_000_000 ? "" : ", holding \(gigabytes(memory))"
      Terminal.say("fitting \(kind): \(grouped(rows)) rows, in one go\(size): Ctrl-C writes nothing")
    case .baselineIteration(let done, let count):
      bar.update("iteration \(done)/\(count)", fraction: Double(done) / Double(count), detail: "")
    case .baselineFitted(let parameters, let validation):
      bar.clear()
      let score = validation.map { "  validation \(formatted($0, digits: 4))" } ?? ""
      let seconds = formatted(Date().timeIntervalSince(started), digits: 2)
      Terminal.say("fitted \(grouped(parameters)) numbers\(score)  \(seconds) s")
    case .rerankerFitted(let found):
      bar.clear()
      Terminal.say(Self.line(of: found))
    case .stoppedEarly(_, let bestEpoch):
      Terminal.say("no better epoch for a while: stopped, keeping epoch \(bestEpoch)")
    }
  }

  /// A line of a matrix factorisation, whose epochs take milliseconds and are reported every so many.
  private func show(_ figures: FactorizationFigures, epoch: Int, of epochs: Int) {
    bar.clear()
    let test = figures.testError.map { "  test \(formatted($0, digits: 4))" } ?? ""
    Terminal.say(
      "epoch \(epoch)/\(epochs)  train error \(formatted(figures.trainError, digits: 4))\(test)  "
        + "regularisation \(formatted(figures.regularizationLoss, digits: 4))  "
        + "gravity \(formatted(figures.gravityLoss, digits: 4))  "
        + "\(formatted(Date().timeIntervalSince(reported), digits: 2)) s")
    reported = Date()
  }

  /// What reranking gains on rows that it was not learnt from.
  static func line(of found: RerankerFit) -> String {
    "reranking: NDCG@20 \(share(found.retrieved)) as retrieved, \(share(found.reranked)) reranked"
      + (found.reranker.changesNothing ? ": no gain, lists stay as retrieved" : "")
  }

  func clear() { bar.clear() }
}
