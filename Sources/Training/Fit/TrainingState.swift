import Autodiff
import NeuralNetwork

/// Where a run stands: with the data and the recipe, enough to go on to the same bits as a run that never stopped.
public struct TrainingState: Sendable {
  /// The small part, written as readable text.
  public struct Progress: Sendable, Codable, Equatable {
    /// The phase in work, among the recipe's phases; their number when all are done.
    public var phaseIndex = 0
    /// From 0.
    public var epoch = 0
    /// Steps of this epoch that are done.
    public var step = 0
    /// Steps of this phase that are done.
    public var globalStep = 0
    /// The losses of this epoch's steps so far, weighted by rows. Kept as its bits: decimal text would round it.
    public var lossSumBits: UInt64 = 0
    public var history: [EpochRecord] = []
    public var bestScoreBits: UInt64?
    public var bestEpoch = 0
    public var looksWithoutGain = 0

    public init() {}

    var lossSum: Double {
      get { Double(bitPattern: lossSumBits) }
      set { lossSumBits = newValue.bitPattern }
    }
    var bestScore: Double? {
      get { bestScoreBits.map(Double.init(bitPattern:)) }
      set { bestScoreBits = newValue?.bitPattern }
    }
  }

  public var progress = Progress()
  /// Parameters by name.
  public var parameters: [String: Tensor] = [:]
  /// The optimiser's state; nil between phases.
  public var optimizer: OptimizerState?
  /// The phase's parameters at its best epoch by validation; empty when there is no validation.
  public var best: [String: Tensor] = [:]

  public init() {}
}
