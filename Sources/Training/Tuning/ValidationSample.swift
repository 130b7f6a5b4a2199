import TwoTowerEvaluation
import TwoTowerKernels
import TwoTowerRecommenders

/// Some users with validation rows, and what they are measured by: NDCG@20, seen items excluded.
package struct ValidationSample {
  package static let userLimit = 4_000

  package let users: [Int]
  package let truth: RetrievalTruth
  private let cutoff: Int

  /// - Parameter data: with validation rows.
  package init(_ data: TowerData, seed: UInt64) {
    var isKnown = [Bool](repeating: false, count: data.userCount)
    let telling = data.telling
    for user in telling.users { isKnown[Int(user)] = true }
    var users = isKnown.indices.filter { isKnown[$0] }
    if users.count > Self.userLimit {
      var generator = SeededGenerator(seed: seed, purpose: .evaluatedUsers)
      generator.shuffle(&users)
      users = users.prefix(Self.userLimit).sorted()
    }
    var isDrawn = [Bool](repeating: false, count: data.userCount)
    for user in users { isDrawn[user] = true }
    let rows = telling.users.indices.filter { isDrawn[Int(telling.users[$0])] }
    self.users = users
    truth = RetrievalTruth(
      userCount: data.userCount, candidateCount: data.itemCount, trainingUsers: data.training.users,
      trainingItems: data.training.items, testUsers: rows.map { telling.users[$0] },
      testItems: rows.map { telling.items[$0] })
    cutoff = min(20, data.itemCount)
  }

  /// - Throws: `ScoringError` where a score is not finite.
  package func ndcg(_ scorer: any CandidateScorer) throws -> Double {
    let metrics = try evaluateRetrieval(
      scorer: scorer, truth: truth, cutoffs: RetrievalCutoffs(accuracy: [], list: cutoff), bootstrapSamples: 0, seed: 0
    ).seenExcluded
    return metrics[MetricAtCutoff(.ndcg, at: cutoff)] ?? 0
  }
}

extension TowerData {
  /// The same without validation rows: fits that nobody judges by them take less time.
  var withoutValidation: TowerData {
    var data = self
    data.validation = LabeledPairs()
    return data
  }

  /// The same, with the validation rows of a sample's users alone.
  func validating(on sample: ValidationSample) -> TowerData {
    var isDrawn = [Bool](repeating: false, count: userCount)
    for user in sample.users { isDrawn[user] = true }
    var data = self
    data.validation = validation.selecting(
      validation.users.indices.filter { isDrawn[Int(validation.users[$0])] }.map(Int32.init))
    return data
  }
}
