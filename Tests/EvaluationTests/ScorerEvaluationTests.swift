import Testing
import TwoTowerEvaluation
import TwoTowerKernels
import TwoTowerRecommenders

/// Scores by a formula: user + 2 · candidate, but candidate 3 of user 1 is not a number.
private struct FormulaScorer: CandidateScorer {
  let userCount = 200
  let candidateCount = 5
  let isDamaged: Bool

  func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    for (row, user) in users.enumerated() {
      for (column, candidate) in candidates.enumerated() {
        scores[row * candidates.count + column] =
          isDamaged && user == 1 && candidate == 3 ? .nan : Float(user + 2 * candidate)
      }
    }
  }
}

struct ScorerEvaluationTests {
  @Test func anyScorerIsEvaluated() throws {
    let truth = RetrievalTruth(
      userCount: 200, candidateCount: 5, trainingUsers: [7], trainingItems: [4], testUsers: [7, 7], testItems: [3, 0])
    let report = try evaluateRetrieval(
      scorer: FormulaScorer(isDamaged: false), truth: truth, cutoffs: RetrievalCutoffs(accuracy: [1, 2], list: nil),
      seed: 1)
    #expect(report.seenExcluded.topKCategoricalAccuracy == [1: 0.5, 2: 0.5])
    #expect(report.seenIncluded.topKCategoricalAccuracy == [1: 0, 2: 0.5])
  }

  @Test func scoresThatAreNotNumbersAreAnError() throws {
    let truth = RetrievalTruth(
      userCount: 200, candidateCount: 5, trainingUsers: [], trainingItems: [], testUsers: [0, 1], testItems: [0, 0])
    #expect(throws: ScoringError.nonFiniteScore(queryRow: 1)) {
      try evaluateRetrieval(
        scorer: FormulaScorer(isDamaged: true), truth: truth, cutoffs: .fitting(candidateCount: 5), seed: 1)
    }
  }
}
