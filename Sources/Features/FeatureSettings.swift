/// How features are made from a data set; every property has a default, and so may be absent where this is decoded.
package struct FeatureSettings: Sendable, Codable, Equatable {
  /// Training rows that a user or an item needs for a row of its own in the tables of identifiers.
  ///
  /// Default 1.
  package var minimumCount = 1

  /// What a tag is compared by.
  ///
  /// Default: the whole tag.
  package var tagText = TagText.whole
  /// Assignments that a tag (or word) needs for a row of its own.
  ///
  /// Default 5.
  package var minimumTagCount = 5
  /// At most so many tags (or words) get a row, the most frequent ones.
  ///
  /// Default: no limit.
  package var maximumTags: Int?
  /// The weight of a tag in a bag, from how often it was given.
  ///
  /// Default: the count itself.
  package var tagWeighting = TagWeighting.count
  /// Training rows see `user-tags` without the tags that the user gave to the row's own item, as held-out pairs do.
  ///
  /// Default true.
  package var leavesOwnTagsOut = true

  /// At most so many items of a user's history, those with the largest weights.
  ///
  /// Default: no limit.
  package var historyLimit: Int?

  /// Buckets of equal width between the earliest and the latest training time.
  ///
  /// Default 1,000.
  package var bucketCount = 1000
  /// The time of a row that has none, and of every query.
  ///
  /// Default: the training median.
  package var imputation = Imputation.median

  /// Which statistics `user-statistics` has, in this order.
  ///
  /// Default: all.
  package var userStatistics = UserStatistic.allCases
  /// Which statistics `item-statistics` has, in this order.
  ///
  /// Default: all.
  package var itemStatistics = ItemStatistic.allCases
  /// Which pair features there are, in this order.
  ///
  /// Default: all.
  package var pairStatistics = PairStatistic.allCases
  /// What a training row's statistics leave out.
  ///
  /// Default: out of fold.
  package var statisticsExclusion = StatisticsExclusion.outOfFold
  /// Parts that each user's training rows are dealt into for out-of-fold statistics.
  ///
  /// Default 6.
  package var statisticsFolds = 6

  package init() {}

  package enum TagText: String, Sendable, Codable, CaseIterable {
    /// The whole tag, trimmed, in lower case.
    case whole
    /// Its words in lower case, split at whatever is neither letter nor digit.
    case words
  }

  package enum TagWeighting: String, Sendable, Codable, CaseIterable {
    /// How often the tag was given.
    case count
    /// 1.
    case binary
    /// The square root of the count.
    case sqrt
    /// ln(1 + count).
    case log
    /// count × (ln((1 + N) / (1 + n)) + 1), where n of N entities with tags have this one.
    case tfIdf = "tf-idf"
    /// ln(1 + count) × the same inverse frequency.
    case logIdf = "log-idf"
  }

  /// What the statistics that a training row sees must not contain, so that it cannot see its own label.
  package enum StatisticsExclusion: String, Sendable, Codable, CaseIterable {
    /// The row itself. Within one user, the mean of the others then falls as the row's own label rises, which a model
    /// that also knows the user's identifier learns by heart; one that does not gains from the full counts.
    case leaveOneOut = "leave-one-out"
    /// The user's or item's rows of the same part, so that the own label barely moves what neighbouring rows see.
    case outOfFold = "out-of-fold"
  }

  package enum CodingKeys: String, CodingKey, CaseIterable {
    case minimumCount = "minimum-count"
    case tagText = "tag-text"
    case minimumTagCount = "minimum-tag-count"
    case maximumTags = "maximum-tags"
    case tagWeighting = "tag-weighting"
    case leavesOwnTagsOut = "leave-own-tags-out"
    case historyLimit = "history-limit"
    case bucketCount = "bucket-count"
    case imputation
    case userStatistics = "user-statistics"
    case itemStatistics = "item-statistics"
    case pairStatistics = "pair-statistics"
    case statisticsExclusion = "statistics-exclusion"
    case statisticsFolds = "statistics-folds"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func set<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
      value = try container.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try set(&minimumCount, .minimumCount)
    try set(&tagText, .tagText)
    try set(&minimumTagCount, .minimumTagCount)
    maximumTags = try container.decodeIfPresent(Int.self, forKey: .maximumTags)
    try set(&tagWeighting, .tagWeighting)
    try set(&leavesOwnTagsOut, .leavesOwnTagsOut)
    historyLimit = try container.decodeIfPresent(Int.self, forKey: .historyLimit)
    try set(&bucketCount, .bucketCount)
    try set(&imputation, .imputation)
    try set(&userStatistics, .userStatistics)
    try set(&itemStatistics, .itemStatistics)
    try set(&pairStatistics, .pairStatistics)
    try set(&statisticsExclusion, .statisticsExclusion)
    try set(&statisticsFolds, .statisticsFolds)
  }

  /// The largest value of any number.
  static let largestNumber = 1 << 24

  /// Refuses numbers that make no sense.
  ///
  /// - Throws: `FeatureError.setting`, naming the key.
  package func validate() throws {
    func check(_ key: CodingKeys, _ value: Int?, atLeast minimum: Int) throws {
      guard let value, !(minimum...Self.largestNumber).contains(value) else { return }
      throw FeatureError.setting(key: key.rawValue, found: "\(value)", expected: "\(minimum) to \(Self.largestNumber)")
    }
    try check(.minimumCount, minimumCount, atLeast: 1)
    try check(.minimumTagCount, minimumTagCount, atLeast: 1)
    try check(.maximumTags, maximumTags, atLeast: 0)
    try check(.historyLimit, historyLimit, atLeast: 1)
    try check(.bucketCount, bucketCount, atLeast: 1)
    try check(.statisticsFolds, statisticsFolds, atLeast: 2)
    func check(_ key: CodingKeys, _ names: [String]) throws {
      guard names.isEmpty || Set(names).count < names.count else { return }
      throw FeatureError.setting(
        key: key.rawValue, found: "[\(names.joined(separator: ", "))]", expected: "one name or more, each once")
    }
    try check(.userStatistics, userStatistics.map(\.rawValue))
    try check(.itemStatistics, itemStatistics.map(\.rawValue))
    try check(.pairStatistics, pairStatistics.map(\.rawValue))
  }
}
