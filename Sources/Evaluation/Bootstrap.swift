import Synchronization
import TwoTowerFiles
import TwoTowerKernels

/// The bounds of a 95 % interval.
package struct ConfidenceInterval: Sendable, Equatable {
  package var low: Double
  package var high: Double

  package init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }
}

/// Rows of numbers, one per user, whose column sums decide some statistics.
struct UserTable: Sendable {
  private static let lanes = 8

  let columnCount: Int
  private(set) var userCount = 0
  private let groupCount: Int
  private var groups: [SIMD8<Double>] = []

  init(columnCount: Int) {
    self.columnCount = columnCount
    groupCount = (columnCount + Self.lanes - 1) / Self.lanes
  }

  mutating func append(_ row: [Double]) {
    precondition(row.count == columnCount, "UserTable: a row of \(row.count) in a table of \(columnCount) columns")
    for group in 0..<groupCount {
      var values = SIMD8<Double>.zero
      for column in group * Self.lanes..<min((group + 1) * Self.lanes, columnCount) {
        values[column - group * Self.lanes] = row[column]
      }
      groups.append(values)
    }
    userCount += 1
  }

  /// The column sums with each user counted as often as `multiplicities` says.
  func sums(multiplicities: [Double]) -> [Double] {
    var sums: [Double] = []
    for group in 0..<groupCount {
      var total = SIMD8<Double>.zero
      for user in 0..<userCount { total += multiplicities[user] * groups[user &* groupCount &+ group] }
      for lane in 0..<min(Self.lanes, columnCount - group * Self.lanes) { sums.append(total[lane]) }
    }
    return sums
  }

  /// The column sums over all users.
  var sums: [Double] { sums(multiplicities: [Double](repeating: 1, count: userCount)) }

  /// 95 % intervals of statistics of the column sums, by the percentile bootstrap over users
  /// (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13).
  ///
  /// - Parameter statistics: the statistics of column sums, always as many; NaN where one is not defined.
  /// - Returns: an interval per statistic; nil where no sample defines it, or without users or samples.
  func bootstrapIntervals(
    samples: Int, seed: UInt64, statistics: @Sendable ([Double]) -> [Double]
  ) -> [ConfidenceInterval?] {
    let statisticCount = statistics([Double](repeating: 0, count: columnCount)).count
    guard userCount > 0, samples > 0 else { return Array(repeating: nil, count: statisticCount) }
    let values = bootstrapSamples(samples, seed: seed, statistics: statistics)
    return (0..<statisticCount).map { index in
      let sorted = values.map { $0[index] }.filter(\.isFinite).sorted()
      return sorted.isEmpty ? nil : ConfidenceInterval(ofSorted: sorted)
    }
  }

  /// The statistics of so many samples, each of as many users, drawn with replacement.
  func bootstrapSamples(
    _ samples: Int, seed: UInt64, statistics: @Sendable ([Double]) -> [Double]
  ) -> [[Double]] {
    let drawn = Mutex([[Double]](repeating: [], count: samples))
    parallelForEach(count: samples, chunkSize: 32) { range in
      for sample in range {
        var generator = SeededGenerator(seed: seed, purpose: .bootstrap, step: sample)
        var multiplicities = [Double](repeating: 0, count: userCount)
        for _ in 0..<userCount { multiplicities[generator.below(userCount)] += 1 }
        let values = statistics(sums(multiplicities: multiplicities))
        drawn.withLock { $0[sample] = values }
      }
    }
    return drawn.withLock { $0 }
  }
}

extension ConfidenceInterval {
  /// The middle 95 % of ascending values; at least one.
  init(ofSorted sorted: [Double]) {
    self.init(low: quantile(0.025, of: sorted), high: quantile(0.975, of: sorted))
  }
}

/// The quantile of ascending values, linear between neighbours.
private func quantile(_ share: Double, of sorted: [Double]) -> Double {
  let position = share * Double(sorted.count - 1)
  let below = Int(position)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
}

extension ConfidenceInterval: JSONConvertible {
  /// `[low, high]`.
  package var json: JSONValue { .array([.number(low), .number(high)]) }
}
