import Foundation

/// What a rate is compared with, measured in the same rounds.
enum Reference: String, Codable {
  case sgemm = "SGEMM"
  case bandwidth = "bandwidth"
}

/// In what the work of a call is counted.
enum WorkUnit: String, Codable {
  case operations = "FLOP"
  case bytes = "B"
  case rows = "rows"
}

/// What one thing took, round by round.
struct Measurement: Codable {
  let name: String
  let threads: Int
  /// What one call does, in `unit`.
  let work: Double
  let unit: WorkUnit
  let reference: Reference?
  /// Of one call, for each round.
  var seconds: [Double] = []

  var median: Double { medianOf(seconds) }
  var rate: Double { work / median }

  var rateText: String {
    let (scaled, prefix) = rate >= 1e9 ? (rate / 1e9, "G") : rate >= 1e6 ? (rate / 1e6, "M") : (rate / 1e3, "k")
    return String(format: "%.1f %@%@/s", scaled, prefix, unit.rawValue)
  }
}

func medianOf(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return .nan }
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// Seconds with three digits, in the unit that suits them.
func secondsText(_ seconds: Double) -> String {
  let (value, unit) = seconds >= 1 ? (seconds, "s") : seconds >= 1e-3 ? (seconds * 1e3, "ms") : (seconds * 1e6, "µs")
  return String(format: value >= 100 ? "%.0f %@" : value >= 10 ? "%.1f %@" : "%.2f %@", value, unit)
}

/// The least and the greatest of the rounds.
func spreadText(_ seconds: [Double]) -> String {
  guard let least = seconds.min(), let greatest = seconds.max(), seconds.count > 1 else { return "–" }
  return "\(secondsText(least)) – \(secondsText(greatest))"
}
