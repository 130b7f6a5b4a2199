import ArgumentParser
import Foundation
import TwoTowerKernels

struct GrowthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "growth", abstract: "Measure how cost grows, as tables and figures.")

  @Option(help: "Only series whose name contains this.") var filter: String?
  @Option(help: "Rounds to measure; the median is shown.") var repeats: Int?
  @OptionGroup var threads: ThreadOption
  @Flag(help: "Small sizes and one round: does it work?") var quick = false
  @Option(help: ArgumentHelp("Folder for growth.md and the figures.", valueName: "dir")) var output = "."

  func validate() throws {
    if let repeats, repeats < 1 { throw ValidationError("--repeats is \(repeats), expected at least 1") }
  }

  func run() throws {
    threads.apply()
    let scale = Scale(isQuick: quick)
    var text = (["## How the cost grows", ""] + Machine.description.map { "- \($0)" }).joined(separator: "\n") + "\n"
    for line in Machine.description { print(line) }
    for series in Series.all(scale) where filter.map({ series.name.contains($0) }) ?? true {
      let curve = try series.measure(rounds: repeats ?? (quick ? 1 : 3))
      print("")
      for line in curve.markdownLines { print(line) }
      try LineChart(curve).svg.write(toFile: "\(output)/\(series.name).svg", atomically: true, encoding: .utf8)
      text += "\n" + curve.markdownLines.joined(separator: "\n") + "\n\n![\(series.title)](\(series.name).svg)\n"
    }
    try text.write(toFile: "\(output)/growth.md", atomically: true, encoding: .utf8)
  }
}
