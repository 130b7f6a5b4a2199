import TwoTowerEvaluation
import TwoTowerRecommenders

/// A reranker, and what it does for users whose rows it was not fitted on.
package struct RerankerFit: Sendable {
  /// Parts that users are dealt into: each is measured by weights fitted on the others.
  private static let folds = 5

  package let reranker: Reranker
  /// NDCG@20 of retrieval's own order.
  package let retrieved: Double
  /// The same of the new order, by weights of other users.
  package let reranked: Double

  /// Fits the weights on the test rows of `data`, which neither model may have seen.
  ///
  /// - Throws: `ScoringError` for a score that is not finite.
  init(_ scorer: ServedScorer, ranking: RankingModel, data: TowerData) throws {
    let truth = data.testTruth
    let inputs = RerankingInputs(ranking, data: data)
    let gains = DiscountedGains(length: min(20, data.itemCount))
    let retrieved = try scorer.retrieve(Reranker.depth, for: truth.testedUsers) { Array(truth.training[$0]) }
      .filter { !scorer.servesPopularity($0) }
    var judged = JudgedLists(width: inputs.width)
    for (list, rows) in zip(retrieved, inputs.rows(of: retrieved)) {
      let tests = Set(truth.test[Int(list.user)])
      judged.append(
        JudgedLists.List(
          values: rows.values, isRelevant: list.items.map(tests.contains),
          idealGain: gains.idealGains[min(gains.length, tests.count)]))
    }
    self.init(judged, names: inputs.names, gains: gains)
  }

  /// Fits the weights on lists, one for each user.
  ///
  /// Where weights do not help the users that they were not fitted on, lists stay in the order of retrieval.
  ///
  /// - Parameter names: of the numbers of a candidate.
  package init(_ judged: JudgedLists, names: [String], gains: DiscountedGains) {
    func ndcg(_ positions: some Sequence<Int>, by reranker: Reranker) -> Double {
      positions.reduce(0) { sum, position in
        let list = judged.lists[position]
        let order = reranker.order(list.values).prefix(gains.length)
        return sum + zip(order, gains.discounts).reduce(0) { $0 + (list.isRelevant[$1.0] ? $1.1 : 0) } / list.idealGain
      }
    }
    let kept = Reranker(keepingOrderOf: names)
    let count = Double(max(1, judged.lists.count))
    retrieved = ndcg(judged.lists.indices, by: kept) / count
    var gained = 0.0
    for fold in 0..<Self.folds {
      let weights = judged.weights { $0 % Self.folds != fold }
      gained += ndcg(
        judged.lists.indices.filter { $0 % Self.folds == fold }, by: Reranker(names: names, weights: weights))
    }
    reranked = gained / count
    reranker = reranked > retrieved ? Reranker(names: names, weights: judged.weights()) : kept
  }
}
