import ArgumentParser
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerServing

struct Similar: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the items most like one, or the users most like one.",
    discussion: """
      Examples:
        twotower similar RUN --artist "Johnny Cash"
        twotower similar RUN --artist cash --measure cosine --top 20
        twotower similar RUN --artist "The Beatles" --popularity-penalty 0.3
        twotower similar RUN --user 2

      Items are found by identifier or name; letter case, accents, punctuation and a leading "the" do not count. Where \
      no item is called so, the most played of those with the text in their name is taken, and the others are listed. \
      Genres are the tags given most.
      """)

  @Argument(help: ArgumentHelp("The folder that fit wrote.", valueName: "run")) var path: String
  @Option(
    name: [.customLong("artist"), .customLong("item")],
    help: ArgumentHelp("The item, by identifier or a part of its name.", valueName: "name"))
  var item: String?
  @Option(help: ArgumentHelp("The user, as in the data, or someone saved with the run.", valueName: "id"))
  var user: String?
  @Option(
    help: ArgumentHelp(
      "What likeness is: of items the correlation of who has them, the cosine or the dot product of their vectors, or "
        + "correlation and cosine combined, the default where there are vectors; of users cosine, the default, or dot.",
      valueName: "measure"))
  var measure: ItemMeasure?
  @Option(
    help: ArgumentHelp(
      "Take this much of an item's popularity off its likeness: 0 nothing, 1 as much as the likeness counts for it.",
      valueName: "x"))
  var popularityPenalty = 0.0
  @Option(help: "How many.") var top = 10
  @OptionGroup(title: "Process") var process: ProcessOptions
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    if (item == nil) == (user == nil) { throw ValidationError("give either --artist or --user") }
    guard popularityPenalty >= 0, popularityPenalty <= 100 else {
      throw ValidationError("--popularity-penalty is \(popularityPenalty), expected 0 to 100")
    }
    if user != nil && popularityPenalty > 0 { throw ValidationError("--popularity-penalty goes with --artist alone") }
    if let measure, user != nil && SimilarityMeasure(rawValue: measure.rawValue) == nil {
      throw ValidationError("--measure \(measure.rawValue) compares items: of users take cosine or dot")
    }
    if top < 1 { throw ValidationError("--top is \(top), expected at least 1") }
  }

  func run() throws {
    process.apply()
    let run = try Answerer(opening: path)
    if let item { try answer(item: item, in: run) } else { try answer(user: user!, in: run) }
  }

  private func answer(item text: String, in run: Answerer) throws {
    let directory = try run.items()
    let item = try self.item(text, in: directory)
    let name = run.itemNames[Int(item)]
    let measure = measure ?? run.defaultItemMeasure
    let similar = try run.similarItems(to: item, measure: measure, popularityPenalty: popularityPenalty, top: top)
    let tags = try run.itemGenres()
    if json {
      Terminal.print(
        JSONValue.object([
          (key: "id", value: .string(run.itemIdentifiers[Int(item)])), (key: "name", value: .string(name)),
          (key: "genres", value: .strings(tags.names(of: item))), (key: "measure", value: .string(measure.rawValue)),
          (
            key: "similar",
            value: .array(
              similar.enumerated().map { place, entry in
                .object([
                  (key: "rank", value: .integer(place + 1)),
                  (key: "id", value: .string(run.itemIdentifiers[Int(entry.index)])),
                  (key: "name", value: .string(run.itemNames[Int(entry.index)])),
                  (key: "score", value: .number(Double(entry.score))),
                  (key: "genres", value: .strings(tags.names(of: entry.index))),
                ])
              })
          ),
        ]).text())
      return
    }
    let genres = shownGenres(tags.names(of: item)).map { " (\($0))" } ?? ""
    Terminal.printShortened("Like \(name)\(genres), by \(measure.rawValue):")
    var table = TextTable(
      [("#", .right), ("id", .right), ("score", .right), ("name", .left), ("genres", .left)],
      shortening: ["id", "name", "genres"])
    for (place, entry) in similar.enumerated() {
      table.add([
        "\(place + 1)", run.itemIdentifiers[Int(entry.index)], formatted(Double(entry.score), digits: 4),
        run.itemNames[Int(entry.index)], shownGenres(tags.names(of: entry.index)) ?? "–",
      ])
    }
    for line in table.lines { Terminal.print(line) }
  }

  /// The item of this identifier or name, else the best with the text in its name, said aloud.
  private func item(_ text: String, in directory: ItemDirectory) throws -> Int32 {
    if let item = directory.item(text) {
      directory.note(onNamesakesOf: text).map { Terminal.say("note: \($0)") }
      return item
    }
    let parts = directory.items(withPart: text)
    guard let item = parts.first else {
      let near = directory.near(text).map { "'\($0)'" }.joined(separator: ", ")
      throw Failure(.badData, "item '\(text)' is not in the run" + (near.isEmpty ? "" : "; near: \(near)"))
    }
    directory.note(onPart: text, of: parts).map { Terminal.say("note: \($0)") }
    return item
  }

  private func answer(user name: String, in run: Answerer) throws {
    let query = try QueryOptions.query(named: name, in: run)
    let measure = measure.flatMap { SimilarityMeasure(rawValue: $0.rawValue) } ?? .cosine
    let similar = try run.similarUsers(to: query, measure: measure, top: top)
    let shared = try similar.map { try run.sharedItems(query, $0.index) }
    if json {
      Terminal.print(
        JSONValue.object([
          (key: "user", value: .string(name)), (key: "measure", value: .string(measure.rawValue)),
          (
            key: "similar",
            value: .array(
              zip(similar, shared).enumerated().map { place, entry in
                .object([
                  (key: "rank", value: .integer(place + 1)),
                  (key: "user", value: .string(run.userIdentifiers[Int(entry.0.index)])),
                  (key: "score", value: .number(Double(entry.0.score))),
                  (key: "shared_items", value: .strings(entry.1.map { run.itemNames[Int($0)] })),
                ])
              })
          ),
        ]).text())
      return
    }
    var table = TextTable(
      [("#", .right), ("user", .right), ("score", .right), ("shared", .right), ("among them", .left)],
      shortening: ["user", "among them"])
    for (place, (entry, items)) in zip(similar, shared).enumerated() {
      let names = items.prefix(3).map { run.itemNames[Int($0)] }.joined(separator: ", ")
      table.add([
        "\(place + 1)", run.userIdentifiers[Int(entry.index)], formatted(Double(entry.score), digits: 4),
        "\(items.count)", names.isEmpty ? "–" : names,
      ])
    }
    for line in table.lines { Terminal.print(line) }
  }
}

/// The first genres as people read them; nil for none.
func shownGenres(_ names: [String]) -> String? {
  names.isEmpty ? nil : names.prefix(3).joined(separator: ", ")
}

extension ItemMeasure: ExpressibleByArgument {}

extension JSONValue {
  static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}
