import Evaluation
import Foundation

/// The figures of one fit by their dotted paths in the object that `fit --json` prints, such as
/// `retrieval.seen_excluded.recall.20`.
public struct FitFigures: Sendable, Equatable {
  public private(set) var values: [String: Double] = [:]
  /// 95 % intervals, by the paths of their figures.
  public private(set) var intervals: [String: ConfidenceInterval] = [:]

  /// Nil where `json` is no object. `seconds.fit` is added to what it holds: features and training together.
  public init?(json: Data) {
    guard let object = try? JSONSerialization.jsonObject(with: json) as? [String: Any] else { return nil }
    collect(object, path: [])
    if let features = values["seconds.features"], let training = values["seconds.training"] {
      values["seconds.fit"] = features + training
    }
  }

  private mutating func collect(_ value: Any, path: [String]) {
    if let object = value as? [String: Any] {
      for (key, member) in object { collect(member, path: path + [key]) }
    } else if let bounds = value as? [Double], bounds.count == 2 {
      let figure = path.filter { $0 != "intervals" }.joined(separator: ".")
      intervals[figure] = ConfidenceInterval(low: bounds[0], high: bounds[1])
    } else if let number = value as? Double {
      values[path.joined(separator: ".")] = number
    }
  }
}

/// A figure over the seeds of one recipe.
public struct SeedStatistic: Sendable, Equatable {
  public let mean: Double
  /// The standard deviation over the seeds; nil for one seed.
  public let deviation: Double?
  /// The means of the seeds' bounds; nil for a figure without intervals.
  public let interval: ConfidenceInterval?
  /// In the order of the seeds.
  public let values: [Double]

  /// Nil where a fit lacks the figure: a mean over some of them would not be of the recipe.
  init?(_ path: String, of fits: [FitFigures]) {
    values = fits.compactMap { $0.values[path] }
    guard !fits.isEmpty, values.count == fits.count else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    deviation = values.count < 2 ? nil
      : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    let bounds = fits.compactMap { $0.intervals[path] }
    interval = bounds.count < fits.count ? nil
      : ConfidenceInterval(
        low: bounds.reduce(0) { $0 + $1.low } / count, high: bounds.reduce(0) { $0 + $1.high } / count)
  }
}
