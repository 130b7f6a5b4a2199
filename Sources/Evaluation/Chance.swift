/// What a random order of the candidates would reach on the same test rows, computed exactly (no sampling).
///
/// An item's rank is uniform among the user's candidates. A test item that the user was trained on is no candidate
/// where seen items are excluded: it stays last, as in `evaluateRetrieval`.
func chanceSums(truth: RetrievalTruth, columns: MetricColumns, gains: [DiscountedGains]) -> MetricSums {
  var total = MetricSums(columns: columns)
  let candidateCount = truth.candidateCount
  let users = truth.testedUsers
  let means = columns.meansOfUniformRanks(
    among: Set(users.map { candidateCount - truth.training[$0].count } + [candidateCount]))

  for user in users {
    let seen = truth.training[user]
    let remaining = candidateCount - seen.count
    for item in truth.test[user] {
      total.addRow(.seenIncluded, means[candidateCount]!)
      for group in [RetrievalGroup.seenExcluded, truth.isWarm[Int(item)] ? .warm : .cold] {
        if seen.sortedContains(item) {
          total.addRow(group, rank: candidateCount - 1)
        } else {
          total.addRow(group, means[remaining]!)
        }
      }
    }
    guard !gains.isEmpty else { continue }
    for group in RetrievalGroup.ofLists {
      let relevant = truth.test[user].filter { group.includes(isWarm: truth.isWarm[Int($0)]) }
      guard !relevant.isEmpty else { continue }
      let found = relevant.count { !seen.sortedContains($0) }
      let random = gains.map {
        RandomList(candidates: remaining, candidatesRelevant: found, relevant: relevant.count, gains: $0)
      }
      total.addLists(group, columns.ofLists.map { $0.chance(random[$0.cutoff]) })
    }
  }
  return total
}

extension MetricColumns {
  /// The metrics of ranks where the rank is any of n with the same probability, by n.
  fileprivate func meansOfUniformRanks(among counts: Set<Int>) -> [Int: [Double]] {
    var sums = [Double](repeating: 0, count: ofRanks.count)
    var means: [Int: [Double]] = [:]
    for rank in 0..<(counts.max() ?? 0) {
      for (column, metric) in ofRanks.enumerated() { sums[column] += metric.value(rank) }
      if counts.contains(rank + 1) { means[rank + 1] = sums.map { $0 / Double(rank + 1) } }
    }
    return means
  }
}
