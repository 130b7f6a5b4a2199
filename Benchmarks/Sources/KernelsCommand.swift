import ArgumentParser
import Foundation

struct KernelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "Measure kernels against the SGEMM rate or the memory bandwidth of the same run.",
    discussion: """
      Each suite runs in a process of its own, which gives it a peak of memory of its own. Its measurements take \
      turns, round after round, so that a busy moment of the machine strikes all of them.

      TWOTOWER_LASTFM names the folder of the Last.fm set; without it that suite is left out.
      """)

  @Option(help: "Only suites whose name contains this.") var filter: String?
  @Option(help: "Rounds to measure; the median is shown.") var repeats: Int?
  @OptionGroup var threads: ThreadOption
  @Flag(help: "Small sizes and two rounds: does it work?") var quick = false
  @Flag(help: "Also the suites that take minutes. --filter finds them too.") var long = false
  @Flag(help: "List the suites.") var list = false
  @Option(help: ArgumentHelp("Also write the tables as Markdown.", valueName: "file")) var markdown: String?

  func validate() throws {
    if let repeats, repeats < 1 { throw ValidationError("--repeats is \(repeats), expected at least 1") }
  }

  func run() throws {
    threads.apply()
    if list {
      for suite in Suite.all { print("\(suite.name): \(suite.summary)\(suite.isLong ? " (long)" : "")") }
      return
    }
    let chosen = Suite.all.filter { suite in filter.map { suite.name.contains($0) } ?? (long || !suite.isLong) }
    if chosen.isEmpty { throw ValidationError("no suite is called like '\(filter ?? "")': see --list") }
    for line in Machine.description { print(line) }
    var text = (["## Kernels", ""] + Machine.description.map { "- \($0)" }).joined(separator: "\n") + "\n"
    for suite in chosen {
      let report = try suite.runInOwnProcess(isQuick: quick, repeats: repeats ?? (quick ? 2 : 7))
      print("")
      for line in report.textLines { print(line) }
      text += "\n" + report.markdownLines.joined(separator: "\n") + "\n"
    }
    if let markdown { try text.write(toFile: markdown, atomically: true, encoding: .utf8) }
  }
}

/// What `kernels` starts for each suite; prints the report as JSON.
struct SuiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "suite", shouldDisplay: false)

  @Argument var name: String
  @Option var repeats: Int
  @Flag var quick = false
  @OptionGroup var threads: ThreadOption

  func run() throws {
    threads.apply()
    guard let suite = Suite.all.first(where: { $0.name == name }) else {
      throw ValidationError("no suite is called '\(name)'")
    }
    let session = Session(scale: Scale(isQuick: quick), repeats: repeats)
    try suite.run(session)
    print(String(decoding: try JSONEncoder().encode(session.report(of: suite)), as: UTF8.self))
  }
}
