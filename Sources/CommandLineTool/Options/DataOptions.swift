import ArgumentParser
import Foundation
import TwoTowerDatasets
import TwoTowerFiles
import TwoTowerTraining

/// Names of columns, for tables other than HetRec folders.
struct TableOptions: ParsableArguments {
  @Option(help: "Column of the user's identifier.") var userColumn: String?
  @Option(help: "Column of the item's identifier.") var itemColumn: String?
  @Option(help: "Column of the weight (a count, a rating).") var weightColumn: String?
  @Option(help: "Column of the time.") var timestampColumn: String?
  @Option(help: "Column of the item's name.") var itemNameColumn: String?

  /// Whether any column is named.
  var areGiven: Bool { !settings.isEmpty }

  /// The recipe's settings that the options stand for.
  var settings: [(path: String, value: String)] {
    [
      ("data.user-column", userColumn), ("data.item-column", itemColumn), ("data.weight-column", weightColumn),
      ("data.timestamp-column", timestampColumn), ("data.item-name-column", itemNameColumn),
    ].compactMap { path, value in
      value.map { (path, "\"\($0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"") }
    }
  }
}

/// Which data a fit reads and how it is split.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder in HetRec or MovieLens format, or a table (.tsv, .csv) of interactions. "
        + "Default: Data/hetrec2011-lastfm-2k, else the bundled sample.", valueName: "path"))
  var data: String?

  @Option(help: ArgumentHelp("Rows to train on.", valueName: "file")) var train: String?
  @Option(help: ArgumentHelp("Rows to test on; rows of the data in neither file are not used.", valueName: "file"))
  var test: String?
  @Option(
    help: ArgumentHelp("Share of rows held out at random by seed, without --train and --test.", valueName: "share"))
  var holdout: Double?
  @Option(
    help: ArgumentHelp(
      "Share of users held out whole by seed, to measure recommendations for people who were never in the data.",
      valueName: "share"))
  var holdoutUsers: Double?
  @Option(
    help: ArgumentHelp(
      "Share of such a user's items that are known when they ask; the rest is to be found. Default: 0.8.",
      valueName: "share"))
  var given: Double?

  /// Whether any option names data or splits it.
  var areGiven: Bool { data != nil || train != nil || test != nil || !settings.isEmpty || holdout != nil }

  /// The recipe's settings that the options stand for.
  var settings: [(path: String, value: String)] {
    [("data.holdout-users", holdoutUsers), ("data.given", given)].compactMap { path, value in
      value.map { (path, "\($0)") }
    }
  }

  func validate() throws {
    if (train == nil) != (test == nil) { throw ValidationError("--train and --test go together: give both") }
    if train != nil && holdout != nil {
      throw ValidationError("--holdout splits at random: leave out --train and --test")
    }
    if let holdout, !(holdout > 0 && holdout < 1) {
      throw ValidationError("--holdout is \(holdout), expected a share between 0 and 1")
    }
  }

  /// Reads the data and splits it, saying what was chosen and what was repaired.
  func load(_ recipe: Recipe) throws -> (dataset: Dataset, split: Split) {
    let (dataset, split) = try loadRows(recipe)
    guard recipe.data.holdoutUsers > 0 else { return (dataset, split) }
    let rest = try holdOutUsers(
      share: recipe.data.holdoutUsers, given: recipe.data.given, seed: recipe.data.holdoutSeed ?? recipe.seed,
      from: split, dataset: dataset)
    let users = Set(rest.hidden.map { dataset.interactions.users[Int($0)] })
    Terminal.say(
      "users held out whole: \(grouped(users.count)), with \(grouped(rest.given.count)) rows given and "
        + "\(grouped(rest.hidden.count)) to be found")
    return (dataset, rest)
  }

  private func loadRows(_ recipe: Recipe) throws -> (dataset: Dataset, split: Split) {
    let columns = recipe.data.columns
    if let train, let test, data == nil {
      Terminal.say("reading \(train) and \(test)")
      let (dataset, split) = try withColumns(of: recipe) {
        try datasetFromSplitFiles(train: train, test: test, columns: $0)
      }
      describe(dataset)
      return (dataset, split)
    }
    let path = data ?? Self.defaultPath
    if data == nil && path == Self.sample {
      Terminal.say("no --data and no Data/hetrec2011-lastfm-2k: using the bundled made-up sample")
    }
    Terminal.say("reading \(path)")
    var dataset =
      Home.isFolder(path) || !Home.isFile(path)
      ? try readDataFolder(path, duplicates: recipe.data.duplicates)
      : try withColumns(of: recipe) {
        try readTable(path: path, columns: $0, duplicates: recipe.data.duplicates)
      }
    describe(dataset)
    if let train, let test {
      let split = try readSplit(train: train, test: test, dataset: dataset, columns: columns)
      dataset.files += try [train, test].map { try MappedFile(path: $0, acceptsPipes: true).digest }
      return (dataset, split)
    }
    let share = holdout ?? recipe.data.holdout
    let seed = recipe.data.holdoutSeed ?? recipe.seed
    Terminal.say("split: \(share) of the interactions held out at random, seed \(seed)")
    return (dataset, try holdOut(share: share, seed: seed, dataset: dataset))
  }

  private func describe(_ dataset: Dataset) {
    Terminal.say(
      "data: \(grouped(dataset.users.count)) users, \(grouped(dataset.items.count)) items, "
        + "\(grouped(dataset.interactions.count)) interactions, "
        + "\(grouped(dataset.tagAssignments.count)) tag assignments, "
        + "\(grouped(dataset.friendships.count)) friend pairs")
    for remark in dataset.remarks { Terminal.say("note: \(remark)") }
  }

  /// Reads by the recipe's columns; where they are its defaults and the table has none of that name, by those that are
  /// `user` and `item` or the only two, and without weights.
  private func withColumns<Result>(of recipe: Recipe, _ read: (TableColumns) throws -> Result) throws -> Result {
    let defaults = DataSettings()
    var columns = recipe.data.columns
    while true {
      do { return try read(columns) } catch DatasetError.missingColumn(let path, let column, let found, let nearest) {
        if column == columns.user, column == defaults.userColumn, let user = Self.column("user", 0, of: found) {
          columns.user = user
          Terminal.say("note: users are in column '\(user)'")
        } else if column == columns.item, column == defaults.itemColumn, let item = Self.column("item", 1, of: found) {
          columns.item = item
          Terminal.say("note: items are in column '\(item)'")
        } else if column == columns.weight, recipe.data.weightColumn.isEmpty {
          Terminal.say("note: no column '\(column)': every row weighs 1")
          columns.weight = nil
        } else {
          throw DatasetError.missingColumn(path: path, column: column, found: found, nearest: nearest)
        }
      }
    }
  }

  /// The column that a role is in, by its name or because there are only two.
  private static func column(_ role: String, _ position: Int, of found: [String]) -> String? {
    let named = found.filter { [role, "\(role)id"].contains($0.lowercased().filter(\.isLetter)) }
    return named.count == 1 ? named[0] : found.count == 2 ? found[position] : nil
  }

  /// The folder or table to read; nil where the files of a split are all there is.
  var path: String? {
    data ?? (train == nil ? Self.defaultPath : nil)
  }

  private static let sample = Home.folder + "/Data/sample"

  private static var defaultPath: String {
    let real = Home.folder + "/Data/hetrec2011-lastfm-2k"
    return Home.isFolder(real) ? real : sample
  }
}
