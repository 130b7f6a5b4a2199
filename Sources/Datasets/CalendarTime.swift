/// Milliseconds in a day of UTC as computers count it, without leap seconds.
package let millisecondsPerDay: Int64 = 86_400_000

/// Milliseconds from 1970-01-01 to midnight UTC of a day in the Gregorian calendar, or nil where there is no such day
/// in the years 1 to 9999.
///
/// Days from civil: Howard Hinnant, "chrono-compatible low-level date algorithms", 2014.
package func milliseconds(year: Int64, month: Int64, day: Int64) -> Int64? {
  guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
  let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  let monthLengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  guard day <= monthLengths[Int(month) - 1] else { return nil }
  // Years begin in March, so that the leap day is the last of its year.
  let shiftedYear = month <= 2 ? year - 1 : year
  let era = shiftedYear / 400
  let yearOfEra = shiftedYear % 400
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  return (era * 146_097 + dayOfEra - 719_468) * millisecondsPerDay
}

/// The day of the Gregorian calendar (UTC) so many days after 1970-01-01, or before; civil from days, as above.
package func calendarDate(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
  let shifted = daysSince1970 + 719_468
  let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
  let dayOfEra = shifted - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}
