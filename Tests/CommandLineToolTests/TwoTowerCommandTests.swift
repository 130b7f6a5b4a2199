import Foundation
import Testing
import TestSupport

@Suite struct TwoTowerCommandTests {
  static let verbs = ["fit", "evaluate", "compare", "recommend", "similar", "rank", "export", "sample", "demo"]

  @Test(arguments: [[]] + verbs.map { [$0] })
  func helpLeadsWithExamples(verb: [String]) throws {
    let outcome = try twotower(verb + ["--help"])
    expectSuccess(outcome)
    #expect(outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0 == "Examples:" || $0 == "Example:" })
    #expect(start < 4)
    let examples = lines[(start + 1)...].prefix { !$0.isEmpty }
    #expect(examples.contains { $0.hasPrefix("  twotower \(verb.first ?? "")") })
    #expect(examples.allSatisfy { $0.hasPrefix("  ") && $0.count <= 80 }, "no example is wrapped: \(outcome.output)")
    #expect(try twotower(["help"] + verb).output == outcome.output)
    if verb.isEmpty { for name in Self.verbs { #expect(outcome.output.contains("\n  \(name) ")) } }
  }

  @Test(arguments: [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")])
  func completionScriptsAreWritten(shell: String, check: String) throws {
    let outcome = try twotower("--generate-completion-script", shell)
    expectSuccess(outcome)
    for word in Self.verbs + ["include-seen", "learning-rate"] { #expect(outcome.output.contains(word), "\(word)") }
    if shell == "bash" {
      let folder = try TemporaryFolder()
      let script = try folder.write("completion", outcome.output)
      #expect(try twotower(shell: "bash \(check) '\(script)'").status == 0)
    }
  }

  @Test func versionIsPrinted() throws {
    let outcome = try twotower("--version")
    expectSuccess(outcome)
    #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }

  @Test(arguments: [
    ["frobnicate"], ["--frobnicate"], ["recommend"], ["recommend", "RUN"], ["recommend", "RUN", "--user"],
    ["recommend", "RUN", "--user", "2", "--top", "ten"], ["evaluate"], ["evaluate", "a", "b"], ["export", "RUN"],
    ["export", "RUN", "--format", "csv", "--output", "x"], ["sample", "--users", "-1", "--output", "x"],
    ["fit", "--seed", "-1"], ["--generate-completion-script", "tcsh"],
  ])
  func whatTheParserRefusesIsAUsageError(arguments: [String]) throws {
    expectUsageError(try twotower(arguments), "Error: ")
  }

  @Test func homeIsFoundFromAnotherFolderThroughThePath() throws {
    let folder = try TemporaryFolder()
    let path = URL(fileURLWithPath: Tool.path).deletingLastPathComponent().path
    let outcome = try twotower(
      "fit", "--recipe", "retreival", "--output", folder("run"), shell: "shift; PATH='\(path)':$PATH; twotower \"$@\"",
      workingFolder: folder.path)
    expectRefusal(outcome, status: 66, "did you mean 'retrieval'?")
    let link = folder("tool")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: Tool.path)
    let linked = try twotower(
      "fit", "--recipe", "retreival", "--output", folder("run"), shell: "shift; ./tool \"$@\"", workingFolder: folder.path)
    expectRefusal(linked, status: 66, "did you mean 'retrieval'?")
  }

  @Test func theLauncherPassesEverythingOn() throws {
    let outcome = try twotower(
      "recommend", "a run", "--user", "ü 1", shell: "sh -n '\(Tool.checkout)/twotower' && \"$@\"")
    expectRefusal(outcome, status: 66, "a run")
  }
}
