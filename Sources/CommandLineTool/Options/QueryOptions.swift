import ArgumentParser
import TwoTowerDatasets
import TwoTowerFiles
import TwoTowerServing

/// Someone to answer for: a user of the data, a saved person, or what someone likes.
struct QueryOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A user as in the data, or the name of someone saved with the run.", valueName: "id"))
  var user: String?
  @Option(
    help: ArgumentHelp(
      "Someone who is not in the data, by what they like: names or identifiers with commas between, each with a weight "
        + "if you like; or a file with one a line; - reads standard input.", valueName: "name=weight,…|file"))
  var likes: String?

  func validate() throws {
    if user != nil && likes != nil { throw ValidationError("give either --user or --likes") }
  }

  /// The query, and the name to show.
  ///
  /// What is unknown among the likes is said and passed over.
  func resolve(in run: Answerer) throws -> (query: Query, name: String?) {
    if let user { return (try Self.query(named: user, in: run), user) }
    guard let likes else { throw ValidationError("give either --user or --likes") }
    return (.likes(try read(likes, in: run)), nil)
  }

  /// The user of the data or the saved person of this name.
  static func query(named name: String, in run: Answerer) throws -> Query {
    if let query = try run.query(named: name) { return query }
    let near = nearestNames(to: name, in: try run.savedNames() + run.userIdentifiers).map { "'\($0)'" }
    throw Failure(
      .badData, "user '\(name)' is not in the run" + (near.isEmpty ? "" : "; near: \(near.joined(separator: ", "))"))
  }

  private func read(_ text: String, in run: Answerer) throws -> [Like] {
    let directory = try run.items()
    let isFile = text == "-" || Home.isFile(text)
    if !isFile && text.contains("/") && !text.contains("=") && !text.contains(",") && directory.item(text) == nil {
      throw Failure(.noInput, "--likes \(text): no such file, and no item is called so; check the path")
    }
    let found =
      isFile
      ? try LikesText(lines: try readText(text, expected: "one item a line"), directory: directory)
      : try LikesText(list: text, directory: directory)
    for note in found.notes { Terminal.say("note: \(note)") }
    sayUnknown(found.unknown, near: directory.near)
    if found.likes.isEmpty {
      throw Failure(
        .badData,
        isFile
          ? "\(text): found no item of the run, expected at least one, one a line"
          : "--likes '\(text)': found neither a file nor an item of the run, expected at least one")
    }
    for like in found.likes where try run.isUnknown(like.item) {
      Terminal.say("note: nothing is known of '\(run.itemNames[Int(like.item)])', no training row, no tag: passed over")
    }
    return found.likes
  }
}

/// Says which names were not found, and what is called alike.
func sayUnknown(_ names: [String], near: (String) -> [String]) {
  for name in names.prefix(20) {
    let alike = near(name).map { "'\($0)'" }.joined(separator: ", ")
    Terminal.say("note: '\(name)' is not in the run: passed over" + (alike.isEmpty ? "" : "; near: \(alike)"))
  }
  if names.count > 20 { Terminal.say("note: and \(names.count - 20) more that are not in the run") }
}
