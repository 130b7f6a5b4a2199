import TwoTowerFiles

/// A metric at its cutoff: what a number of a report is named by.
package struct MetricAtCutoff: Sendable, Hashable {
  package let metric: RetrievalMetric
  /// Nil for a metric that has none.
  package let cutoff: Int?

  package init(_ metric: RetrievalMetric, at cutoff: Int? = nil) {
    self.metric = metric
    self.cutoff = cutoff
  }

  /// The name in tables, such as `recall@20`.
  package var title: String { metric.title(at: cutoff) }
  /// The dotted path in JSON, such as `recall.20`.
  package var path: String { metric.key + (cutoff.map { ".\($0)" } ?? "") }
}

/// The metrics of one group of test rows: numbers, or their intervals.
///
/// What was not computed is absent.
package struct RetrievalMetrics<Value: Sendable & Equatable>: Sendable, Equatable {
  private var values: [MetricAtCutoff: Value] = [:]

  package init() {}

  package subscript(metric: MetricAtCutoff) -> Value? {
    get { values[metric] }
    set { values[metric] = newValue }
  }

  /// Whether nothing was computed.
  package var isEmpty: Bool { values.isEmpty }

  /// What was computed, in the order of `RetrievalMetric.all` and by ascending k.
  package var names: [MetricAtCutoff] {
    RetrievalMetric.all.flatMap { metric in
      values.keys.filter { $0.metric == metric }.sorted { $0.cutoff ?? 0 < $1.cutoff ?? 0 }
    }
  }

  /// The values of a metric by k.
  package func byCutoff(_ metric: RetrievalMetric) -> [Int: Value] {
    var found: [Int: Value] = [:]
    for (name, value) in values where name.metric == metric { if let k = name.cutoff { found[k] = value } }
    return found
  }

  package var topKCategoricalAccuracy: [Int: Value] { byCutoff(.topKCategoricalAccuracy) }
  package var mrr: Value? { self[MetricAtCutoff(.meanReciprocalRank)] }
  package var recall: [Int: Value] { byCutoff(.recall) }
  package var ndcg: [Int: Value] { byCutoff(.ndcg) }
  package var precision: [Int: Value] { byCutoff(.precision) }
  package var meanAveragePrecision: [Int: Value] { byCutoff(.meanAveragePrecision) }
  package var hitRate: [Int: Value] { byCutoff(.hitRate) }
  package var coverage: [Int: Value] { byCutoff(.coverage) }
}

extension RetrievalMetrics where Value: JSONConvertible {
  /// An object of what was computed, each metric "at k" as an object by ascending k.
  package var json: JSONValue {
    var members: [(key: String, value: JSONValue)] = []
    for name in names {
      let value = self[name]!.json
      guard let cutoff = name.cutoff else {
        members.append((key: name.metric.key, value: value))
        continue
      }
      if members.last?.key != name.metric.key { members.append((key: name.metric.key, value: .object([]))) }
      members[members.count - 1].value = members[members.count - 1].value.adding("\(cutoff)", value)
    }
    return .object(members)
  }
}
