import ArgumentParser
import Evaluation
import Files
import Foundation
import Training

struct Rank: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Order given items for a user.",
    discussion: """
      Examples:
        twotower rank RUN --user 2 --artists 51,52,53
        twotower rank RUN --user 2 --artists "Duran Duran,Morcheeba"
        cut -f1 shortlist.tsv | twotower rank RUN --user 2 --candidates -

      Items are given by identifier or by name; names with commas in them only by --candidates. A run with a ranking task orders by its prediction, features of the \
      pair included; a run with retrieval alone orders by its score.
      """)

  @Argument(help: ArgumentHelp("The folder that fit wrote.", valueName: "run")) var path: String
  @Option(help: ArgumentHelp("The user, as in the data.", valueName: "id")) var user: String
  @Option(
    name: [.customLong("artists"), .customLong("items")],
    help: ArgumentHelp("Items by identifier or name, with commas between.", valueName: "list"))
  var items: String?
  @Option(help: ArgumentHelp("File with one item a line; - reads standard input.", valueName: "file"))
  var candidates: String?
  @OptionGroup(title: "Process") var process: ProcessOptions
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    if (items == nil) == (candidates == nil) { throw ValidationError("give either --artists or --candidates") }
  }

  func run() throws {
    process.apply()
    let run = try FinishedRun(opening: path)
    let lookup = Lookup(run)
    let user = try lookup.user(user)
    var seen = Set<Int32>()
    let chosen = try names().map(lookup.item).filter { seen.insert($0).inserted }
    if chosen.isEmpty { throw Failure(.badData, "no items to rank: expected at least one") }
    let ranked = try run.rank(user: user, items: chosen)
    if json {
      Terminal.print(
        JSONValue.object([
          (key: "user", value: .string(self.user)),
          (key: "ranking", value: .array(ranked.enumerated().map { $1.json(place: $0 + 1, in: run) })),
        ]).text())
      return
    }
    let numbers = [try run.hasRanking ? "predicted" : "score"]
    for line in run.table(ranked, numbers: numbers).lines { Terminal.print(line) }
  }

  private func names() throws -> [String] {
    if let items { return items.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
    let text = try readText(candidates!, expected: "one item a line")
    return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }
}
