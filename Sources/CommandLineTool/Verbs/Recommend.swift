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
        twotower recommend RUN --user 2 --rerank          retrieve 100, then order them by the ranking model

      Items of the user's training rows are left out unless --include-seen. --rerank uses the ranking model that \
      knows no features of the pair: a tag on the very item would tell it what the user already knows.
      """)

  @Argument(help: ArgumentHelp("The folder that fit wrote.", valueName: "run")) var path: String
  @Option(help: ArgumentHelp("The user, as in the data.", valueName: "id")) var user: String
  @Option(help: "How many items.") var top = 10
  @Flag(help: "Recommend also what the user has in the training rows.") var includeSeen = false
  @Flag(help: "Order the retrieved items by the ranking model's prediction.") var rerank = false
  @OptionGroup(title: "Process") var process: ProcessOptions
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    if top < 1 { throw ValidationError("--top is \(top), expected at least 1") }
  }

  func run() throws {
    process.apply()
    let run = try FinishedRun(opening: path)
    let user = try Lookup(run).user(user)
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
    var table = TextTable(header: rerank ? ["#", "id", "score", "predicted", "name"] : ["#", "id", "score", "name"])
    for (place, entry) in recommendations.enumerated() {
      table.add(entry.cells(place: place + 1, in: run))
    }
    for line in table.lines { Terminal.print(line) }
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

  func cells(place: Int, in run: FinishedRun) -> [String] {
    let numbers = [score, prediction].compactMap { $0 }.map { formatted(Double($0), digits: 4) }
    return ["\(place)", run.itemIdentifiers[Int(item)]] + numbers + [run.itemNames[Int(item)]]
  }
}
