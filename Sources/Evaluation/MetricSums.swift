/// The sums that all means are ratios of: one row of numbers per user, so that users can be drawn again (bootstrap).
///
/// A row has the columns of `MetricColumns` for each `RetrievalGroup`.
struct MetricSums: Sendable {
  let columns: MetricColumns
  private(set) var values: [Double]

  init(columns: MetricColumns) {
    self.columns = columns
    values = [Double](repeating: 0, count: columns.count)
  }

  /// Counts one test row by its rank (0 is the best).
  mutating func addRow(_ group: RetrievalGroup, rank: Int) { addRow(group, columns.values(atRank: rank)) }

  /// Counts one test row by what is expected of it, in the order of `MetricColumns.ofRanks`.
  mutating func addRow(_ group: RetrievalGroup, _ expected: [Double]) {
    let base = columns.offset(group)
    values[base] += 1
    for (index, value) in expected.enumerated() { values[base + columns.rankOffset + index] += value }
  }

  /// Counts the lists of one user, by a value for each of `MetricColumns.ofLists`.
  mutating func addLists(_ group: RetrievalGroup, _ metrics: [Double]) {
    let base = columns.offset(group)
    values[base + 1] += 1
    for (index, value) in metrics.enumerated() { values[base + columns.listOffset + index] += value }
  }
}

/// The columns of a group's sums: test rows, users, Σ of each metric of ranks, Σ of each metric of each list.
struct MetricColumns: Sendable {
  typealias RankMetric = (name: MetricAtCutoff, value: @Sendable (_ rank: Int) -> Double)
  /// `cutoff` is the place of the metric's k among those of lists.
  typealias ListMetric = (
    name: MetricAtCutoff, cutoff: Int, value: @Sendable (ListOutcome) -> Double,
    chance: @Sendable (RandomList) -> Double
  )

  private(set) var ofRanks: [RankMetric] = []
  private(set) var ofLists: [ListMetric] = []

  init(_ cutoffs: RetrievalCutoffs) {
    for metric in RetrievalMetric.all {
      switch metric.formula {
      case .rank(let value): ofRanks.append((MetricAtCutoff(metric), value))
      case .rankAtCutoff(let value):
        for k in cutoffs.accuracy { ofRanks.append((MetricAtCutoff(metric, at: k), { value($0, k) })) }
      case .list(let value, let chance):
        for (place, k) in cutoffs.lists.enumerated() {
          ofLists.append((MetricAtCutoff(metric, at: k), place, value, chance))
        }
      case .allLists: break
      }
    }
  }

  var rankOffset: Int { 2 }
  var listOffset: Int { 2 + ofRanks.count }
  private var width: Int { 2 + ofRanks.count + ofLists.count }
  /// The number of columns of all groups.
  var count: Int { RetrievalGroup.allCases.count * width }

  func offset(_ group: RetrievalGroup) -> Int { group.rawValue * width }

  /// The metrics of ranks, of one row.
  func values(atRank rank: Int) -> [Double] { ofRanks.map { $0.value(rank) } }

  /// The means that sums come to, group by group, metrics of ranks before those of lists; NaN where nothing was counted.
  func means(of sums: [Double]) -> [Double] {
    var means: [Double] = []
    means.reserveCapacity(count)
    for group in RetrievalGroup.allCases {
      let base = offset(group)
      for column in ofRanks.indices { means.append(sums[base + rankOffset + column] / sums[base]) }
      for column in ofLists.indices { means.append(sums[base + listOffset + column] / sums[base + 1]) }
    }
    return means
  }

  /// Names what `means` numbered.
  func groups<Value>(of values: [Value?]) -> RetrievalGroups<Value> {
    let names = ofRanks.map(\.name) + ofLists.map(\.name)
    var groups = RetrievalGroups<Value>()
    for group in RetrievalGroup.allCases {
      for (place, name) in names.enumerated() { groups[group][name] = values[group.rawValue * names.count + place] }
    }
    return groups
  }
}
