/// Which test rows count, and what competes with their items.
package enum RetrievalGroup: Int, Sendable, CaseIterable {
  /// All candidates compete, the user's training items too.
  case seenIncluded
  /// The user's training items are no candidates.
  case seenExcluded
  /// As `seenExcluded`, of the test rows whose item has at least one training row.
  case warm
  /// As `seenExcluded`, of the test rows whose item has no training row.
  case cold

  /// The groups whose lists are measured: lists never have what the user has seen.
  static let ofLists: [RetrievalGroup] = [.seenExcluded, .warm, .cold]

  /// Whether test rows of warm (or cold) items count.
  func includes(isWarm: Bool) -> Bool {
    switch self {
    case .seenIncluded, .seenExcluded: true
    case .warm: isWarm
    case .cold: !isWarm
    }
  }
}

/// The same metrics for every group of test rows.
package struct RetrievalGroups<Value: Sendable & Equatable>: Sendable, Equatable {
  private var metrics = RetrievalGroup.allCases.map { _ in RetrievalMetrics<Value>() }

  package init() {}

  package subscript(group: RetrievalGroup) -> RetrievalMetrics<Value> {
    get { metrics[group.rawValue] }
    set { metrics[group.rawValue] = newValue }
  }

  package var seenIncluded: RetrievalMetrics<Value> { self[.seenIncluded] }
  package var seenExcluded: RetrievalMetrics<Value> { self[.seenExcluded] }
  package var warm: RetrievalMetrics<Value> { self[.warm] }
  package var cold: RetrievalMetrics<Value> { self[.cold] }
}
