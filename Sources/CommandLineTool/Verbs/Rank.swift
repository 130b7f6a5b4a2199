import ArgumentParser
import Foundation
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerServing

struct Rank: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Order given items for a user.",
    discussion: """
      Examples:
        twotower rank RUN --user 2 --artists 51,52,53
        twotower rank RUN --user 2 --artists "Duran Duran,Morcheeba"
        twotower rank RUN --likes "Drake=200,Muse" --artists beyonce,abba
        cut -f1 shortlist.tsv | twotower rank RUN --user 2 --candidates -

      Items are given by identifier or by name; names with commas in them only by --candidates. A run with a ranking task orders by its prediction, features of the \
      pair included; a run with retrieval alone orders by its score.
      """)

  @Argument(help: ArgumentHelp("The folder that fit wrote.", valueName: "run")) var path: String
  @OptionGroup(title: "Who") var query: QueryOptions
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
    let run = try Answerer(opening: path)
    let (query, name) = try query.resolve(in: run)
    var seen = Set<Int32>()
    let directory = try run.items()
    let chosen = try names().map { try item($0, in: directory) }.filter { seen.insert($0).inserted }
    if chosen.isEmpty { throw Failure(.badData, "no items to rank: expected at least one") }
    let ranked = try run.rank(chosen, for: query)
    let isPredicted = ranked[0].prediction != nil
    for item in chosen where try run.isUnknown(item) {
      Terminal.say(
        "note: nothing is known of '\(run.itemNames[Int(item)])', no training row, no tag"
          + (isPredicted ? "" : ": it comes last"))
    }
    if try !isPredicted && run.popularityReason(for: query) != nil {
      Terminal.say("note: the model says nothing of \(name ?? "these likes"): ordered by how many users have each item")
    }
    if run.hasRanking && !isPredicted {
      Terminal.say("note: the ranking model knows users of the data only: ordered by the score of retrieval")
    }
    if json {
      let ranking = JSONValue.array(ranked.enumerated().map { $1.json(place: $0 + 1, in: run) })
      Terminal.print(
        JSONValue.object(
          (name.map { [(key: "user", value: .string($0))] } ?? []) + [(key: "ranking", value: ranking)]
        ).text())
      return
    }
    for line in run.table(ranked, numbers: [isPredicted ? "predicted" : "score"]).lines { Terminal.print(line) }
  }

  private func item(_ text: String, in directory: ItemDirectory) throws -> Int32 {
    directory.note(onNamesakesOf: text).map { Terminal.say("note: \($0)") }
    if let item = directory.item(text) { return item }
    let near = directory.near(text).map { "'\($0)'" }.joined(separator: ", ")
    throw Failure(
      .badData,
      "item '\(text)' is not in the run" + (near.isEmpty ? ": nothing there is called alike" : "; near: \(near)"))
  }

  private func names() throws -> [String] {
    if let items { return items.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
    let text = try readText(candidates!, expected: "one item a line")
    return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }
}
