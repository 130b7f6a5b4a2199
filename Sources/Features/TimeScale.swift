/// Times as buckets of equal width and as standardised numbers, fitted on the times of training rows.
package struct TimeScale: Sendable, Equatable, Codable {
  /// Stands for a time that is not known.
  package static let missing = Int64.min

  /// The earliest and the latest fitted time, in milliseconds since 1970-01-01 UTC.
  package let minimum, maximum: Int64
  package let bucketCount: Int
  /// The mean and the standard deviation of the fitted times, in milliseconds.
  package let mean, standardDeviation: Double
  /// What stands in for a missing time; `missing` when nothing does.
  package let imputed: Int64

  package init(
    minimum: Int64, maximum: Int64, bucketCount: Int, mean: Double, standardDeviation: Double, imputed: Int64
  ) {
    precondition(minimum <= maximum && bucketCount > 0, "TimeScale: \(bucketCount) buckets in \(minimum)...\(maximum)")
    self.minimum = minimum
    self.maximum = maximum
    self.bucketCount = bucketCount
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.imputed = imputed
  }

  /// Fits the known ones of `times`; nil when there is none.
  package init?(times: [Int64], bucketCount: Int, imputation: Imputation) {
    let known = times.filter { $0 != Self.missing }.sorted()
    guard let minimum = known.first, let maximum = known.last else { return nil }
    // Offsets from the minimum keep the sums exact enough whatever the epoch.
    let offsets = known.map { Double($0) - Double(minimum) }
    let meanOffset = offsets.reduce(0, +) / Double(known.count)
    let variance = offsets.reduce(0) { $0 + ($1 - meanOffset) * ($1 - meanOffset) } / Double(known.count)
    let imputed: Int64
    switch imputation {
    case .median:
      let upper = known[known.count / 2]
      let lower = known[(known.count - 1) / 2]
      imputed = lower / 2 + upper / 2 + (lower % 2 + upper % 2) / 2
    case .unknown: imputed = Self.missing
    case .fixed(let time): imputed = time
    }
    self.init(
      minimum: minimum, maximum: maximum, bucketCount: bucketCount, mean: Double(minimum) + meanOffset,
      standardDeviation: variance.squareRoot(), imputed: imputed)
  }

  /// Rows of a table of buckets, the unknown row included.
  package var vocabularySize: Int { bucketCount + 1 }

  /// The bucket of a time, 1...bucketCount, after imputation; 0 when unknown.
  ///
  /// Times outside the fitted ones fall into the first or the last bucket.
  package func bucket(of time: Int64) -> Int32 {
    let time = time == Self.missing ? imputed : time
    if time == Self.missing { return 0 }
    if time <= minimum { return 1 }
    if time >= maximum { return Int32(bucketCount) }
    let share = (Double(time) - Double(minimum)) / (Double(maximum) - Double(minimum))
    return Int32(min(bucketCount, 1 + Int(share * Double(bucketCount))))
  }

  /// The time, after imputation, in standard deviations from the mean; 0 when unknown.
  package func standardised(_ time: Int64) -> Float {
    let time = time == Self.missing ? imputed : time
    if time == Self.missing || standardDeviation == 0 { return 0 }
    return Float((Double(time) - mean) / standardDeviation)
  }
}

extension TimeScale {
  private static let tableName = "time-scale"

  /// What was fitted, as named arrays, where anything was.
  static func tables(of scale: TimeScale?) -> FittedTables {
    var tables = FittedTables()
    let times = scale.map { [$0.minimum, $0.maximum, $0.imputed] } ?? []
    let numbers = scale.map { [$0.mean, $0.standardDeviation] } ?? []
    tables.add(bits: times.map(UInt64.init(bitPattern:)) + numbers.map(\.bitPattern), as: tableName)
    return tables
  }

  /// Reads the scale back; nil where no training row had a time.
  init?(reading reader: FittedTablesReader, bucketCount: Int) throws {
    let name = Self.tableName
    guard try !reader.integers(name).isEmpty else { return nil }
    let bits = try reader.bits(name, count: 5)
    let times = bits[..<3].map(Int64.init(bitPattern:))
    let numbers = bits[3...].map(Double.init(bitPattern:))
    guard times[0] <= times[1], numbers.allSatisfy(\.isFinite), numbers[1] >= 0 else {
      throw reader.unexpected(name, found: "\(times) and \(numbers)", expected: "times in order and finite numbers")
    }
    self.init(
      minimum: times[0], maximum: times[1], bucketCount: bucketCount, mean: numbers[0], standardDeviation: numbers[1],
      imputed: times[2])
  }
}
