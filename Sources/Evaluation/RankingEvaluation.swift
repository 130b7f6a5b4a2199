import TwoTowerFiles
import TwoTowerRecommenders

/// How well labels are predicted; what was not computed is absent.
package struct RankingReport: Sendable, Equatable {
  /// The root of the mean squared error over all rows.
  package var rmse: Double?
  /// Of the pairs of one user's rows with different labels, the share in the right order; a tie counts one half.
  package var pairwiseAccuracy: Double?
  /// The RMSE of predicting the training mean for every row.
  package var constantRMSE: Double?

  package var rmseInterval: ConfidenceInterval?
  package var pairwiseAccuracyInterval: ConfidenceInterval?
  package var constantRMSEInterval: ConfidenceInterval?

  package init() {}

  /// `rmse`, `pairwise_accuracy`, `constant_rmse` and, by the same names, `intervals` (each `[low, high]`).
  package var json: JSONValue {
    func object(_ members: [(String, JSONValue?)]) -> [(key: String, value: JSONValue)] {
      members.compactMap { name, value in value.map { (key: name, value: $0) } }
    }
    let intervals = object([
      ("rmse", rmseInterval?.json), ("pairwise_accuracy", pairwiseAccuracyInterval?.json),
      ("constant_rmse", constantRMSEInterval?.json),
    ])
    return .object(
      object([
        ("rmse", rmse?.json), ("pairwise_accuracy", pairwiseAccuracy?.json), ("constant_rmse", constantRMSE?.json),
        ("intervals", intervals.isEmpty ? nil : .object(intervals)),
      ]))
  }
}

/// Measures predictions of labels; 95 % intervals by bootstrap over users.
///
/// - Parameter users: whose row each is; rows of a user need not stand together.
/// - Throws: `ScoringError.nonFinite` for a prediction or label that is not finite.
/// - Precondition: columns of equal length; `trainingMean` is finite.
/// - Complexity: O(n log n) for n rows.
package func evaluateRanking(
  predictions: [Float], labels: [Float], users: [Int32], trainingMean: Double,
  bootstrapSamples: Int = 1000, seed: UInt64
) throws(ScoringError) -> RankingReport {
  precondition(
    predictions.count == labels.count && users.count == labels.count,
    "evaluateRanking: \(predictions.count) predictions, \(labels.count) labels and \(users.count) users")
  precondition(trainingMean.isFinite, "evaluateRanking: the training mean is \(trainingMean)")
  for (name, values) in [("predictions", predictions), ("labels", labels)] {
    if let row = values.firstIndex(where: { !$0.isFinite }) { throw .nonFinite(tensor: name, row: row) }
  }

  // Rows by user, and by label within a user.
  let order = users.indices.sorted {
    (users[$0], labels[$0], $0) < (users[$1], labels[$1], $1)
  }
  var table = UserTable(columnCount: 5)
  var start = 0
  while start < order.count {
    var end = start
    while end < order.count && users[order[end]] == users[order[start]] { end += 1 }
    let rows = order[start..<end]
    let errors = rows.map { Double(predictions[$0]) - Double(labels[$0]) }
    let constantErrors = rows.map { trainingMean - Double(labels[$0]) }
    let pairs = orderedPairs(labels: rows.map { labels[$0] }, predictions: rows.map { predictions[$0] })
    table.append([
      Double(rows.count), errors.reduce(0) { $0 + $1 * $1 }, constantErrors.reduce(0) { $0 + $1 * $1 },
      pairs.total, pairs.right,
    ])
    start = end
  }

  let statistics: @Sendable ([Double]) -> [Double] = { sums in
    [(sums[1] / sums[0]).squareRoot(), sums[4] / sums[3], (sums[2] / sums[0]).squareRoot()]
  }
  let values = statistics(table.sums).map { $0.isNaN ? nil : $0 }
  let intervals = table.bootstrapIntervals(samples: bootstrapSamples, seed: seed, statistics: statistics)
  var report = RankingReport()
  (report.rmse, report.pairwiseAccuracy, report.constantRMSE) = (values[0], values[1], values[2])
  (report.rmseInterval, report.pairwiseAccuracyInterval, report.constantRMSEInterval) =
    (intervals[0], intervals[1], intervals[2])
  return report
}

/// Counts the pairs with different labels, and those of them that the predictions put in the right order (ties: ½).
///
/// - Parameter labels: ascending.
private func orderedPairs(labels: [Float], predictions: [Float]) -> (total: Double, right: Double) {
  let levels = Set(predictions).sorted()
  var counts = PrefixCounts(size: levels.count)
  var (total, right) = (0.0, 0.0)
  var start = 0
  while start < labels.count {
    var end = start
    while end < labels.count && labels[end] == labels[start] { end += 1 }
    let positions = predictions[start..<end].map { value in levels.partitioningIndex { $0 >= value } }
    for position in positions {
      let below = counts.sum(upTo: position)
      let notAbove = counts.sum(upTo: position + 1)
      right += Double(below) + 0.5 * Double(notAbove - below)
      total += Double(start)
    }
    for position in positions { counts.add(at: position) }
    start = end
  }
  return (total, right)
}

/// Counts by position with sums over prefixes in logarithmic time
/// (Fenwick, "A new data structure for cumulative frequency tables", 1994).
private struct PrefixCounts {
  private var nodes: [Int]

  init(size: Int) { nodes = [Int](repeating: 0, count: size + 1) }

  mutating func add(at position: Int) {
    var node = position + 1
    while node < nodes.count {
      nodes[node] += 1
      node += node & -node
    }
  }

  /// The number of entries at positions below `end`.
  func sum(upTo end: Int) -> Int {
    var (node, sum) = (end, 0)
    while node > 0 {
      sum += nodes[node]
      node -= node & -node
    }
    return sum
  }
}
