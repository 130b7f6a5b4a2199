import Testing
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerTraining

@Suite struct FitSecondsTests {
  @Test func jsonNamesEveryPartAndTheirTotal() {
    var seconds = FitSeconds()
    seconds.reading = 0.25
    seconds.training = 2
    seconds.evaluation = 0.5
    let expected = #"{"reading":0.25,"search":0.0,"features":0.0,"training":2.0,"evaluation":0.5,"writing":0.0,"total":2.75}"#
    #expect(seconds.json.text(indent: nil) == expected)
  }

  @Test func aMemberIsAddedAtTheEnd() {
    let figures = JSONValue.object([(key: "retrieval", value: .integer(1))])
    #expect(figures.adding("seconds", .number(0.5)).text(indent: nil) == #"{"retrieval":1,"seconds":0.5}"#)
  }
}
