/// The time that stands in for a missing one: `median`, `unknown`, or a day such as `2010-06-01`.
public enum Imputation: Sendable, Equatable {
  /// The median of the training rows' times.
  case median
  /// None: the unknown bucket, and the mean (0) of the normalised time.
  case unknown
  /// The start of a day, in milliseconds since 1970-01-01 UTC.
  case fixed(Int64)

  static let millisecondsPerDay: Int64 = 86_400_000

  /// - Returns: nil when `text` is neither a known word nor a day of the calendar in the years 0001 to 9999.
  public init?(_ text: String) {
    switch text {
    case "median": self = .median
    case "unknown": self = .unknown
    default:
      let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
        let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2]), year >= 1,
        let days = Self.days(year: year, month: month, day: day)
      else { return nil }
      self = .fixed(days * Self.millisecondsPerDay)
    }
  }

  /// Days from 1970-01-01 in the Gregorian calendar; nil for a day that does not exist.
  ///
  /// Counts in years that begin in March, so that the leap day comes last (Hinnant, "chrono-Compatible Low-Level
  /// Date Algorithms", days_from_civil).
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), (1...lengths[Int(month) - 1]).contains(day) else { return nil }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// `year-month-day` of a number of days from 1970-01-01 (Hinnant, civil_from_days).
  private static func civil(days: Int64) -> String {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func padded(_ value: Int64, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// The text that `init(_:)` reads; of a fixed time, its day.
  public var text: String {
    switch self {
    case .median: "median"
    case .unknown: "unknown"
    case .fixed(let time):
      Self.civil(days: (time - (time % Self.millisecondsPerDay + Self.millisecondsPerDay) % Self.millisecondsPerDay)
        / Self.millisecondsPerDay)
    }
  }
}

extension Imputation: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let imputation = Imputation(text) else {
      throw FeatureError.setting(key: "imputation", found: text, expected: "median, unknown or a day like 2010-06-01")
    }
    self = imputation
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
