import TwoTowerKernels

/// When the user met the item, a standardised number.
///
/// That is known of training rows alone: everyone else sees the imputed time.
struct TimestampFeature: UserFeature {
  static let name = FeatureName.timestamp
  static let vocabularyName: String? = nil

  private let scale: TimeScale?

  init(fitting builder: FeatureBuilder) { scale = builder.timeScale }

  func encode(_ users: UserProfiles, labels: SparseRows) -> FeatureColumn {
    column(Array(repeating: TimeScale.missing, count: users.count))
  }

  func trainingView(of entities: FeatureColumn, _ builder: FeatureBuilder) -> TrainingView {
    .rows(column(builder.trainingTimes))
  }

  private func column(_ times: [Int64]) -> FeatureColumn {
    .dense(times.map { scale?.standardised($0) ?? 0 }, width: 1)
  }

  static func remark(_ builder: FeatureBuilder) -> String? { builder.timeRemark(on: name) }

  var tables: FittedTables { TimeScale.tables(of: scale) }

  init(reading reader: FittedTablesReader, _ sizes: FittedSizes) throws {
    // Buckets are not asked for.
    scale = try TimeScale(reading: reader, bucketCount: 1)
  }
}
