import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerTraining

/// What a fit prints is what a comparison reads.
struct FitReportTests {
  /// A fit of both tasks, and what it printed.
  private let assessment: Assessment
  private let seconds: FitSeconds
  private let json: JSONValue

  init() throws {
    let folder = try TemporaryFolder()
    var run = try smallRun(smallRecipe(), in: folder("run"))
    assessment = try #require(try run.train())
    seconds = run.seconds
    json = assessment.json.adding("seconds", seconds.json).adding("peak_memory_bytes", .integer(12_345))
  }

  private func report(_ json: JSONValue) throws(FitReportError) -> FitReport {
    try FitReport(json: Data(json.text().utf8))
  }

  @Test func everythingThatIsComparedIsReadAgain() throws {
    let report = try report(json)
    let retrieval = try #require(assessment.retrieval)
    #expect(report.metrics == retrieval.metrics && !report.metrics.cold.isEmpty)
    #expect(report.intervals.seenIncluded == retrieval.intervals.seenIncluded)
    #expect(report.intervals.seenExcluded == retrieval.intervals.seenExcluded)
    #expect(report.chance == retrieval.chance && !report.chance.cold.isEmpty)
    #expect(report.popularity.seenExcluded == assessment.popularity?.seenExcluded)
    #expect(report.popularity.seenIncluded == assessment.popularity?.seenIncluded)
    let (ranking, with) = (try #require(assessment.ranking), try #require(assessment.rankingWithPairs))
    let numbers = report.ranking.values
    #expect(numbers[.rmse] == with.rmse && numbers[.pairwiseAccuracy] == with.pairwiseAccuracy)
    #expect(numbers[.plainRMSE] == ranking.rmse && numbers[.plainPairwiseAccuracy] == ranking.pairwiseAccuracy)
    #expect(numbers[.constantRMSE] == with.constantRMSE && report.ranking.intervals[.rmse] == with.rmseInterval)
    #expect(report.seconds == seconds && report.peakMemoryBytes == 12_345)
  }

  @Test func everyNumberStandsAtItsPath() throws {
    let numbers = try report(json).numbers
    let recall = assessment.retrieval?.seenExcluded.recall[20]
    #expect(recall != nil && numbers["retrieval.seen_excluded.recall.20"] == recall)
    #expect(numbers.interval("retrieval.seen_excluded.recall.20") == assessment.retrieval?.intervals.seenExcluded.recall[20])
    #expect(numbers["recommendations.model.novelty"] == assessment.recommendations?.model.novelty)
    #expect(numbers["seconds.fit"] == seconds.features + seconds.training)
    #expect(!numbers.paths.contains { $0.contains("intervals") || $0.contains("by_user_activity") })
  }

  /// Every key that a comparison depends on, renamed in turn: none may become an empty column.
  @Test func aKeyThatWasRenamedIsAnErrorThatNamesIt() throws {
    let paths = keyPaths(json)
    for path in [
      ["retrieval"], ["retrieval", "seen_excluded"], ["retrieval", "intervals"], ["cold", "seen_excluded"],
      ["chance", "cold"], ["ranking", "rmse"], ["seconds", "features"], ["peak_memory_bytes"],
      ["retrieval", "seen_excluded", "recall"], ["recommendations"],
    ] { #expect(paths.contains(path), "\(path)") }
    for path in paths {
      let error = #expect(throws: FitReportError.self, "\(path)") { try report(renaming(path[...], in: json)) }
      #expect(error?.description.contains("'\(path.last!)X'") == true, "\(path): \(String(describing: error))")
    }
  }

  @Test func aKeyThatIsMissingIsAnErrorThatNamesIt() throws {
    for (json, words) in [
      ("{}", "'seconds'"), (#"{"seconds": {"features": 1}}"#, "seconds: found no key 'reading'"),
      (#"{"retrieval": {"seen_included": {}}}"#, "retrieval: found no key 'seen_excluded'"),
      (#"{"retrieval": {"seen_included": {}, "seen_excluded": {}}}"#, "'chance'"),
      (#"{"cold": 3, "retrieval": {"seen_included": {}, "seen_excluded": {}}}"#, "cold: "), ("", "not valid JSON"),
      ("[1, 2]", "Dictionary"), ("{", "not valid JSON"), ("3", "Dictionary"),
    ] {
      let error = #expect(throws: FitReportError.self) { try FitReport(json: Data(json.utf8)) }
      #expect(error?.description.contains(words) == true, "\(json): \(String(describing: error))")
    }
  }

  /// The paths of all keys but cutoffs, of the sections that columns are made of.
  private func keyPaths(_ json: JSONValue) -> [[String]] {
    guard case .object(let members) = json else { return [] }
    return members.flatMap { member -> [[String]] in
      if Int(member.key) != nil { return [] }
      let isDeep = !["recommendations", "unseen_users"].contains(member.key)
      return [[member.key]] + (isDeep ? keyPaths(member.value).map { [member.key] + $0 } : [])
    }
  }

  private func renaming(_ path: ArraySlice<String>, in json: JSONValue) -> JSONValue {
    guard case .object(let members) = json, let first = path.first else { return json }
    return .object(members.map { key, value in
      if key != first { return (key: key, value: value) }
      return path.count == 1 ? (key: key + "X", value: value) : (key: key, value: renaming(path.dropFirst(), in: value))
    })
  }
}
