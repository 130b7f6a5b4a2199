import TwoTowerKernels

/// When the user met the item, one of equal buckets of time.
///
/// That is known of training rows alone: everyone else sees the imputed time.
struct TimestampBucketFeature: UserFeature {
  static let name = FeatureName.timestampBucket
  static let vocabularyName: String? = "timestamp-buckets"

  private let scale: TimeScale?
  private let bucketCount: Int

  init(fitting builder: FeatureBuilder) {
    scale = builder.timeScale
    bucketCount = builder.settings.bucketCount
  }

  func encode(_ users: UserProfiles, labels: SparseRows) -> FeatureColumn {
    column(Array(repeating: TimeScale.missing, count: users.count))
  }

  func trainingView(of entities: FeatureColumn, _ builder: FeatureBuilder) -> TrainingView {
    .rows(column(builder.trainingTimes))
  }

  private func column(_ times: [Int64]) -> FeatureColumn {
    .indices(times.map { scale?.bucket(of: $0) ?? 0 }, vocabularySize: bucketCount + 1)
  }

  static func remark(_ builder: FeatureBuilder) -> String? { builder.timeRemark(on: name) }

  var tables: FittedTables {
    var tables = TimeScale.tables(of: scale)
    tables.integers["bucket-count"] = [Int32(bucketCount)]
    return tables
  }

  init(reading reader: FittedTablesReader, _ sizes: FittedSizes) throws {
    bucketCount = try reader.integer("bucket-count", in: 1...FeatureSettings.largestNumber)
    scale = try TimeScale(reading: reader, bucketCount: bucketCount)
  }
}
