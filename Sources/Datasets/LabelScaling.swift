#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How a weight becomes the label that a ranking model predicts.
public enum LabelScaling: String, CaseIterable, Sendable, Codable {
  /// Divided by the L2 norm of all weights of the user; 0 for a user whose weights are all 0.
  case perUserL2 = "per-user-l2"
  /// Divided by the user's largest weight; 0 for a user whose weights are all 0.
  case perUserMaximum = "per-user-maximum"
  /// From 0 at the smallest weight of the data to 1 at the largest; 1 where all are equal.
  case globalMinMax = "global-min-max"
  /// log(1 + weight).
  case log = "log"
  /// 1 for a weight above 0, else 0.
  case binary = "binary"
  /// The weight itself.
  case none = "none"
}

/// One label per interaction, in the order of `dataset.interactions` [interactions]. Norms, maxima and minima are over
/// all rows of the data, those of no split included.
public func labels(_ dataset: Dataset, scaling: LabelScaling) -> [Float] {
  let weights = dataset.interactions.weights
  let users = dataset.interactions.users
  switch scaling {
  case .perUserL2:
    var squares = [Double](repeating: 0, count: dataset.users.count)
    for (user, weight) in zip(users, weights) { squares[Int(user)] += Double(weight) * Double(weight) }
    return divided(weights, by: squares.map { $0.squareRoot() }, users: users)
  case .perUserMaximum:
    var maxima = [Double](repeating: 0, count: dataset.users.count)
    for (user, weight) in zip(users, weights) { maxima[Int(user)] = max(maxima[Int(user)], Double(weight)) }
    return divided(weights, by: maxima, users: users)
  case .globalMinMax:
    guard let low = weights.min().map(Double.init), let high = weights.max().map(Double.init) else { return [] }
    return weights.map { high > low ? Float((Double($0) - low) / (high - low)) : 1 }
  case .log:
    return weights.map { Float(log1p(Double($0))) }
  case .binary:
    return weights.map { $0 > 0 ? 1 : 0 }
  case .none:
    return weights
  }
}

private func divided(_ weights: [Float], by scales: [Double], users: [Int32]) -> [Float] {
  zip(users, weights).map { user, weight in
    let scale = scales[Int(user)]
    return scale > 0 ? Float(Double(weight) / scale) : 0
  }
}
