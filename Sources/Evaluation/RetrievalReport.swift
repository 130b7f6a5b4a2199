import TwoTowerFiles

/// How well a model retrieves held-out items, by both protocols, with intervals and beside chance.
package struct RetrievalReport: Sendable, Equatable {
  /// The users with a test row.
  package let userCount: Int
  /// The test rows.
  package let rowCount: Int
  /// The test rows whose item has a training row of any user.
  package internal(set) var warmRowCount = 0
  /// The test rows whose item has none.
  package var coldRowCount: Int { rowCount - warmRowCount }

  package internal(set) var metrics = RetrievalGroups<Double>()
  /// 95 % intervals by bootstrap over users, of every metric that is a mean.
  package internal(set) var intervals = RetrievalGroups<ConfidenceInterval>()
  /// What is expected of a random order of the candidates on the same rows.
  package internal(set) var chance = RetrievalGroups<Double>()

  /// What each user with a test row is shown; nil where the cutoffs have no list.
  package internal(set) var shown: ShownLists?
  /// The metrics of each user's list, seen items excluded, in the order of `shown`.
  package internal(set) var ofEachUser: [MetricAtCutoff: [Double]] = [:]

  init(userCount: Int, rowCount: Int) {
    self.userCount = userCount
    self.rowCount = rowCount
  }

  package var seenIncluded: RetrievalMetrics<Double> { metrics.seenIncluded }
  package var seenExcluded: RetrievalMetrics<Double> { metrics.seenExcluded }
  package var warm: RetrievalMetrics<Double> { metrics.warm }
  package var cold: RetrievalMetrics<Double> { metrics.cold }

  /// `seen_included`, `seen_excluded` and, of the same structure, `intervals` (each `[low, high]`).
  ///
  /// Warm and cold targets and chance are apart: `warm.json`, `chance.seenExcluded.json` and so on.
  package var json: JSONValue {
    var members = [
      (key: "seen_included", value: seenIncluded.json), (key: "seen_excluded", value: seenExcluded.json),
    ]
    let intervals = JSONValue.object([
      (key: "seen_included", value: intervals.seenIncluded.json),
      (key: "seen_excluded", value: intervals.seenExcluded.json),
    ])
    if !self.intervals.seenIncluded.isEmpty { members.append((key: "intervals", value: intervals)) }
    return .object(members)
  }
}
