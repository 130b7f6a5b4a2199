import TwoTowerEvaluation
import TwoTowerFiles

/// Several recipes, fitted with the same seeds on one split, and finished runs beside them.
package struct Comparison: Sendable {
  /// One recipe and what its fits came to, or one run.
  package struct Entry: Sendable {
    package let label: String
    /// How the recipe scales labels: errors on different labels do not compare.
    package let labels: String
    /// Whether it is a run that was fitted before.
    package let isRun: Bool
    /// One for each seed that was fitted.
    package let fits: [FitReport]
    /// Beside each of `fits`; empty where they are not known.
    package let userFigures: [UserFigures]
    /// What was found for the recipe before it was fitted; nil where it was not tuned.
    package let tuned: TunedSettings?

    package init(
      label: String, labels: String, fits: [FitReport], userFigures: [UserFigures] = [], isRun: Bool = false,
      tuned: TunedSettings? = nil
    ) {
      self.label = label
      self.labels = labels
      self.fits = fits
      self.userFigures = userFigures
      self.isRun = isRun
      self.tuned = tuned
    }

    package func statistic(_ column: Column) -> SeedStatistic? {
      SeedStatistic(fits, value: column.value(of:), interval: column.interval(of:))
    }

    /// Of a number without an interval.
    package func statistic(_ value: (FitReport) -> Double?) -> SeedStatistic? {
      SeedStatistic(fits, value: value) { _ in nil }
    }

    /// Of the number at a dotted path.
    package func statistic(path: String) -> SeedStatistic? {
      SeedStatistic(fits, value: { $0.numbers[path] }, interval: { $0.numbers.interval(path) })
    }
  }

  package let seeds: [UInt64]
  package let entries: [Entry]

  package init(seeds: [UInt64], entries: [Entry]) {
    self.seeds = seeds
    self.entries = entries
  }

  /// The numbers that at least one entry has, as a table shows them.
  package var columns: [Column] {
    var columns: [Column] = []
    for group in RetrievalGroup.allCases {
      for metric in RetrievalMetric.all where metric.comparedGroups.contains(group) {
        let names = fits.flatMap { $0.metrics[group].names }.filter { $0.metric == metric }
        // Of several k the largest.
        if let name = names.max(by: { $0.cutoff ?? 0 < $1.cutoff ?? 0 }) { columns.append(Column(group, name)) }
      }
    }
    for (figures, column) in [
      (\FitReport.reranked, Column.init(reranked:)), (\.unseen.model, Column.init(unseen:)),
    ] as [(KeyPath<FitReport, RetrievalMetrics<Double>>, (MetricAtCutoff) -> Column)] {
      for metric in [RetrievalMetric.recall, .ndcg] {
        let names = fits.flatMap { $0[keyPath: figures].names }.filter { $0.metric == metric }
        if let name = names.max(by: { $0.cutoff ?? 0 < $1.cutoff ?? 0 }) { columns.append(column(name)) }
      }
    }
    let plainError = Column("plain RMSE", .plainRMSE)
    columns += [Column("RMSE", .rmse), Column("pairwise", .pairwiseAccuracy)]
    if entries.contains(where: { $0.statistic(columns[columns.count - 2])?.mean != $0.statistic(plainError)?.mean }) {
      columns += [plainError, Column("plain pairwise", .plainPairwiseAccuracy)]
    }
    return columns.filter { column in entries.contains { $0.statistic(column) != nil } }
  }

  private var fits: [FitReport] { entries.flatMap(\.fits) }

  /// The places of the best entries by a column, equal ones together; empty where fewer than two entries have it, all
  /// have the same, or their labels differ.
  package func best(by column: Column) -> Set<Int> {
    let means = entries.indices.compactMap { place in
      entries[place].statistic(column).map { (place: place, mean: $0.mean) }
    }
    guard means.count > 1, !(column.isError && hasSeveralLabels(column)) else { return [] }
    let best = column.isError ? means.map(\.mean).min() : means.map(\.mean).max()
    let places = means.filter { $0.mean == best }.map(\.place)
    return places.count == means.count ? [] : Set(places)
  }

  /// Whether the entries that have an error have it on labels of different scales.
  package func hasSeveralLabels(_ column: Column) -> Bool {
    column.isError && Set(entries.filter { $0.statistic(column) != nil }.map(\.labels)).count > 1
  }

  /// What recommending everyone the most popular items comes to in a column: the same in every fit.
  package func popularity(_ column: Column) -> Double? {
    fits.lazy.compactMap { column.value(in: \.popularity, unseen: \.popularity, of: $0) }.first
  }

  /// What a random order comes to in a column.
  package func chance(_ column: Column) -> Double? {
    fits.lazy.compactMap { column.value(in: \.chance, unseen: \.chance, of: $0) }.first
  }

  /// What predicting the mean label for every row comes to in a column; nil where labels differ.
  package func alwaysTheMean(_ column: Column) -> Double? {
    guard column.isRanking, !hasSeveralLabels(column) else { return nil }
    return column.isError ? fits.lazy.compactMap { $0.ranking.values[.constantRMSE] }.first : 0.5
  }

  // MARK: - As JSON

  /// Every number of every recipe by its dotted path, with mean, deviation, interval and the seeds' own values.
  package var json: JSONValue {
    .object([
      (key: "seeds", value: .array(seeds.map { .integer(Int(clamping: $0)) })),
      (key: "recipes", value: .array(entries.indices.map(json(of:)))),
      (
        key: "best",
        value: .object(
          columns.compactMap { column in
            let best = best(by: column).sorted().map { JSONValue.string(entries[$0].label) }
            return best.isEmpty ? nil : (key: column.path, value: .array(best))
          })
      ),
    ])
  }

  private func json(of place: Int) -> JSONValue {
    let entry = entries[place]
    let paths = Set(entry.fits.flatMap(\.numbers.paths)).sorted(by: precedes)
    let differences = differencesFromFirst(of: place).map { (key: $0.metric.path, value: $0.difference.json) }
    let members: [(key: String, value: JSONValue)] = [
      (key: "recipe", value: .string(entry.label)), (key: "labels", value: .string(entry.labels)),
      (key: "fits", value: .integer(entry.fits.count)),
      (
        key: "figures",
        value: .object(
          paths.compactMap { path in
            entry.statistic(path: path).map { (key: path, value: $0.json) }
          })
      ),
    ]
    let tuned = entry.tuned.map { [(key: "tuned", value: $0.json)] } ?? []
    return .object(
      members + tuned + (differences.isEmpty ? [] : [(key: "against_first", value: .object(differences))]))
  }

  /// By the parts of the paths, numbers by value: "5" before "10".
  private func precedes(_ left: String, _ right: String) -> Bool {
    let (left, right) = (left.split(separator: "."), right.split(separator: "."))
    for (a, b) in zip(left, right) where a != b {
      if let a = Int(a), let b = Int(b) { return a < b }
      return a < b
    }
    return left.count < right.count
  }
}
