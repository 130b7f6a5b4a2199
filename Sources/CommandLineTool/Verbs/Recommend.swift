import ArgumentParser
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerServing

struct Recommend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recommend items to a user, or to someone by what they like.",
    discussion: """
      Examples:
        twotower recommend RUN --user 2
        twotower recommend RUN --user 2 --top 50 --include-seen --json
        twotower recommend RUN --user 2 --exclude-held-out
        twotower recommend RUN --user 2 --rerank
        twotower recommend RUN --likes "Drake=200,Eminem=60" --save-as me
        twotower recommend RUN --user me --explain
        twotower recommend RUN --user me --only 'genre:rock & !genre:pop'
        twotower recommend RUN --user me --diversity 0.3 --popularity-penalty 0.1
        twotower recommend RUN --forget me

      Someone who is not in the data is placed among the users by what they like, with the items as they are; a recipe \
      that knows users by their history alone asks its query tower. --popularity-penalty and --diversity cost \
      accuracy: twotower evaluate RUN takes them too and says how much.

      Items of the user's training rows, and what someone likes, are left out unless --include-seen. Items of which \
      nothing is known, no training row and no tag, are never recommended; someone of whom nothing is known gets what \
      most users have. What a user has in the rows that were held out for measuring is unknown to the model and may well \
      be recommended: --exclude-held-out leaves that out too, and twotower refit makes a run that knows it. --rerank \
      retrieves 100 items and orders them by retrieval score, predicted label, popularity and what is known of user and \
      item together, as much as each was found to count on held-out training rows when the run was fitted; twotower \
      evaluate shows what that gains. Tags of the user on the very item are not seen: they would tell what the user \
      already knows.
      """)

  @Argument(help: ArgumentHelp("The folder that fit wrote.", valueName: "run")) var path: String
  @OptionGroup(title: "Who") var query: QueryOptions
  @Option(help: ArgumentHelp("Keep the person of --likes with the run by this name.", valueName: "name"))
  var saveAs: String?
  @Option(help: ArgumentHelp("Remove someone saved with the run; nothing else is done.", valueName: "name"))
  var forget: String?
  @Option(help: "How many items. Default: 10, or the whole catalogue when it is smaller.") var top: Int?
  @Flag(help: "Recommend also what the user has in the training rows.") var includeSeen = false
  @Flag(help: "Leave out also what the user has in the rows held out for measuring.") var excludeHeldOut = false
  @Flag(help: "Order the retrieved items by retrieval and ranking together.") var rerank = false
  @Flag(help: "Say which known items speak most for each, and the genres that they share.") var explain = false
  @OptionGroup(title: "Which items") var filters: FilterOptions
  @OptionGroup(title: "Order") var order: ReorderingOptions
  @OptionGroup(title: "Process") var process: ProcessOptions
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    if let top, top < 1 { throw ValidationError("--top is \(top), expected at least 1") }
    let asked = [query.user, query.likes, forget].count { $0 != nil }
    guard asked == 1 else { throw ValidationError("give one of --user, --likes and --forget") }
    if saveAs != nil && query.likes == nil { throw ValidationError("--save-as keeps the person of --likes: give both") }
  }

  func run() throws {
    process.apply()
    let run = try Answerer(opening: path)
    if let forget {
      try run.forget(forget)
      Terminal.say("'\(forget)' is removed from \(path)")
      if json { Terminal.print(JSONValue.object([(key: "forgotten", value: .string(forget))]).text()) }
      return
    }
    let (query, name) = try query.resolve(in: run)
    let top = top ?? min(10, run.itemCount)
    if top > run.itemCount {
      throw Failure(.usage, "--top \(top) is beyond the catalogue of \(run.itemCount) items: give at most that")
    }
    var request = RecommendationRequest(top: top)
    request.includesSeen = includeSeen
    request.excludesHeldOut = excludeHeldOut
    request.reranks = rerank
    request.reordering = order.reordering
    request.isAllowed = try filters.allowedItems(in: run)
    let recommendations = try run.recommend(to: query, request)
    if rerank { sayWhetherRerankingIsLearnt(run) }
    if let saveAs, case .likes(let likes) = query {
      try run.save(likes, as: saveAs)
      Terminal.say("saved as '\(saveAs)': ask again with --user, remove with --forget")
    }
    let popularityReason = try run.popularityReason(for: query)
    if let popularityReason { say(popularityReason, name: name) }
    if recommendations.count < top {
      Terminal.say(
        "note: only \(recommendations.count) items are left for \(name == nil ? "these likes" : "this user")")
    }
    let heldOut = try heldOutItems(among: recommendations, for: query, in: run)
    if !heldOut.isEmpty {
      Terminal.say(
        "note: \(heldOut.count) of these the user has in rows held out for measuring: --exclude-held-out leaves them "
          + "out, and twotower refit trains on them")
    }
    let explanations = explain ? try run.explain(recommendations.map(\.item), for: query) : []
    if json {
      printJSON(recommendations, explanations, popularityReason, heldOut: heldOut, for: query, name: name, in: run)
    } else {
      printTable(recommendations, explanations, digits: popularityReason == nil ? 4 : 0, in: run)
    }
  }

  /// Says why the list is of what is popular.
  private func say(_ reason: PopularityReason, name: String?) {
    let why =
      switch reason {
      case .nothingKnown: name.map { "nothing is known of \($0), no training row" } ?? "nothing that is liked is known"
      case .scoresAlike: "the model scores all items alike for \(name ?? "these likes")"
      }
    Terminal.say("note: \(why): recommended is what most users have, and the score is how many do")
  }

  private func printTable(_ items: [RankedItem], _ explanations: [Explanation], digits: Int, in run: Answerer) {
    let isReranked = items.contains { $0.prediction != nil }
    let lines = run.table(items, numbers: isReranked ? ["score", "predicted", "reranked"] : ["score"], digits: digits)
      .lines
    for (place, line) in lines.enumerated() {
      Terminal.print(line)
      guard explain, place > 0 else { continue }
      let explanation = explanations[place - 1]
      let because = explanation.contributions.map { "\(run.itemNames[Int($0.item)]) (\(percent($0.share)))" }
      Terminal.printShortened(
        "     because of " + (because.isEmpty ? "nothing in particular" : because.joined(separator: ", ")))
      if let genres = shownGenres(explanation.sharedGenres) {
        Terminal.printShortened("     shared genres: \(genres)")
      }
    }
  }

  private func printJSON(
    _ items: [RankedItem], _ explanations: [Explanation], _ popularityReason: PopularityReason?, heldOut: [RankedItem],
    for query: Query, name: String?, in run: Answerer
  ) {
    var members: [(key: String, value: JSONValue)] = []
    if let name { members.append((key: "user", value: .string(name))) }
    if let saveAs { members.append((key: "saved_as", value: .string(saveAs))) }
    if case .likes(let likes) = query {
      members.append(
        (
          key: "likes",
          value: .array(
            likes.map { like in
              .object(run.members(of: like.item) + [(key: "weight", value: .number(Double(like.weight)))])
            })
        ))
    }
    if let popularityReason {
      members.append((key: "served_popularity", value: .string(popularityReason.rawValue)))
    }
    members.append(
      (
        key: "recommendations",
        value: .array(
          items.enumerated().map { place, entry in
            let plain = entry.json(place: place + 1, in: run)
            guard explain, case .object(let fields) = plain else { return plain }
            return .object(fields + explanations[place].members(in: run))
          })
      ))
    members.append((key: "held_out", value: .strings(heldOut.map { run.itemIdentifiers[Int($0.item)] })))
    Terminal.print(JSONValue.object(members).text())
  }

  /// The recommendations that a user of the data has in held-out rows.
  private func heldOutItems(
    among items: [RankedItem], for query: Query, in run: Answerer
  ) throws -> [RankedItem] {
    guard case .user(let user) = query else { return [] }
    let heldOut = Set(try run.heldOutItems(of: user))
    return items.filter { heldOut.contains($0.item) }
  }
}

