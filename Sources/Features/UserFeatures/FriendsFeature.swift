import TwoTowerKernels

/// The user's friends, a bag over the table of users.
struct FriendsFeature: UserFeature {
  static let name = FeatureName.friends
  static let vocabularyName: String? = "users"

  private let vocabulary: Vocabulary

  init(fitting builder: FeatureBuilder) { vocabulary = builder.userVocabulary }

  func encode(_ users: UserProfiles, labels: SparseRows) -> FeatureColumn {
    var bags = SparseRows()
    for user in 0..<users.count {
      for friend in users.friends.indices[users.friends.range(of: user)] where friend != users.users[user] {
        let row = vocabulary.row(of: friend)
        if row > 0 { bags.append(row, weight: 1) }
      }
      bags.endRow()
    }
    return .bags(bags, vocabularySize: vocabulary.size)
  }

  func trainingView(of entities: FeatureColumn, _ builder: FeatureBuilder) -> TrainingView { .asEntity }

  static func remark(_ builder: FeatureBuilder) -> String? {
    builder.dataset.friendships.count == 0
      ? "\(name.rawValue): the data set has no friends, so every bag is empty" : nil
  }

  var tables: FittedTables {
    var tables = FittedTables()
    tables.integers["user-rows"] = vocabulary.rows
    return tables
  }

  init(reading reader: FittedTablesReader, _ sizes: FittedSizes) throws {
    vocabulary = try Vocabulary(reading: reader, "user-rows", count: sizes.users)
  }
}
