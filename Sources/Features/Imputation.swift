import TwoTowerDatasets

/// The time that stands in for a missing one: `median`, `unknown`, or a day such as `2010-06-01`.
package enum Imputation: Sendable, Equatable {
  /// The median of the training rows' times.
  case median
  /// None: the unknown bucket, and the mean (0) of the normalised time.
  case unknown
  /// The start of a day, in milliseconds since 1970-01-01 UTC.
  case fixed(Int64)

  /// - Returns: nil when `text` is neither a known word nor a day of the calendar in the years 0001 to 9999.
  package init?(_ text: String) {
    switch text {
    case "median": self = .median
    case "unknown": self = .unknown
    default:
      let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
        let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2]),
        let time = milliseconds(year: year, month: month, day: day)
      else { return nil }
      self = .fixed(time)
    }
  }

  /// The text that `init(_:)` reads; of a fixed time, its day.
  package var text: String {
    switch self {
    case .median: "median"
    case .unknown: "unknown"
    case .fixed(let time):
      // The quotient rounded down.
      Self.text(ofDay: Int(time / millisecondsPerDay) - (time % millisecondsPerDay < 0 ? 1 : 0))
    }
  }

  private static func text(ofDay daysSince1970: Int) -> String {
    let date = calendarDate(daysSince1970: daysSince1970)
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
  }
}

extension Imputation: Codable {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let imputation = Imputation(text) else {
      throw FeatureError.setting(key: "imputation", found: text, expected: "median, unknown or a day like 2010-06-01")
    }
    self = imputation
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
