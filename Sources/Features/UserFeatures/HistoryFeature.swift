import TwoTowerKernels

/// The items that a user is known to have, a bag over the table of items: training items, what is given of users
/// held out whole, what other people like.
///
/// A training row sees them without its own item, as a held-out pair does.
struct HistoryFeature: UserFeature {
  static let name = FeatureName.history
  static let vocabularyName: String? = "items"

  private let vocabulary: Vocabulary
  /// At most so many items, those with the largest weights; nil for all.
  private let limit: Int?

  init(fitting builder: FeatureBuilder) {
    vocabulary = builder.itemVocabulary
    limit = builder.settings.historyLimit
  }

  func encode(_ users: UserProfiles, labels: SparseRows) -> FeatureColumn {
    var bags = SparseRows()
    for user in 0..<users.count {
      for row in rows(of: users.history, user: user) { bags.append(row, weight: 1) }
      bags.endRow()
    }
    return .bags(bags, vocabularySize: vocabulary.size)
  }

  /// Rows of the user's items that the vocabulary knows, ascending: all of them, or the `limit` of the largest weights,
  /// of equals the first rows.
  private func rows(of history: SparseRows, user: Int) -> [Int32] {
    let known = history.range(of: user).compactMap { entry -> (row: Int32, weight: Float)? in
      let row = vocabulary.row(of: history.indices[entry])
      return row > 0 ? (row, history.weights[entry]) : nil
    }
    guard let limit, known.count > limit else { return known.map(\.row) }
    return known.sorted { (-$0.weight, $0.row) < (-$1.weight, $1.row) }.prefix(limit).map(\.row).sorted()
  }

  func trainingView(of entities: FeatureColumn, _ builder: FeatureBuilder) -> TrainingView {
    guard case .bags(let bags, _) = entities else { return .asEntity }
    var withheld = SparseRows()
    for (user, item) in zip(builder.trainingUsers, builder.trainingRowItems) {
      let row = vocabulary.row(of: item)
      if bags.entry(row: Int(user), index: row) != nil { withheld.append(row, weight: 1) }
      withheld.endRow()
    }
    return .withheld(withheld)
  }

  var tables: FittedTables {
    var tables = FittedTables()
    tables.integers["item-rows"] = vocabulary.rows
    tables.integers["limit"] = limit.map { [Int32($0)] } ?? []
    return tables
  }

  init(reading reader: FittedTablesReader, _ sizes: FittedSizes) throws {
    vocabulary = try Vocabulary(reading: reader, "item-rows", count: sizes.items)
    limit = try reader.integers("limit").isEmpty ? nil : reader.integer("limit", in: 1...FeatureSettings.largestNumber)
  }
}
