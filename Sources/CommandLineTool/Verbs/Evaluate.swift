import ArgumentParser
import Training

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a run on its test rows, beside popularity and chance.",
    discussion: """
      Examples:
        twotower evaluate RUN
        twotower evaluate RUN --json > figures.json

      Top-k is the share of test rows whose item ranks below k among all items; ties count against the model. \
      Seen excluded: the user's training items are no candidates. recall, NDCG, precision and coverage are of the \
      first 20, means over users. Intervals are 95 % by bootstrap over users.
      """)

  @Argument(help: ArgumentHelp("The folder that fit wrote.", valueName: "run")) var path: String
  @OptionGroup(title: "Evaluation") var evaluation: EvaluationOptions
  @OptionGroup(title: "Process") var process: ProcessOptions
  @Flag(help: "Print the figures as one JSON object.") var json = false

  func run() throws {
    Interrupts.catchSignals()
    process.apply()
    Terminal.say("evaluating \(path)")
    let assessment = try FinishedRun(opening: path).assess(userLimit: evaluation.evaluateUsers)
    try Interrupts.check()
    if json {
      Terminal.print(assessment.json.text())
    } else {
      for line in FigureTable(assessment).lines { Terminal.print(line) }
    }
  }
}
