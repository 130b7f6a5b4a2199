import ArgumentParser
import Foundation
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerServing

/// Lengths of lists as people type them: `5,10,50`.
struct CutoffList: ExpressibleByArgument {
  let cutoffs: [Int]

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    cutoffs = numbers.compactMap { $0 }
    if cutoffs.count < numbers.count || cutoffs.contains(where: { $0 < 1 }) { return nil }
  }
}

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a run on its test rows, beside popularity and chance.",
    discussion: """
      Examples:
        twotower evaluate RUN
        twotower evaluate RUN --json > figures.json
        twotower evaluate RUN --at 5,10,50
        twotower evaluate RUN --rerank
        twotower evaluate RUN --diversity 0.3 --exclude 'genre:pop'

      Top-k is the share of test rows whose item ranks below k among all items; ties count against the model. \
      Seen excluded: the user's training items are no candidates. recall, NDCG, precision, MAP and hit rate are of the \
      first 20 (or as --at says), means over users; coverage is of everyone's lists together. Intervals are 95 % by bootstrap over users. The options of lists are those of \
      recommend: figures of the lists that they make stand beside those of the plain ones. Where a run \
      retrieves and ranks, the lists of recommend --rerank are measured too.
      """)

  @Argument(help: ArgumentHelp("The folder that fit wrote.", valueName: "run")) var path: String
  @OptionGroup(title: "Evaluation") var evaluation: EvaluationOptions
  @Option(
    help: ArgumentHelp(
      "Lengths of lists to measure at, with commas between. Default: 20, and 1,5,10,50,100 for top-k.",
      valueName: "k,…"))
  var at: CutoffList?
  @OptionGroup(title: "Evaluation") var users: UserFiguresOption
  @OptionGroup(title: "Which items lists may have") var filters: FilterOptions
  @OptionGroup(title: "Order of lists") var order: ReorderingOptions
  @OptionGroup(title: "Process") var process: ProcessOptions
  @Flag(help: "Measure the lists of recommend --rerank too; runs that learnt how to rerank show them anyway.")
  var rerank = false
  @Flag(help: "Print the figures as one JSON object.") var json = false

  func run() throws {
    Interrupts.catchSignals()
    process.apply()
    Terminal.say("evaluating \(path)")
    let run = try Answerer(opening: path)
    if let k = at?.cutoffs.max(), k > run.itemCount {
      throw Failure(.usage, "--at \(k) is beyond the catalogue of \(run.itemCount) items: give at most that")
    }
    let assessment = try run.evaluate(
      userLimit: evaluation.evaluateUsers, cutoffs: at.map { RetrievalCutoffs(at: $0.cutoffs) },
      reordering: order.reordering, isAllowed: filters.allowedItems(in: run), reranks: rerank)
    if rerank { sayWhetherRerankingIsLearnt(run) }
    try Interrupts.check()
    if assessment.recommendations?.reordered == nil && (order.reordering.changesNothing == false || !filters.isEmpty) {
      throw Failure(
        .badData,
        "\(path): the run makes no lists, or none of the length that is measured, for --exclude, --only, "
          + "--popularity-penalty and --diversity to change: leave these out")
    }
    assessment.newUsers.map(sayNewUsers)
    try users.write(assessment, identifiers: run.userIdentifiers)
    if json {
      Terminal.print(assessment.json.text())
    } else {
      for line in EvaluationTable(assessment).lines { Terminal.print(line) }
    }
    sayWarnings(of: assessment)
  }
}
