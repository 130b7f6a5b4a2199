import TwoTowerFiles

/// How much the mean of one model's values over users differs from another's, user by user.
package struct PairedDifference: Sendable, Equatable {
  /// The mean of the differences.
  package let mean: Double
  /// Its 95 % interval.
  package let interval: ConfidenceInterval
  /// How likely so large a difference, up or down, would be if there were none.
  package let p: Double

  /// Draws users again, with both of their values: what makes a user easy or hard for both models cancels out
  /// (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 13 and 16).
  ///
  /// - Returns: nil without users.
  /// - Precondition: a value of both for each user.
  package init?(_ values: [Double], against others: [Double], samples: Int = 2000, seed: UInt64 = 1) {
    precondition(
      values.count == others.count && samples > 0,
      "PairedDifference: \(values.count) and \(others.count) values, \(samples) samples")
    guard !values.isEmpty else { return nil }
    var table = UserTable(columnCount: 1)
    for (value, other) in zip(values, others) { table.append([value - other]) }
    let count = Double(values.count)
    let mean = table.sums[0] / count
    let drawn = table.bootstrapSamples(samples, seed: seed) { [$0[0] / count] }.map { $0[0] }
    // Moved so that there is no difference, the samples say how far it strays by chance; the margin is for rounding.
    let farther = drawn.count { abs($0 - mean) >= abs(mean) * (1 - 1e-12) }
    self.mean = mean
    interval = ConfidenceInterval(ofSorted: drawn.sorted())
    p = Double(farther + 1) / Double(samples + 1)
  }

  /// `difference`, `interval` and `p`.
  package var json: JSONValue {
    .object([
      (key: "difference", value: .number(mean)), (key: "interval", value: interval.json), (key: "p", value: .number(p)),
    ])
  }
}
