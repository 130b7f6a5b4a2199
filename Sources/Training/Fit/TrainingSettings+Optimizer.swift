import TwoTowerNeuralNetwork

extension TrainingSettings {
  /// Rows of one step out of `rowCount`; a batch size of 0 takes them all.
  func rowsPerStep(of rowCount: Int) -> Int { batchSize == 0 ? max(1, rowCount) : batchSize }

  /// A new optimiser with these settings.
  func makeOptimizer() -> any Optimizer {
    switch optimizer {
    case .sgd: SGD(momentum: momentum, weightDecay: weightDecay)
    case .adagrad: Adagrad(initialAccumulator: initialAccumulator, weightDecay: weightDecay)
    case .adam: Adam(weightDecay: weightDecay)
    case .adamw: AdamW(weightDecay: weightDecay)
    }
  }

  /// The learning rate over `totalSteps` steps.
  func learningRateSchedule(totalSteps: Int) -> LearningRateSchedule {
    LearningRateSchedule(
      baseRate: learningRate, warmUpSteps: Int((warmup * Double(totalSteps)).rounded()), decay: schedule)
  }
}
