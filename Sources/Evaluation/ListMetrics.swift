import TwoTowerAutodiff
import TwoTowerFiles

/// What lists of recommendations are worth: how often they are right, how daring, how varied.
package struct ListMetrics: Sendable, Equatable {
  /// The greatest length of a list.
  package let length: Int
  private var values: [RetrievalMetric: Double] = [:]

  init(length: Int) { self.length = length }

  /// The value of a metric of lists; nil where it is not defined.
  package internal(set) subscript(metric: RetrievalMetric) -> Double? {
    get { values[metric] }
    set { values[metric] = newValue }
  }

  package var recall: Double? { self[.recall] }
  package var ndcg: Double? { self[.ndcg] }
  package var precision: Double? { self[.precision] }
  package var meanAveragePrecision: Double? { self[.meanAveragePrecision] }
  package var hitRate: Double? { self[.hitRate] }
  package var coverage: Double? { self[.coverage] }
  package var novelty: Double? { self[.novelty] }
  package var meanPopularity: Double? { self[.meanPopularity] }
  package var gini: Double? { self[.gini] }
  package var entropy: Double? { self[.entropy] }
  package var diversity: Double? { self[.diversity] }

  /// The values by the metrics' keys.
  package var json: JSONValue { .object(members) }

  /// The members of `json`.
  package var members: [(key: String, value: JSONValue)] {
    RetrievalMetric.ofLists.compactMap { metric in self[metric].map { (key: metric.key, value: .number($0)) } }
  }
}

extension ListMetrics {
  /// The means of the metrics of each list; 0 for none.
  ///
  /// - Precondition: every list belongs to a user with a test row.
  init(meansOver positions: some Collection<Int>, of lists: ShownLists, truth: RetrievalTruth) {
    self.init(length: lists.length)
    let gains = DiscountedGains(length: lists.length)
    let outcomes = positions.compactMap { position in
      ListOutcome(lists[position], tests: truth.test[Int(lists.users[position])], gains: gains)
    }
    for metric in RetrievalMetric.ofLists {
      guard case .list(let value, _) = metric.formula else { continue }
      self[metric] = outcomes.reduce(0) { $0 + value($1) } / Double(max(1, positions.count))
    }
  }
}

/// Measures lists of recommendations against the test rows.
///
/// - Parameter candidates: `[candidateCount, dimension]`, whose cosines tell how alike two items are; nil where nothing
///   tells, and diversity is not measured.
/// - Returns: nil where no list has an item.
/// - Precondition: every list belongs to a user with a test row; items exist.
package func evaluateLists(_ lists: ShownLists, truth: RetrievalTruth, candidates: Tensor?) -> ListMetrics? {
  precondition(
    candidates.map { $0.shape[0] == truth.candidateCount } ?? true,
    "evaluateLists: candidates \(candidates!.shape), \(truth.candidateCount) in the truth")
  guard !lists.allItems.isEmpty else { return nil }
  var metrics = ListMetrics(meansOver: 0..<lists.count, of: lists, truth: truth)
  let all = AllLists(lists, truth: truth, candidates: candidates)
  for metric in RetrievalMetric.ofLists {
    if case .allLists(let value) = metric.formula { metrics[metric] = value(all) }
  }
  return metrics
}
