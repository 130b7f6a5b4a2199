import TwoTowerKernels

/// The user itself, a row of a table; people who are not in the data are unknown.
struct UserIdentifierFeature: UserFeature {
  static let name = FeatureName.userIdentifier
  static let vocabularyName: String? = "users"

  private let vocabulary: Vocabulary

  init(fitting builder: FeatureBuilder) { vocabulary = builder.userVocabulary }

  func encode(_ users: UserProfiles, labels: SparseRows) -> FeatureColumn {
    .indices(users.users.map(vocabulary.row), vocabularySize: vocabulary.size)
  }

  func trainingView(of entities: FeatureColumn, _ builder: FeatureBuilder) -> TrainingView { .asEntity }

  var tables: FittedTables {
    var tables = FittedTables()
    tables.integers["user-rows"] = vocabulary.rows
    return tables
  }

  init(reading reader: FittedTablesReader, _ sizes: FittedSizes) throws {
    vocabulary = try Vocabulary(reading: reader, "user-rows", count: sizes.users)
  }
}
