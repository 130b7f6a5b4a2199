import Files

/// How well a model retrieves held-out items, by both protocols, with intervals and beside chance.
public struct RetrievalReport: Sendable, Equatable {
  /// The users with a test row.
  public let userCount: Int
  /// The test rows.
  public let rowCount: Int
  /// The test rows whose item has a training row of any user.
  public internal(set) var warmRowCount = 0
  /// The test rows whose item has none.
  public var coldRowCount: Int { rowCount - warmRowCount }

  public internal(set) var metrics = RetrievalGroups<Double>()
  /// 95 % intervals by bootstrap over users, of every metric that is a mean.
  public internal(set) var intervals = RetrievalGroups<ConfidenceInterval>()
  /// What is expected of a random order of the candidates on the same rows.
  public internal(set) var chance = RetrievalGroups<Double>()

  /// What each user with a test row is shown; nil where the cutoffs have no list.
  public internal(set) var shown: ShownLists?

  init(userCount: Int, rowCount: Int) {
    self.userCount = userCount
    self.rowCount = rowCount
  }

  public var seenIncluded: RetrievalMetrics<Double> { metrics.seenIncluded }
  public var seenExcluded: RetrievalMetrics<Double> { metrics.seenExcluded }
  public var warm: RetrievalMetrics<Double> { metrics.warm }
  public var cold: RetrievalMetrics<Double> { metrics.cold }

  /// `seen_included`, `seen_excluded` and, of the same structure, `intervals` (each `[low, high]`).
  ///
  /// Warm and cold targets and chance are apart: `warm.json`, `chance.seenExcluded.json` and so on.
  public var json: JSONValue {
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
