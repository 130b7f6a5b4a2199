import Foundation
import Testing
import TestSupport

@Suite struct DemoTests {
  @Test func theDemoFitsMeasuresRecommendsAndRanks() throws {
    let folder = try TemporaryFolder()
    for _ in 0..<2 {  // a second time it replaces the first
      let outcome = try twotower("demo", "--output", folder("demo"), workingFolder: folder.path)
      expectSuccess(outcome)
      let commands = outcome.outputLines.filter { $0.hasPrefix("$ twotower ") }
      #expect(commands.map { $0.split(separator: " ")[2] } == ["fit", "recommend", "rank"])
      #expect(outcome.outputLines.contains { $0.contains("recall@20") })
      #expect(outcome.outputLines.contains { $0.hasPrefix("Next: ") })
      #expect(folder.names == ["demo"])
    }
    let recommended = try twotower("recommend", folder("demo"), "--user", "2")
    expectSuccess(recommended)
  }
}
