import Foundation
import Testing
import TwoTowerDatasets

@Suite struct CalendarTimeTests {
  /// Every day of 800 years around 1970, forth and back, counted by themselves.
  @Test func daysAreCountedWithoutGap() {
    var expected = calendarDate(daysSince1970: -146_097)
    #expect((expected == (1570, 1, 1)) as Bool)
    for day in -146_097..<146_097 {
      let date = calendarDate(daysSince1970: day)
      #expect((date == expected) as Bool, "day \(day)")
      #expect(
        milliseconds(year: Int64(date.year), month: Int64(date.month), day: Int64(date.day))
          == Int64(day) * millisecondsPerDay)
      let isLeap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0)
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      if date.day < lengths[date.month - 1] {
        expected.day += 1
      } else {
        expected = date.month < 12 ? (date.year, date.month + 1, 1) : (date.year + 1, 1, 1)
      }
    }
    #expect(milliseconds(year: 1970, month: 1, day: 1) == 0)
  }

  @Test func knownDays() {
    #expect(milliseconds(year: 2009, month: 4, day: 1) == 1_238_544_000_000)
    #expect((calendarDate(daysSince1970: 11_016) == (2000, 2, 29)) as Bool)
    #expect(milliseconds(year: 1, month: 1, day: 1) == -719_162 * millisecondsPerDay)
    #expect((calendarDate(daysSince1970: -719_162) == (1, 1, 1)) as Bool)
  }

  @Test(arguments: [(2009, 2, 29), (1900, 2, 29), (2009, 4, 31), (2009, 13, 1), (2009, 0, 1), (2009, 1, 0), (0, 1, 1),
    (10_000, 1, 1)] as [(Int64, Int64, Int64)])
  func otherDaysDoNotExist(year: Int64, month: Int64, day: Int64) {
    #expect(milliseconds(year: year, month: month, day: day) == nil)
  }
}
