import ArgumentParser
import Evaluation
import Training

struct Recommend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recommend items to a user.",
    discussion: """
      Examples:
        twotower recommend RUN --user 2
        twotower recommend RUN --user 2 --top 50 --include-seen --json
        twotower recommend RUN --user 2 --rerank

      Items of the user's training rows are left out unless --include-seen. --rerank retrieves 100 items and orders \
      them by the ranking model that knows no features of the pair: a tag on the very item would tell it what the \
      user already knows.
      """)

  @Argument(help: ArgumentHelp("The folder that fit wrote.", valueName: "run")) var path: String
  @Option(help: ArgumentHelp("The user, as in the data.", valueName: "id")) var user: String
  @Option(help: "How many items. Default: 10, or the whole catalogue when it is smaller.") var top: Int?
  @Flag(help: "Recommend also what the user has in the training rows.") var includeSeen = false
  @Flag(help: "Order the retrieved items by the ranking model's prediction.") var rerank = false
  @OptionGroup(title: "Process") var process: ProcessOptions
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    if let top, top < 1 { throw ValidationError("--top is \(top), expected at least 1") }
  }

  func run() throws {
    process.apply()
    let run = try FinishedRun(opening: path)
    let user = try Lookup(run).user(user)
    let top = top ?? min(10, run.itemCount)
    if top > run.itemCount {
      throw Failure(.usage, "--top \(top) is beyond the catalogue of \(run.itemCount) items: give at most that")
    }
    let recommendations = try run.recommend(user: user, top: top, includingSeen: includeSeen, reranking: rerank)
    if try run.seenItems(of: user).isEmpty {
      Terminal.say("note: user \(self.user) has no training rows: these are an unknown user's recommendations")
    }
    if recommendations.count < top {
      Terminal.say("note: only \(recommendations.count) items are left for this user")
    }
    if json {
      Terminal.print(
        JSONValue.object([
          (key: "user", value: .string(self.user)),
          (key: "recommendations", value: .array(recommendations.enumerated().map { place, entry in
            entry.json(place: place + 1, in: run)
          })),
        ]).text())
      return
    }
    let numbers = rerank ? ["score", "predicted"] : ["score"]
    for line in run.table(recommendations, numbers: numbers).lines { Terminal.print(line) }
  }
}

extension RankedItem {
  func json(place: Int, in run: FinishedRun) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      (key: "rank", value: .integer(place)), (key: "id", value: .string(run.itemIdentifiers[Int(item)])),
      (key: "name", value: .string(run.itemNames[Int(item)])),
    ]
    if let score { members.append((key: "score", value: .number(Double(score)))) }
    if let prediction { members.append((key: "predicted", value: .number(Double(prediction)))) }
    return .object(members)
  }
}

extension FinishedRun {
  /// A line per item; `numbers` are the headers of the values that the items have, score before prediction.
  func table(_ items: [RankedItem], numbers: [String]) -> TextTable {
    var table = TextTable([("#", .right), ("id", .right)] + numbers.map { ($0, .right) } + [("name", .left)])
    for (place, entry) in items.enumerated() {
      let values = [entry.score, entry.prediction].compactMap { $0 }.map { formatted(Double($0), digits: 4) }
      table.add(["\(place + 1)", itemIdentifiers[Int(entry.item)]] + values + [itemNames[Int(entry.item)]])
    }
    return table
  }
}
