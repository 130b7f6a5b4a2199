import Foundation
import TwoTowerEvaluation

/// `value` with so many digits after the point.
func formatted(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }

/// A share as people print it here: four digits, without the leading zero; a dash for what was not computed.
func share(_ value: Double?) -> String {
  guard let value else { return "–" }
  let text = formatted(value, digits: 4)
  return text.hasPrefix("0.") ? String(text.dropFirst()) : text
}

/// A metric's value in its unit; a dash for what was not computed.
func formatted(_ value: Double?, as unit: RetrievalMetric.Unit) -> String {
  switch unit {
  case .share: share(value)
  case .bits: value.map { formatted($0, digits: 2) } ?? "–"
  case .users: value.map { formatted($0, digits: 1) } ?? "–"
  }
}

/// An interval of shares; a dash for what has none.
func bounds(_ interval: ConfidenceInterval?) -> String {
  interval.map { "\(share($0.low))–\(share($0.high))" } ?? "–"
}

/// A whole number with thousands set apart.
func grouped(_ value: Int) -> String {
  var digits = String(abs(value))
  var groups: [String] = []
  while digits.count > 3 {
    groups.insert(String(digits.suffix(3)), at: 0)
    digits.removeLast(3)
  }
  groups.insert(digits, at: 0)
  return (value < 0 ? "-" : "") + groups.joined(separator: ",")
}

/// A share in whole per cent.
func percent(_ value: Double) -> String { formatted(value * 100, digits: 0) + " %" }
