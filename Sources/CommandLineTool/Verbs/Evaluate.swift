import ArgumentParser
import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerServing

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a run on its test rows, beside popularity and chance.",
    discussion: """
      Examples:
        twotower evaluate RUN
        twotower evaluate RUN --json > figures.json
        twotower evaluate RUN --diversity 0.3 --exclude 'genre:pop'

      Top-k is the share of test rows whose item ranks below k among all items; ties count against the model. \
      Seen excluded: the user's training items are no candidates. recall, NDCG, precision and coverage are of the \
      first 20, means over users. Intervals are 95 % by bootstrap over users. The options of lists are those of \
      recommend: figures of the lists that they make stand beside those of the plain ones.
      """)

  @Argument(help: ArgumentHelp("The folder that fit wrote.", valueName: "run")) var path: String
  @OptionGroup(title: "Evaluation") var evaluation: EvaluationOptions
  @OptionGroup(title: "Which items lists may have") var filters: FilterOptions
  @OptionGroup(title: "Order of lists") var order: ReorderingOptions
  @OptionGroup(title: "Process") var process: ProcessOptions
  @Flag(help: "Print the figures as one JSON object.") var json = false

  func run() throws {
    Interrupts.catchSignals()
    process.apply()
    Terminal.say("evaluating \(path)")
    let run = try Answerer(opening: path)
    let assessment = try run.evaluate(
      userLimit: evaluation.evaluateUsers, reordering: order.reordering, isAllowed: filters.allowedItems(in: run))
    try Interrupts.check()
    if assessment.recommendations?.reordered == nil && (order.reordering.changesNothing == false || !filters.isEmpty) {
      throw Failure(
        .badData,
        "\(path): the run makes no lists, or none of the length that is measured, for --exclude, --only, "
          + "--popularity-penalty and --diversity to change: leave these out")
    }
    if json {
      Terminal.print(assessment.json.text())
    } else {
      for line in EvaluationTable(assessment).lines { Terminal.print(line) }
    }
  }
}
