import TwoTowerEvaluation
import TwoTowerFiles

/// A number over the seeds of one recipe.
package struct SeedStatistic: Sendable, Equatable {
  package let mean: Double
  /// The standard deviation over the seeds; nil for one seed.
  package let deviation: Double?
  /// The means of the seeds' bounds; nil for a number without intervals.
  package let interval: ConfidenceInterval?
  /// In the order of the seeds.
  package let values: [Double]

  /// Nil where a fit lacks the number: a mean over some of them would not be of the recipe.
  init?(_ fits: [FitReport], value: (FitReport) -> Double?, interval bounds: (FitReport) -> ConfidenceInterval?) {
    values = fits.compactMap(value)
    guard !fits.isEmpty, values.count == fits.count else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    deviation =
      values.count < 2
      ? nil
      : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    let bounds = fits.compactMap(bounds)
    interval =
      bounds.count < fits.count
      ? nil
      : ConfidenceInterval(
        low: bounds.reduce(0) { $0 + $1.low } / count, high: bounds.reduce(0) { $0 + $1.high } / count)
  }

  /// `mean`, `deviation`, `interval` and `values`; what there is not is absent.
  package var json: JSONValue {
    let members: [(String, JSONValue?)] = [
      ("mean", .number(mean)), ("deviation", deviation.map(JSONValue.number)), ("interval", interval?.json),
      ("values", .array(values.map(JSONValue.number))),
    ]
    return .object(members.compactMap { name, value in value.map { (key: name, value: $0) } })
  }
}
