import Testing
import TwoTowerNeuralNetwork

@Test func constantStays() {
  let schedule = LearningRateSchedule(baseRate: 0.3)
  #expect((0..<5).map { schedule.rate(step: $0, totalSteps: 5) } == [0.3, 0.3, 0.3, 0.3, 0.3])
}

@Test func warmUpRisesInEqualPartsToTheBaseRate() {
  let schedule = LearningRateSchedule(baseRate: 1, warmUpSteps: 4)
  #expect((0..<6).map { schedule.rate(step: $0, totalSteps: 100) } == [0.25, 0.5, 0.75, 1, 1, 1])
}

@Test func cosineFallsToZero() {
  let schedule = LearningRateSchedule(baseRate: 2, decay: .cosine)
  let expected: [Float] = [2, 1 + Float(0.5).squareRoot(), 1, 1 - Float(0.5).squareRoot(), 0, 0]
  for (step, rate) in expected.enumerated() {
    #expect(abs(schedule.rate(step: step, totalSteps: 4) - rate) < 1e-6)
  }
}

@Test func cosineStartsAfterTheWarmUp() {
  let schedule = LearningRateSchedule(baseRate: 2, warmUpSteps: 2, decay: .cosine)
  let expected: [Float] = [1, 2, 2, 1, 0]
  for (step, rate) in expected.enumerated() {
    #expect(abs(schedule.rate(step: step, totalSteps: 4) - rate) < 1e-6)
  }
  #expect(LearningRateSchedule(baseRate: 1, warmUpSteps: 9, decay: .cosine).rate(step: 9, totalSteps: 5).isFinite)
}
