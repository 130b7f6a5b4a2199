import Foundation
import Testing
import TwoTowerAutodiff
import TwoTowerEvaluation
import TwoTowerKernels

struct PairedDifferenceTests {
  /// Users who are easy or hard for everyone.
  private let plain: [Double] = (0..<200).map { user in
    var generator = SeededGenerator(seed: 4, purpose: .bootstrap, step: user)
    return Double(generator.below(1000)) / 1000
  }

  private func noise(_ user: Int) -> Double {
    var generator = SeededGenerator(seed: 9, purpose: .bootstrap, step: user)
    return Double(generator.below(1001)) / 1000 - 0.5
  }

  @Test func aSmallGainOfEveryoneIsSeenAboveTheSpreadOfUsers() throws {
    let better = plain.enumerated().map { $1 + 0.02 + 0.02 * noise($0) }
    let found = try #require(PairedDifference(better, against: plain))
    let mean = zip(better, plain).reduce(0) { $0 + $1.0 - $1.1 } / 200
    #expect(abs(found.mean - mean) < 1e-12)
    #expect(found.interval.low > 0.015 && found.interval.high < 0.025, "\(found)")
    #expect(found.interval.low < mean && mean < found.interval.high)
    #expect(found.p < 0.001)
    let turned = try #require(PairedDifference(plain, against: better))
    #expect(abs(turned.mean + mean) < 1e-12 && turned.p == found.p)
  }

  @Test func whatComesByChanceIsLikely() throws {
    // The difference is a third of its own spread over samples.
    let center = (0..<200).reduce(0) { $0 + noise($1) } / 200
    let deviation = ((0..<200).reduce(0) { $0 + pow(noise($1) - center, 2) } / 200).squareRoot()
    let shift = deviation / 200.0.squareRoot() / 3
    let other = plain.enumerated().map { $1 + noise($0) - center + shift }
    let found = try #require(PairedDifference(other, against: plain))
    #expect(abs(found.p - 0.739) < 0.05, "two-sided, a third of a standard error: \(found.p)")
    #expect(found.interval.low < 0 && found.interval.high > 0)
    #expect(abs((found.interval.high - found.interval.low) / (2 * 1.96 * 3 * shift) - 1) < 0.1)
  }

  @Test func equalsDoNotDiffer() throws {
    let found = try #require(PairedDifference(plain, against: plain))
    #expect(found.mean == 0 && found.p == 1)
    #expect(found.interval == ConfidenceInterval(low: 0, high: 0))
    #expect(PairedDifference([], against: []) == nil)
  }
}

struct UserFiguresTests {
  private let figures = UserFigures(
    users: ["b", "line\nbreak", "ü"], values: ["recall.20": [0, 0.5, 1.0 / 3], "ndcg.20": [1, 0, 0.25]])

  @Test func whatIsWrittenIsReadBack() {
    #expect(UserFigures(json: Data(figures.json.text().utf8)) == figures)
    #expect(UserFigures(json: Data(figures.json.text(indent: nil).utf8)) == figures)
  }

  @Test func anythingElseIsNotRead() {
    for text in ["", "[]", "{}", #"{"users": ["a"], "recall.20": [1, 2]}"#, #"{"users": ["a"], "recall.20": ["x"]}"#] {
      #expect(UserFigures(json: Data(text.utf8)) == nil, "\(text)")
    }
  }

  @Test func aReportsMeansAreThoseOfItsUsers() throws {
    let truth = RetrievalTruth(
      userCount: 3, candidateCount: 30, trainingUsers: [0, 1], trainingItems: [1, 2], testUsers: [0, 0, 2],
      testItems: [3, 29, 7])
    let scores = (0..<90).map { Float(($0 * 37) % 91) }
    let report = try evaluateRetrieval(
      queries: .init([3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]),
      candidates: .init([30, 3], (0..<30).flatMap { item in (0..<3).map { scores[$0 * 30 + item] } }), truth: truth,
      cutoffs: .fitting(candidateCount: 30), seed: 1)
    let figures = try #require(report.userFigures(["a", "b", "c"]))
    #expect(figures.users == ["a", "c"])
    for (path, value) in [("recall.20", report.seenExcluded.recall[20]), ("ndcg.20", report.seenExcluded.ndcg[20])] {
      let values = try #require(figures.values[path])
      #expect(values.reduce(0, +) / 2 == value, "\(path)")
      #expect(Set(values).count == 2, "\(path): users differ")
    }
  }
}
