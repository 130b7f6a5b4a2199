import ArgumentParser
import Foundation
import TwoTowerFiles
import TwoTowerServing

/// Which items may be recommended.
struct FilterOptions: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Leave these items out: a file with an item a line, or a genre expression such as "
        + "'genre:rock & !genre:pop'; may be repeated.", valueName: "file|genres"))
  var exclude: [String] = []
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Recommend only these items; repeated, all must hold.", valueName: "file|genres"))
  var only: [String] = []

  var isEmpty: Bool { exclude.isEmpty && only.isEmpty }

  /// Whether each item may be recommended; nil when every one may.
  func allowedItems(in run: Answerer) throws -> [Bool]? {
    if isEmpty { return nil }
    var isAllowed = [Bool](repeating: true, count: run.itemCount)
    for source in only {
      for (item, isMeant) in try items(source, in: run).enumerated() where !isMeant { isAllowed[item] = false }
    }
    for source in exclude {
      for (item, isMeant) in try items(source, in: run).enumerated() where isMeant { isAllowed[item] = false }
    }
    return isAllowed
  }

  private func items(_ source: String, in run: Answerer) throws -> [Bool] {
    if source.lowercased().contains("genre:") && !Home.isFile(source) {
      return try run.items(where: GenreExpression(parsing: source))
    }
    guard source == "-" || Home.isFile(source) else {
      throw Failure(
        .noInput, "'\(source)': no such file; give a file with an item a line, or genres such as 'genre:rock'")
    }
    let directory = try run.items()
    var isMeant = [Bool](repeating: false, count: run.itemCount)
    var unknown: [String] = []
    for line in try readText(source, expected: "one item a line").split(whereSeparator: \.isNewline) {
      let name = line.trimmingCharacters(in: .whitespaces)
      if name.isEmpty { continue }
      if let item = directory.item(name) { isMeant[Int(item)] = true } else { unknown.append(name) }
      directory.note(onNamesakesOf: name).map { Terminal.say("note: \($0)") }
    }
    sayUnknown(unknown, near: directory.near)
    return isMeant
  }
}
