/// A metric of retrieval: its names and its formula, once for sums, chance, intervals, documents and tables.
///
/// A new metric is a declaration here and its place in `all`.
package struct RetrievalMetric: Sendable {
  /// What is averaged, over what.
  enum Formula: Sendable {
    /// A mean over test rows, of the row's rank (0 is the best).
    case rank(@Sendable (_ rank: Int) -> Double)
    /// A mean over test rows, of the row's rank, at each k of `RetrievalCutoffs.accuracy`.
    case rankAtCutoff(@Sendable (_ rank: Int, _ cutoff: Int) -> Double)
    /// A mean over users, of the user's list; `chance` is what is expected of a random list.
    case list(@Sendable (ListOutcome) -> Double, chance: @Sendable (RandomList) -> Double)
    /// Of the lists of all users together; nil where it is not defined.
    case allLists(@Sendable (AllLists) -> Double?)
  }

  /// How a value is shown.
  package enum Unit: Sendable { case share, bits, users }

  /// The name in JSON.
  package let key: String
  /// The name in tables, `{k}` standing for the cutoff.
  private let name: String
  package let unit: Unit
  /// The groups of test rows whose value `compare` shows.
  package let comparedGroups: Set<RetrievalGroup>
  /// Whether only lists are described by it, and no `RetrievalReport` has it.
  let isOfListsOnly: Bool
  let formula: Formula

  init(
    _ key: String, name: String, unit: Unit = .share, compared: Set<RetrievalGroup> = [], isOfListsOnly: Bool = false,
    _ formula: Formula
  ) {
    self.key = key
    self.name = name
    self.unit = unit
    comparedGroups = compared
    self.isOfListsOnly = isOfListsOnly
    self.formula = formula
  }

  /// The name in tables, such as `recall@20`.
  package func title(at cutoff: Int?) -> String { name.replacing("{k}", with: "\(cutoff ?? 0)") }

  /// Whether a report has it at a k.
  var hasCutoff: Bool { if case .rank = formula { false } else { true } }

  /// Whether it is a mean over users, of each user's list.
  package var isOfEachList: Bool { if case .list = formula { true } else { false } }
}

extension RetrievalMetric: Hashable {
  package static func == (left: RetrievalMetric, right: RetrievalMetric) -> Bool { left.key == right.key }
  package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

extension RetrievalMetric {
  /// All metrics, in the order of documents and tables.
  package static let all: [RetrievalMetric] = [
    topKCategoricalAccuracy, meanReciprocalRank, recall, ndcg, precision, meanAveragePrecision, hitRate, coverage,
    novelty, meanPopularity, gini, entropy, diversity,
  ]

  /// The metrics of lists, each list's own before those of all together.
  package static let ofLists = all.filter {
    if case .allLists = $0.formula { true } else { $0.isOfEachList }
  }

  /// The share of test rows whose item ranks below k.
  package static let topKCategoricalAccuracy = RetrievalMetric(
    "top_k_categorical_accuracy", name: "top-{k}", compared: [.seenExcluded, .cold],
    .rankAtCutoff { rank, cutoff in rank < cutoff ? 1 : 0 })

  /// The mean of 1 / (rank + 1).
  package static let meanReciprocalRank = RetrievalMetric("mrr", name: "MRR", .rank { 1 / Double($0 + 1) })

  /// The share of the user's test items that are in the list.
  package static let recall = RetrievalMetric(
    "recall", name: "recall@{k}", compared: [.seenExcluded], .linear { $0.hits / Double($0.relevant) })

  /// The discounted gain of the list over the best possible one, with gain 1 for a test item
  /// (Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002).
  package static let ndcg = RetrievalMetric(
    "ndcg", name: "NDCG@{k}", compared: [.seenExcluded], .linear { $0.gain / $0.idealGain })

  /// The share of the list's k places that hold a test item.
  package static let precision = RetrievalMetric(
    "precision", name: "precision@{k}", .linear { $0.hits / Double($0.length) })

  /// The mean, over the places that hold a test item, of the share of test items down to there, with a list's missing
  /// test items counting 0: the sum divided by min(k, test items) (Manning, Raghavan and Schütze, "Introduction to
  /// Information Retrieval", 2008, section 8.4, cut at k).
  package static let meanAveragePrecision = RetrievalMetric(
    "map", name: "MAP@{k}", .linear { $0.precisionSum / Double(min($0.length, $0.relevant)) })

  /// The share of users whose list has a test item.
  package static let hitRate = RetrievalMetric(
    "hit_rate", name: "hit rate@{k}", .list({ $0.hits > 0 ? 1 : 0 }, chance: { $0.hitProbability }))

  /// The share of the catalogue in anyone's list.
  package static let coverage = RetrievalMetric(
    "coverage", name: "coverage@{k}", compared: [.seenExcluded], .allLists { $0.coverage })

  /// The mean over recommendations of −log2(share of users that have the item), in bits; an item that nobody has counts
  /// as if one did (Vargas and Castells, "Rank and relevance in novelty and diversity metrics", RecSys 2011).
  package static let novelty = RetrievalMetric(
    "novelty", name: "novelty (bits)", unit: .bits, isOfListsOnly: true, .allLists { $0.novelty })

  /// The mean over recommendations of how many users have the item in their training rows.
  package static let meanPopularity = RetrievalMetric(
    "mean_popularity", name: "mean popularity (users)", unit: .users, isOfListsOnly: true,
    .allLists { $0.meanPopularity })

  /// How unevenly the catalogue is recommended: 0 each item as often, towards 1 only one item.
  package static let gini = RetrievalMetric(
    "gini", name: "Gini of recommendations", isOfListsOnly: true, .allLists { giniCoefficient(of: $0.times) })

  /// The entropy of the distribution of recommendations over items, in bits: 0 where one item is always recommended,
  /// log2(n) where n items are, each as often (Shani and Gunawardana, "Evaluating recommendation systems", 2011, item
  /// space coverage).
  package static let entropy = RetrievalMetric(
    "entropy", name: "entropy (bits)", unit: .bits, isOfListsOnly: true, .allLists { $0.entropy })

  /// The mean over users of the mean of 1 − cosine over the pairs of a list; nil without a list of two items or without
  /// vectors.
  package static let diversity = RetrievalMetric(
    "diversity", name: "diversity within lists", isOfListsOnly: true, .allLists { $0.diversity })
}

extension RetrievalMetric.Formula {
  /// A mean over users of what is linear in a list's hits and gain: of a random list, the value of its expectations.
  fileprivate static func linear(_ value: @escaping @Sendable (ListOutcome) -> Double) -> Self {
    .list(value, chance: { value($0.expected) })
  }
}
