/// How right the lists are for users of like activity.
package struct ActivityGroup: Sendable, Equatable {
  /// The training rows that its users have.
  package let trainingRows: ClosedRange<Int>
  package let userCount: Int
  /// The metrics of each list.
  package let metrics: ListMetrics
}

/// How well items of like popularity are found, and how often they are shown.
package struct PopularityGroup: Sendable, Equatable {
  /// The training rows that its items have; without an upper bound for the most popular.
  package let trainingRows: ClosedRange<Int>
  package let itemCount: Int
  /// Test rows with one of its items.
  package let testRowCount: Int
  /// Of these rows, the share whose item is in the user's list; nil without a row.
  package let hitRate: Double?
  /// Of all recommendations, the share that its items have.
  package let shareOfRecommendations: Double
}

/// Metrics of lists by how many training rows their users have: up to four groups of about as many users each,
/// users without a training row apart.
package func activityGroups(_ lists: ShownLists, truth: RetrievalTruth) -> [ActivityGroup] {
  let activity = lists.users.map { truth.training[Int($0)].count }
  let order = lists.users.indices.filter { activity[$0] > 0 }.sorted { (activity[$0], $0) < (activity[$1], $1) }
  // Users of equal activity stay together, so a group may be larger than a quarter, or be missing.
  var edges: [Int] = []
  for quarter in 1...4 where !order.isEmpty {
    let edge = activity[order[(order.count * quarter - 1) / 4]]
    if edge != edges.last { edges.append(edge) }
  }
  var ranges: [ClosedRange<Int>] = activity.contains(0) ? [0...0] : []
  var start = order.first.map { activity[$0] } ?? 1
  for edge in edges {
    ranges.append(start...edge)
    start = edge + 1
  }
  return ranges.map { range in
    let members = lists.users.indices.filter { range.contains(activity[$0]) }
    return ActivityGroup(
      trainingRows: range, userCount: members.count,
      metrics: ListMetrics(meansOver: members, of: lists, truth: truth))
  }
}

/// Metrics of lists by how many training rows items have: 0, 1–4, 5–19, 20–99, 100 and more; groups without an
/// item are left out.
package func popularityGroups(_ lists: ShownLists, truth: RetrievalTruth) -> [PopularityGroup] {
  let counts = truth.trainingCounts
  let most = max(100, counts.max() ?? 0)
  let ranges = [0...0, 1...4, 5...19, 20...99, 100...most]
  let groupOfItem = counts.map { count in ranges.firstIndex { $0.contains(count) }! }
  var (items, rows, hits, shown) = (
    ranges.map { _ in 0 }, ranges.map { _ in 0 }, ranges.map { _ in 0 }, ranges.map { _ in 0 }
  )
  for group in groupOfItem { items[group] += 1 }
  for position in 0..<lists.count {
    let list = Set(lists[position])
    for item in truth.test[Int(lists.users[position])] {
      rows[groupOfItem[Int(item)]] += 1
      if list.contains(item) { hits[groupOfItem[Int(item)]] += 1 }
    }
    for item in list { shown[groupOfItem[Int(item)]] += 1 }
  }
  let total = Double(max(1, shown.reduce(0, +)))
  return ranges.indices.filter { items[$0] > 0 }.map { group in
    PopularityGroup(
      trainingRows: ranges[group], itemCount: items[group], testRowCount: rows[group],
      hitRate: rows[group] > 0 ? Double(hits[group]) / Double(rows[group]) : nil,
      shareOfRecommendations: Double(shown[group]) / total)
  }
}