extension Explanation {
  fileprivate func members(in run: Answerer) -> [(key: String, value: JSONValue)] {
    [
      (
        key: "because",
        value: .array(
          contributions.map { entry in
            .object(run.members(of: entry.item) + [(key: "share", value: .number(entry.share))])
          })
      ),
      (key: "shared_genres", value: .strings(sharedGenres)),
    ]
  }
}

extension Answerer {
  /// The identifier and the name of an item.
  fileprivate func members(of item: Int32) -> [(key: String, value: JSONValue)] {
    [(key: "id", value: .string(itemIdentifiers[Int(item)])), (key: "name", value: .string(itemNames[Int(item)]))]
  }
}

extension RankedItem {
  func json(place: Int, in run: Answerer) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      (key: "rank", value: .integer(place)), (key: "id", value: .string(run.itemIdentifiers[Int(item)])),
      (key: "name", value: .string(run.itemNames[Int(item)])),
    ]
    if let score { members.append((key: "score", value: .number(Double(score)))) }
    if let prediction { members.append((key: "predicted", value: .number(Double(prediction)))) }
    if let reranked { members.append((key: "reranked", value: .number(Double(reranked)))) }
    return .object(members)
  }
}

/// Says where a run's lists stay as retrieved, as it never learnt how to rerank.
func sayWhetherRerankingIsLearnt(_ run: Answerer) {
  guard !run.knowsHowToRerank else { return }
  Terminal.say("note: the run did not learn how to rerank (too few rows, or an older version): lists stay as retrieved")
}

extension Answerer {
  /// A line per item; `numbers` are the headers of the values that the items have, score before prediction.
  func table(_ items: [RankedItem], numbers: [String], digits: Int = 4) -> TextTable {
    var table = TextTable(
      [("#", .right), ("id", .right)] + numbers.map { ($0, .right) } + [("name", .left)], shortening: ["id", "name"])
    for (place, entry) in items.enumerated() {
      let values = [entry.score, entry.prediction, entry.reranked].compactMap { $0 }.map {
        formatted(Double($0), digits: digits)
      }
      let missing = [String](repeating: "–", count: max(0, numbers.count - values.count))
      table.add(["\(place + 1)", itemIdentifiers[Int(entry.item)]] + values + missing + [itemNames[Int(entry.item)]])
    }
    return table
  }
}
