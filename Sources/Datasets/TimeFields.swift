/// Collects a column of times, whose unit shows only when all of it is read.
///
/// Either all fields are numbers or all are ISO 8601 dates. Numbers are milliseconds since 1970-01-01 UTC when any of
/// them is 10¹¹ or more in size (the year 5138 if it were seconds), otherwise seconds. An empty field is no time.
struct TimeFields {
  private var values: [Double] = []
  private var largest = 0.0
  private var areDates: Bool?
  private(set) var missing = 0

  mutating func append(_ column: Int, of rows: borrowing RowReader, name: String) throws(DatasetError) {
    let field = rows[column]
    if field.isEmpty {
      values.append(.nan)
      missing += 1
      return
    }
    if areDates != true, let number = decimalNumber(field) {
      guard abs(number) < 1e15 else {
        throw rows.badField(column, name: name, expected: "a time in seconds or milliseconds since 1970")
      }
      areDates = false
      largest = max(largest, abs(number))
      values.append(number)
    } else if areDates != false, let time = iso8601Milliseconds(field) {
      areDates = true
      values.append(Double(time))
    } else {
      let expected =
        switch areDates {
        case true: "an ISO 8601 date such as 2009-04-01T12:30:00Z, as in the rows before"
        case false: "a time in seconds or milliseconds, as in the rows before"
        default: "seconds or milliseconds since 1970, or an ISO 8601 date"
        }
      throw rows.badField(column, name: name, expected: expected)
    }
  }

  /// Milliseconds since 1970-01-01 UTC, `Int64.min` for no time.
  func milliseconds() -> [Int64] {
    let scale = areDates == true || largest >= 1e11 ? 1.0 : 1_000.0
    return values.map { $0.isNaN ? .min : Int64(($0 * scale).rounded(.down)) }
  }
}

/// `YYYY-MM-DD`, then perhaps `T` or a space and `hh:mm`, `hh:mm:ss` or `hh:mm:ss.f`, then perhaps `Z` or an offset
/// `±hh:mm` or `±hhmm` (UTC without one), as milliseconds since 1970-01-01 UTC; nil for anything else.
func iso8601Milliseconds(_ field: UnsafeRawBufferPointer) -> Int64? {
  var scanner = DigitScanner(bytes: field)
  guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
    let day = scanner.number(2), var time = milliseconds(year: year, month: month, day: day)
  else { return nil }
  if scanner.isAtEnd { return time }
  guard scanner.skip("T") || scanner.skip("t") || scanner.skip(" "), let hour = scanner.number(2), hour < 24,
    scanner.skip(":"), let minute = scanner.number(2), minute < 60
  else { return nil }
  time += hour * 3_600_000 + minute * 60_000
  if scanner.skip(":") {
    guard let second = scanner.number(2), second <= 60 else { return nil }
    time += second * 1_000
    if scanner.skip(".") {
      guard let milliseconds = scanner.fraction() else { return nil }
      time += milliseconds
    }
  }
  if scanner.isAtEnd || ((scanner.skip("Z") || scanner.skip("z")) && scanner.isAtEnd) { return time }
  let isEast = scanner.skip("+")
  guard isEast || scanner.skip("-"), let hours = scanner.number(2), hours < 24 else { return nil }
  _ = scanner.skip(":")
  guard let minutes = scanner.number(2), minutes < 60, scanner.isAtEnd else { return nil }
  let offset = hours * 3_600_000 + minutes * 60_000
  return isEast ? time - offset : time + offset
}

private struct DigitScanner {
  let bytes: UnsafeRawBufferPointer
  var position = 0

  var isAtEnd: Bool { position == bytes.count }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard !isAtEnd, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func number(_ digits: Int) -> Int64? {
    guard position + digits <= bytes.count else { return nil }
    var value: Int64 = 0
    for _ in 0..<digits {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int64(digit)
      position += 1
    }
    return value
  }

  /// The digits after a decimal point as thousandths; further digits are cut off.
  mutating func fraction() -> Int64? {
    var value: Int64 = 0
    var digits = 0
    while let digit = number(1) {
      if digits < 3 { value = value * 10 + digit }
      digits += 1
    }
    for _ in min(digits, 3)..<3 { value *= 10 }
    return digits > 0 ? value : nil
  }
}
