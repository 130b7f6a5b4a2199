import TwoTowerEvaluation

extension Comparison {
  /// A number that the entries are compared by.
  package struct Column: Sendable, Equatable {
    /// Which number of a report it is.
    package enum Quantity: Sendable, Equatable {
      case retrieval(RetrievalGroup, MetricAtCutoff)
      case reranked(MetricAtCutoff)
      /// Of users held out whole.
      case unseen(MetricAtCutoff)
      case ranking(RankingSection.Key)
    }

    package let title: String
    package let quantity: Quantity

    init(_ group: RetrievalGroup, _ name: MetricAtCutoff) {
      quantity = .retrieval(group, name)
      title = group.titlePrefix + name.title
    }

    init(reranked name: MetricAtCutoff) {
      quantity = .reranked(name)
      title = "reranked " + name.title
    }

    init(unseen name: MetricAtCutoff) {
      quantity = .unseen(name)
      title = "unseen " + name.title
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
      case .reranked(let name): "reranked.\(name.path)"
      case .unseen(let name): "unseen_users.model.seen_excluded.\(name.path)"
      case .ranking(let key): "ranking.\(key.rawValue)"
      }
    }

    func value(of fit: FitReport) -> Double? {
      switch quantity {
      case .retrieval(let group, let name): fit.metrics[group][name]
      case .reranked(let name): fit.reranked[name]
      case .unseen(let name): fit.unseen.model[name]
      case .ranking(let key): fit.ranking.values[key]
      }
    }

    func interval(of fit: FitReport) -> ConfidenceInterval? {
      switch quantity {
      case .retrieval(let group, let name): fit.intervals[group][name]
      case .reranked: nil
      case .unseen(let name): fit.unseen.intervals[name]
      case .ranking(let key): fit.ranking.intervals[key]
      }
    }

    /// The same number of recommending the most popular items, or of a random order; nil where there is none.
    ///
    /// - Parameters:
    ///   - reference: of the users of the test rows.
    ///   - unseen: the same of users held out whole.
    func value(
      in reference: KeyPath<FitReport, RetrievalGroups<Double>>,
      unseen: KeyPath<UnseenSection, RetrievalMetrics<Double>>, of fit: FitReport
    ) -> Double? {
      switch quantity {
      case .retrieval(let group, let name): fit[keyPath: reference][group][name]
      case .reranked(let name): fit[keyPath: reference].seenExcluded[name]
      case .unseen(let name): fit.unseen[keyPath: unseen][name]
      case .ranking: nil
      }
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
