import ArgumentParser
import Foundation

struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit, measure, recommend and rank on the bundled made-up sample.",
    discussion: """
      Example:
        twotower demo
      """)

  @Option(help: ArgumentHelp("Folder to write the run to; an older run there is replaced.", valueName: "run"))
  var output: String?

  @Flag(help: "Print every figure of the fit, and not only the first.") var full = false

  func run() throws {
    let output = output ?? Home.folder + "/Models/demo"
    let sample = Home.folder + "/Data/sample"
    try step(
      ["fit", "--data", sample, "--recipe", "two-stage", "--output", output, "--replace"] + (full ? ["--full"] : []))
    try step(["recommend", output, "--user", "2"])
    try step(["rank", output, "--user", "2", "--artists", "1,2,3"])
    Terminal.print("")
    Terminal.print("Next: see what a recipe can say in Models/, and train on data of your own:")
    Terminal.print("  twotower fit --data plays.csv --user-column user --item-column track --output Models/mine")
    Terminal.print("  twotower recommend Models/mine --user ID")
  }

  /// Runs one verb, shown as it would be typed.
  private func step(_ arguments: [String]) throws {
    Terminal.print("")
    Terminal.print(Terminal.bold("$ twotower " + arguments.joined(separator: " ")))
    var command = try TwoTowerCommand.parseAsRoot(arguments)
    try command.run()
  }
}
