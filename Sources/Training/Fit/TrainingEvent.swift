import TwoTowerFiles
import TwoTowerRecommenders

/// What training tells its caller as it goes.
///
/// Training itself prints nothing.
package enum TrainingEvent: Sendable {
  case phaseStarted(phase: Phase, epochs: Int, rows: Int, parameters: Int)
  /// After each step: the mean loss of the epoch so far.
  case step(phase: Phase, epoch: Int, epochs: Int, rowsDone: Int, rowsInEpoch: Int, loss: Double)
  case epochEnded(EpochRecord, epochs: Int)
  case stoppedEarly(phase: Phase, bestEpoch: Int)
  /// - Parameter memory: bytes that the fit holds at once, as far as sizes tell.
  case baselineStarted(kind: String, rows: Int, memory: Int)
  /// After each iteration of a baseline that iterates.
  case baselineIteration(done: Int, of: Int)
  /// With the validation metric, where validation rows are held out.
  case baselineFitted(parameters: Int, validation: Double?)
  case rerankerFitted(RerankerFit)
}

/// One part of a run: a set of parameters trained by one loss.
package enum Phase: String, Sendable, Codable, CaseIterable {
  case retrieval
  case joint
  case ranking
  case rankingWithPairs = "ranking-with-pairs"
  // At the end: a phase's place decides its random numbers.
  case matrixFactorization = "matrix-factorization"
}

/// A line of a run's history.
package struct EpochRecord: Sendable, Codable, Equatable {
  package var phase: Phase
  /// From 1.
  package var epoch: Int
  /// Mean training loss per row (or as summed by the recipe's reduction, per batch).
  package var loss: Double
  /// The validation metric, where validation rows are held out: higher is better.
  package var validation: Double?
  /// Errors and parts of the loss, at the epochs where a matrix factorisation reports them.
  package var factorization: FactorizationFigures?
}

/// Why training stopped before its end.
package enum TrainingError: UserFacingError, Sendable {
  /// A loss or gradient that is not a finite number.
  case notFinite(phase: Phase, epoch: Int, step: Int, tensor: String, learningRate: Float)
  /// Stopped by a signal while a baseline was fitted: there is nothing to go on from.
  case interruptedBaseline(signal: Int32)
  /// Stopped by a signal; the state was handed to the caller to save.
  case interrupted(signal: Int32)
  /// The run in this folder is finished.
  case nothingToResume(String)

  package var description: String {
    switch self {
    case .notFinite(let phase, let epoch, let step, let tensor, let learningRate):
      "\(phase.rawValue) training diverged in epoch \(epoch), step \(step): \(tensor) is not finite; "
        + "expected finite numbers: lower \(phase.settingsPath).training.learning-rate (now \(learningRate)) "
        + "or set clip-norm"
    case .nothingToResume(let run): "\(run): the run is finished already: nothing to resume"
    case .interrupted(let signal), .interruptedBaseline(let signal): "interrupted by signal \(signal)"
    }
  }
}

extension Phase {
  /// The section of the recipe that rules the phase.
  var settingsPath: String {
    switch self {
    case .retrieval, .joint: "retrieval"
    case .ranking, .rankingWithPairs: "ranking"
    case .matrixFactorization: "matrix-factorization"
    }
  }
}
