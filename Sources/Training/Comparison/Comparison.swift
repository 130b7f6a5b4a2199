import Evaluation
import Files

/// Several recipes, fitted with the same seeds on one split.
public struct Comparison: Sendable {
  /// One recipe and what its fits came to.
  public struct Entry: Sendable {
    public let label: String
    /// How the recipe scales labels: errors on different labels do not compare.
    public let labels: String
    /// One for each seed that was fitted.
    public let fits: [FitFigures]

    public init(label: String, labels: String, fits: [FitFigures]) {
      self.label = label
      self.labels = labels
      self.fits = fits
    }

    public func statistic(_ path: String) -> SeedStatistic? { SeedStatistic(path, of: fits) }
  }

  /// A figure that the entries are compared by.
  public struct Column: Sendable, Equatable {
    public let title: String
    public let path: String
    /// Whether lower is better.
    public var isError = false

    /// Where the same figure of recommending the most popular items stands; nil for figures that have none.
    public var popularityPath: String? {
      path.hasPrefix("retrieval.") ? "popularity." + path.dropFirst("retrieval.".count) : nil
    }

    /// Where the same figure of a random order stands.
    public var chancePath: String? {
      if path.hasPrefix("retrieval.") { return "chance." + path.dropFirst("retrieval.".count) }
      return path.hasPrefix("cold.seen_excluded.") ? "chance.cold." + path.dropFirst("cold.seen_excluded.".count) : nil
    }
  }

  public let seeds: [UInt64]
  public let entries: [Entry]

  public init(seeds: [UInt64], entries: [Entry]) {
    self.seeds = seeds
    self.entries = entries
  }

  /// The figures that at least one entry has, as a table shows them.
  public var columns: [Column] {
    let accuracy = "seen_excluded.top_k_categorical_accuracy"
    var columns: [Column] = []
    if let k = largestCutoff("retrieval.\(accuracy)") {
      columns.append(Column(title: "top-\(k)", path: "retrieval.\(accuracy).\(k)"))
    }
    for (title, key) in [("recall", "recall"), ("NDCG", "ndcg"), ("coverage", "coverage")] {
      guard let k = largestCutoff("retrieval.seen_excluded.\(key)") else { continue }
      columns.append(Column(title: "\(title)@\(k)", path: "retrieval.seen_excluded.\(key).\(k)"))
    }
    if let k = largestCutoff("cold.\(accuracy)") {
      columns.append(Column(title: "cold top-\(k)", path: "cold.\(accuracy).\(k)"))
    }
    columns += [
      Column(title: "RMSE", path: "ranking.rmse", isError: true),
      Column(title: "pairwise", path: "ranking.pairwise_accuracy"),
    ]
    if entries.contains(where: { $0.statistic("ranking.rmse")?.mean != $0.statistic(Self.plainError)?.mean }) {
      columns += [
        Column(title: "plain RMSE", path: Self.plainError, isError: true),
        Column(title: "plain pairwise", path: "ranking.pairwise_accuracy_without_pair_features"),
      ]
    }
    return columns.filter { column in entries.contains { $0.statistic(column.path) != nil } }
  }

  private static let plainError = "ranking.rmse_without_pair_features"

  /// The places of the best entries by a column, equal ones together; empty where fewer than two entries have it, all
  /// have the same, or their labels differ.
  public func best(by column: Column) -> Set<Int> {
    let means = entries.indices.compactMap { place in
      entries[place].statistic(column.path).map { (place: place, mean: $0.mean) }
    }
    guard means.count > 1, !(column.isError && hasSeveralLabels(column)) else { return [] }
    let best = column.isError ? means.map(\.mean).min() : means.map(\.mean).max()
    let places = means.filter { $0.mean == best }.map(\.place)
    return places.count == means.count ? [] : Set(places)
  }

  /// Whether the entries that have an error have it on labels of different scales.
  public func hasSeveralLabels(_ column: Column) -> Bool {
    column.isError && Set(entries.filter { $0.statistic(column.path) != nil }.map(\.labels)).count > 1
  }

  /// The value at `path` of the first fit that has one: for what is the same in every fit, such as chance.
  public func shared(_ path: String) -> Double? {
    entries.lazy.flatMap(\.fits).compactMap { $0.values[path] }.first
  }

  private func largestCutoff(_ path: String) -> Int? {
    entries.flatMap(\.fits).flatMap(\.values.keys)
      .compactMap { $0.hasPrefix(path + ".") ? Int($0.dropFirst(path.count + 1)) : nil }.max()
  }

  // MARK: - As JSON

  /// Every figure of every recipe by its dotted path, with mean, deviation, interval and the seeds' own values.
  public var json: JSONValue {
    .object([
      (key: "seeds", value: .array(seeds.map { .integer(Int(clamping: $0)) })),
      (key: "recipes", value: .array(entries.map(json(of:)))),
      (key: "best", value: .object(columns.compactMap { column in
        let best = best(by: column).sorted().map { JSONValue.string(entries[$0].label) }
        return best.isEmpty ? nil : (key: column.path, value: .array(best))
      })),
    ])
  }

  private func json(of entry: Entry) -> JSONValue {
    let paths = Set(entry.fits.flatMap(\.values.keys)).sorted(by: precedes)
    return .object([
      (key: "recipe", value: .string(entry.label)), (key: "labels", value: .string(entry.labels)),
      (key: "fits", value: .integer(entry.fits.count)),
      (key: "figures", value: .object(paths.compactMap { path in
        entry.statistic(path).map { (key: path, value: $0.json) }
      })),
    ])
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

extension SeedStatistic {
  /// `mean`, `deviation`, `interval` and `values`; what there is not is absent.
  public var json: JSONValue {
    let members: [(String, JSONValue?)] = [
      ("mean", .number(mean)), ("deviation", deviation.map(JSONValue.number)), ("interval", interval?.json),
      ("values", .array(values.map(JSONValue.number))),
    ]
    return .object(members.compactMap { name, value in value.map { (key: name, value: $0) } })
  }
}
