import Foundation
import Testing
import TestSupport

/// What people see on a terminal: `script` lends the tool one.
@Suite struct TerminalTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let scriptExists = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

  /// Everything that the tool shows on a terminal, on both streams.
  private func onTerminal(_ arguments: [String], environment: [String: String] = [:]) throws -> String {
    let command = ([Tool.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
    try folder.write("command", "exec \(command)\n")
    let outcome = try twotower(
      shell: "script --quiet --return --command 'sh \(folder("command"))' /dev/null",
      environment: ["TERM": "xterm", "NO_COLOR": ""].merging(environment) { $1 })
    return outcome.output
  }

  private var fit: [String] {
    [
      "fit", "--data", Tool.sample, "--recipe", "retrieval", "--epochs", "20", "--dimension", "64", "--threads", "1",
      "--output", folder("run"), "--replace",
    ]
  }

  @Test(.enabled(if: scriptExists, "needs script of util-linux"))
  func aTerminalSeesABarWithWhatIsLeft() throws {
    let shown = try onTerminal(fit)
    #expect(shown.contains("\r\u{1B}[2K"), "the line is redrawn in place")
    #expect(shown.contains("░") && shown.contains("ETA "), "\(shown)")
    #expect(shown.contains("rows/s"))
    let drawn = shown.split(separator: "\r\u{1B}[2K").map { $0.prefix { $0 != "\r\n" && $0 != "\n" } }
    #expect(drawn.allSatisfy { $0.count < 100 }, "no line is longer than a terminal")
    #expect(shown.contains("\u{1B}[1m"), "headings are bold")
  }

  @Test(.enabled(if: scriptExists, "needs script of util-linux"))
  func noColourIsHonoured() throws {
    let shown = try onTerminal(["recommend", folder("none"), "--user", "1"], environment: ["NO_COLOR": "1"])
    #expect(shown.contains("twotower: error: "))
    #expect(!shown.contains("\u{1B}["))
    #expect(try onTerminal(["recommend", folder("none"), "--user", "1"]).contains("\u{1B}[31merror:\u{1B}[0m"))
    #expect(!(try onTerminal(["recommend", folder("none"), "--user", "1"], environment: ["TERM": "dumb"])).contains("\u{1B}["))
  }

  @Test func elsewhereLinesArePlain() throws {
    let outcome = try twotower(fit + ["--json"])
    expectSuccess(outcome)
    #expect(!outcome.errors.contains("\r") && !outcome.errors.contains("\u{1B}"))
    #expect(outcome.errors.contains("epoch 20/20  loss "))
    #expect(outcome.json != nil, "results alone are on standard output")
  }
}
