import TwoTowerEvaluation

/// How well a model finds what was held out, with the means to tell whether that is good.
public struct EvaluationReport: Sendable, Equatable {
  /// A number of a report: a mean over users or rows.
  public struct Metric: Sendable, Equatable {
    /// Such as `recall@20`.
    public let name: String
    /// Of the model.
    public let value: Double
    /// The 95 % interval of ``value`` by bootstrap over users; nil for what is no mean.
    public let interval: ClosedRange<Double>?
    /// Of recommending everyone the most popular items, on the same rows.
    public let popularity: Double?
    /// What is expected of a random order, on the same rows.
    public let chance: Double?
  }

  /// The users with a held-out row.
  public let userCount: Int
  /// The held-out rows.
  public let rowCount: Int
  /// All metrics, in a fixed order.
  public let metrics: [Metric]

  /// The metric of this name, such as `recall@20`; nil where there is none, as for a k beyond the catalogue.
  public subscript(name: String) -> Metric? { metrics.first { $0.name == name } }

  init(_ report: RetrievalReport, popularity: RetrievalReport?) {
    userCount = report.userCount
    rowCount = report.rowCount
    metrics = report.seenExcluded.names.compactMap { name in
      guard let value = report.seenExcluded[name] else { return nil }
      let bounds = report.intervals.seenExcluded[name]
      return Metric(
        name: name.title, value: value, interval: bounds.flatMap { $0.low <= $0.high ? $0.low...$0.high : nil },
        popularity: popularity?.seenExcluded[name], chance: report.chance.seenExcluded[name])
    }
  }
}
