import TwoTowerAutodiff
import TwoTowerNeuralNetwork

/// Where a run stands: with the data and the recipe, enough to go on to the same bits as a run that never stopped.
package struct TrainingState: Sendable {
  /// The small part, written as readable text.
  package struct Progress: Sendable, Codable, Equatable {
    /// The phase in work, among the recipe's phases; their number when all are done.
    package var phaseIndex = 0
    /// From 0.
    package var epoch = 0
    /// Steps of this epoch that are done.
    package var step = 0
    /// Steps of this phase that are done.
    package var globalStep = 0
    /// The losses of this epoch's steps so far, weighted by rows.
    ///
    /// Kept as its bits: decimal text would round it.
    package var lossSumBits: UInt64 = 0
    package var history: [EpochRecord] = []
    package var bestScoreBits: UInt64?
    package var bestEpoch = 0
    package var looksWithoutGain = 0

    package init() {}

    var lossSum: Double {
      get { Double(bitPattern: lossSumBits) }
      set { lossSumBits = newValue.bitPattern }
    }
    var bestScore: Double? {
      get { bestScoreBits.map(Double.init(bitPattern:)) }
      set { bestScoreBits = newValue?.bitPattern }
    }
  }

  package var progress = Progress()
  /// Parameters by name.
  package var parameters: [String: Tensor] = [:]
  /// The optimiser's state; nil between phases.
  package var optimizer: OptimizerState?
  /// The phase's parameters at its best epoch by validation; empty when there is no validation.
  package var best: [String: Tensor] = [:]

  package init() {}
}
