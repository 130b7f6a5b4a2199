import TwoTowerEvaluation

extension Comparison {
  /// A number that the entries are compared by.
  package struct Column: Sendable, Equatable {
    /// Which number of a report it is.
    package enum Quantity: Sendable, Equatable {
      case retrieval(RetrievalGroup, MetricAtCutoff)
      case ranking(RankingSection.Key)
    }

    package let title: String
    package let quantity: Quantity

    init(_ group: RetrievalGroup, _ name: MetricAtCutoff) {
      quantity = .retrieval(group, name)
      title = group.titlePrefix + name.title
    }

    init(_ title: String, _ key: RankingSection.Key) {
      quantity = .ranking(key)
      self.title = title
    }

    package var isRanking: Bool { if case .ranking = quantity { true } else { false } }

    /// Whether lower is better.
    package var isError: Bool { quantity == .ranking(.rmse) || quantity == .ranking(.plainRMSE) }

    /// The dotted path of the number in a report.
    package var path: String {
      switch quantity {
      case .retrieval(let group, let name): "\(group.path).\(name.path)"
      case .ranking(let key): "ranking.\(key.rawValue)"
      }
    }

    func value(of fit: FitReport) -> Double? {
      switch quantity {
      case .retrieval(let group, let name): fit.metrics[group][name]
      case .ranking(let key): fit.ranking.values[key]
      }
    }

    func interval(of fit: FitReport) -> ConfidenceInterval? {
      switch quantity {
      case .retrieval(let group, let name): fit.intervals[group][name]
      case .ranking(let key): fit.ranking.intervals[key]
      }
    }

    /// The same number of recommending the most popular items, or of a random order; nil where there is none.
    func value(in reference: KeyPath<FitReport, RetrievalGroups<Double>>, of fit: FitReport) -> Double? {
      guard case .retrieval(let group, let name) = quantity else { return nil }
      return fit[keyPath: reference][group][name]
    }
  }
}

extension RetrievalGroup {
  fileprivate var titlePrefix: String {
    switch self {
    case .seenIncluded: "seen "
    case .seenExcluded: ""
    case .warm: "warm "
    case .cold: "cold "
    }
  }

  /// Where the group stands in a report.
  fileprivate var path: String {
    switch self {
    case .seenIncluded: "retrieval.seen_included"
    case .seenExcluded: "retrieval.seen_excluded"
    case .warm: "warm.seen_excluded"
    case .cold: "cold.seen_excluded"
    }
  }
}
