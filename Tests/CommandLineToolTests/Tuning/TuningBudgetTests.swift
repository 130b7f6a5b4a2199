import Testing
import TwoTowerCommandLineTool

struct TuningBudgetTests {
  @Test func timesAndCountsAreRead() throws {
    let time = try #require(TuningBudget(argument: "1m30s"))
    #expect(time.recipe == nil && time.limit.seconds == 90 && time.limit.trials == nil)
    let count = try #require(TuningBudget(argument: "20"))
    #expect(count.recipe == nil && count.limit.trials == 20 && count.limit.seconds == nil)
    let own = try #require(TuningBudget(argument: "ease:baseline.regularization=5:30s"))
    #expect(own.recipe == "ease:baseline.regularization=5" && own.limit.seconds == 30)
    #expect(own.description == "ease:baseline.regularization=5:30s")
  }

  @Test(arguments: ["", "soon", "0", "-1", "0s", "1.5", "ease", "ease:", ":1m", "ease:0"])
  func nothingElseIs(_ text: String) { #expect(TuningBudget(argument: text) == nil) }
}
