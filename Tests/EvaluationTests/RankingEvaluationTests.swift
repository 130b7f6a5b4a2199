import Testing
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerKernels
import TwoTowerRecommenders

struct RankingEvaluationTests {
  @Test func figuresByHand() throws {
    // User 0: labels 1, 2, 3 with predictions 1, 1, 0: a tie and two wrong pairs. User 1: one right pair.
    // User 2's two rows have the same label: no pair.
    let report = try evaluateRanking(
      predictions: [1, 5, 1, 0, 6, 2, 3], labels: [1, 5, 2, 3, 6, 4, 4], users: [0, 1, 0, 0, 1, 2, 2],
      trainingMean: 3, seed: 1)
    #expect(report.pairwiseAccuracy == 1.5 / 4)
    #expect(report.rmse == ((0 + 0 + 1 + 9 + 0 + 4 + 1) / 7.0).squareRoot())
    #expect(report.constantRMSE == ((4 + 4 + 1 + 0 + 9 + 1 + 1) / 7.0).squareRoot())
  }

  @Test(arguments: 0..<6) func agreesWithAllPairs(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample)
    let count = [1, 2, 40, 300, 300, 300][seed]
    let users = (0..<count).map { _ in Int32(generator.below(6)) }
    let labels = (0..<count).map { _ in Float(generator.below(8)) }
    let predictions = (0..<count).map { _ in Float(generator.below(5)) / 3 }
    var (total, right) = (0.0, 0.0)
    for i in 0..<count {
      for j in 0..<count where users[i] == users[j] && labels[i] < labels[j] {
        total += 1
        right += predictions[i] < predictions[j] ? 1 : predictions[i] == predictions[j] ? 0.5 : 0
      }
    }
    let report = try evaluateRanking(
      predictions: predictions, labels: labels, users: users, trainingMean: 0, bootstrapSamples: 50, seed: 1)
    #expect(report.pairwiseAccuracy == (total > 0 ? right / total : nil))
    if let interval = report.pairwiseAccuracyInterval, let accuracy = report.pairwiseAccuracy {
      #expect(interval.low <= accuracy && accuracy <= interval.high)
    }
  }

  @Test func whatWasNotComputedIsAbsent() throws {
    let empty = try evaluateRanking(predictions: [], labels: [], users: [], trainingMean: 0, seed: 1)
    #expect(empty == RankingReport())
    #expect(empty.json.text(indent: nil) == "{}")
    let single = try evaluateRanking(predictions: [1], labels: [3], users: [0], trainingMean: 2, seed: 1)
    #expect(single.rmse == 2 && single.constantRMSE == 1)
    #expect(single.pairwiseAccuracy == nil && single.pairwiseAccuracyInterval == nil)
    #expect(
      single.json.text(indent: nil)
        == #"{"rmse":2.0,"constant_rmse":1.0,"intervals":{"rmse":[2.0,2.0],"constant_rmse":[1.0,1.0]}}"#)
  }

  @Test func valuesThatAreNotFiniteAreNamed() {
    #expect(throws: ScoringError.nonFinite(tensor: "predictions", row: 1)) {
      try evaluateRanking(predictions: [1, .nan], labels: [1, 1], users: [0, 0], trainingMean: 0, seed: 1)
    }
    #expect(throws: ScoringError.nonFinite(tensor: "labels", row: 0)) {
      try evaluateRanking(predictions: [1, 1], labels: [.infinity, 1], users: [0, 0], trainingMean: 0, seed: 1)
    }
  }
}
