import Foundation
import Testing
import TwoTowerEvaluation

struct RetrievalMetricTests {
  /// Two groups of numbers as a report has them.
  private var metrics: RetrievalMetrics<Double> {
    var metrics = RetrievalMetrics<Double>()
    for (k, value) in [(100, 0.75), (5, 0.25), (10, 0.5)] {
      metrics[MetricAtCutoff(.topKCategoricalAccuracy, at: k)] = value
    }
    metrics[MetricAtCutoff(.coverage, at: 20)] = 0.125
    metrics[MetricAtCutoff(.meanReciprocalRank)] = 0.3
    metrics[MetricAtCutoff(.recall, at: 20)] = 0.4
    return metrics
  }

  private func decoded<Value: Decodable>(_ json: String) throws -> RetrievalMetrics<Value> {
    try JSONDecoder().decode(RetrievalMetrics<Value>.self, from: Data(json.utf8))
  }

  @Test func everyMetricIsThereOnce() {
    #expect(Set(RetrievalMetric.all.map(\.key)).count == RetrievalMetric.all.count)
    #expect(RetrievalMetric.ofLists.map(\.key) == [
      "recall", "ndcg", "precision", "map", "hit_rate", "coverage", "novelty", "mean_popularity", "gini", "entropy",
      "diversity",
    ])
    #expect(RetrievalMetric.recall.title(at: 20) == "recall@20" && RetrievalMetric.novelty.title(at: 20) == "novelty (bits)")
  }

  @Test func documentsAndTablesHaveTheOrderOfTheMetrics() {
    #expect(metrics.names.map(\.title) == ["top-5", "top-10", "top-100", "MRR", "recall@20", "coverage@20"])
    #expect(
      metrics.json.text(indent: nil) == #"{"top_k_categorical_accuracy":{"5":0.25,"10":0.5,"100":0.75},"#
        + #""mrr":0.3,"recall":{"20":0.4},"coverage":{"20":0.125}}"#)
    #expect(RetrievalMetrics<Double>().json.text(indent: nil) == "{}")
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    #expect(try decoded(metrics.json.text()) == metrics)
    var intervals = RetrievalMetrics<ConfidenceInterval>()
    intervals[MetricAtCutoff(.recall, at: 20)] = ConfidenceInterval(low: 0.25, high: 0.5)
    #expect(try decoded(intervals.json.text()) == intervals)
  }

  @Test(arguments: [
    (#"{"recal": {"20": 0.5}}"#, "recal"), (#"{"recall": {"twenty": 0.5}}"#, "Int"), (#"{"recall": 0.5}"#, "Dictionary"),
    (#"{"mrr": {"20": 0.5}}"#, "Double"), (#"{"mrr": [0.1, 0.2]}"#, "Double"),
  ]) func whatIsNoMetricIsNamed(json: String, words: String) {
    let error = #expect(throws: DecodingError.self) { let _: RetrievalMetrics<Double> = try decoded(json) }
    #expect(error.map { "\($0)".contains(words) } == true, "\(String(describing: error))")
  }

  @Test func anIntervalHasTwoBounds() {
    #expect(throws: DecodingError.self) {
      let _: RetrievalMetrics<ConfidenceInterval> = try decoded(#"{"mrr": [0.1, 0.2, 0.3]}"#)
    }
  }
}
