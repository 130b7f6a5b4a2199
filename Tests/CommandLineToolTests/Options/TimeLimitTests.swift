import Testing

import TwoTowerCommandLineTool

struct TimeLimitTests {
  @Test(arguments: [("90s", 90), ("10m", 600), ("1h", 3600), ("1h30m", 5400), ("0.5M", 30)] as [(String, Double)])
  func timesAreReadAsPeopleTypeThem(text: String, seconds: Double) {
    #expect(TimeLimit(argument: text)?.seconds == seconds)
  }

  @Test(arguments: ["", "10", "m", "10x", "-1s", "0s", "1h-", "nan", "1e99h", "10 m"])
  func anythingElseIsNone(text: String) { #expect(TimeLimit(argument: text) == nil) }
}
