import TwoTowerTraining

/// How far a fit has come.
public struct FitProgress: Sendable, Equatable {
  /// The share of the work that is done, from 0 to 1; it never falls.
  public let fractionCompleted: Double
  /// The epoch or iteration in work, from 1; 0 before the first.
  public let epoch: Int
  /// The epochs or iterations in all; 1 for a model that is solved in one go.
  public let epochCount: Int
  /// The mean loss of the epoch so far; nil for models without one.
  public let loss: Double?

  private init(_ fractionCompleted: Double, epoch: Int, epochCount: Int, loss: Double? = nil) {
    self.fractionCompleted = fractionCompleted
    self.epoch = epoch
    self.epochCount = epochCount
    self.loss = loss
  }

  /// What an event says of a fit with one task; nil where it says nothing new.
  init?(_ event: TrainingEvent) {
    switch event {
    case .phaseStarted(_, let epochs, _, _): self.init(0, epoch: 0, epochCount: epochs)
    case .step(_, let epoch, let epochs, let rowsDone, let rowsInEpoch, let loss):
      let done = Double(epoch - 1) + Double(rowsDone) / Double(rowsInEpoch)
      self.init(done / Double(epochs), epoch: epoch, epochCount: epochs, loss: loss)
    case .baselineStarted: self.init(0, epoch: 0, epochCount: 1)
    case .baselineIteration(let done, let count):
      self.init(Double(done) / Double(count), epoch: done, epochCount: count)
    case .baselineFitted: self.init(1, epoch: 1, epochCount: 1)
    case .epochEnded, .stoppedEarly, .rerankerFitted: return nil
    }
  }
}
