/// How a weight becomes the label that a ranking model predicts.
package enum LabelScaling: String, CaseIterable, Sendable, Codable {
  /// Divided by the L2 norm of the user's weights; 0 for a user whose weights are all 0.
  case perUserL2 = "per-user-l2"
  /// Divided by the user's largest weight; 0 for a user whose weights are all 0.
  case perUserMaximum = "per-user-maximum"
  /// From 0 at the smallest weight to 1 at the largest; 1 where all are equal.
  case globalMinMax = "global-min-max"
  /// log(1 + weight).
  case log = "log"
  /// 1 for a weight above 0, else 0.
  case binary = "binary"
  /// The weight itself.
  case none = "none"

  /// Whether each user's weights are scaled by the user's own.
  package var scalesUsers: Bool { self == .perUserL2 || self == .perUserMaximum }

  /// What weights of one user are divided by; nil where users are not scaled one by one.
  func userScale(of weights: some Sequence<Float>) -> Double? {
    switch self {
    case .perUserL2: weights.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    case .perUserMaximum: weights.reduce(0.0) { max($0, Double($1)) }
    case .globalMinMax, .log, .binary, .none: nil
    }
  }
}
