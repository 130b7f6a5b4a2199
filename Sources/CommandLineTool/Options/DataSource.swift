import Foundation
import TwoTowerDatasets
import TwoTowerFiles
import TwoTowerTraining

/// Which files a fit reads; what of them is held out is for the files of a split to say, or for the recipe.
struct DataSource {
  var data: String?
  var train: String?
  var test: String?

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
    var (dataset, split) = try read(recipe)
    describe(dataset, recipe.data)
    let minimum = recipe.data.minimumWeight
    if minimum > 0 {
      let count = dataset.interactions.count
      let lighter = try dataset.leaveOutInteractions(lighterThan: minimum, split: &split)
      Terminal.say(
        "minimum weight \(String(format: "%g", minimum)): \(grouped(lighter)) of \(grouped(count)) interactions weigh less and are left out, of "
          + "training and of what is measured")
    }
    let share = recipe.data.holdout
    guard split != nil || share > 0 else { return (dataset, allTraining(dataset)) }
    if let split {
      if test == nil { Terminal.say(Self.nothingHeldOut) }
      return (dataset, split)
    }
    let seed = recipe.data.holdoutSeed ?? recipe.seed
    Terminal.say("split: \(share) of the interactions held out at random, seed \(seed)")
    return (dataset, try holdOut(share: share, seed: seed, dataset: dataset))
  }

  private func allTraining(_ dataset: Dataset) -> Split {
    Terminal.say(Self.nothingHeldOut)
    return Split(trainingOnAll: dataset)
  }

  /// The data, and the split that files say; nil where none do.
  private func read(_ recipe: Recipe) throws -> (dataset: Dataset, split: Split?) {
    if let train, data == nil {
      Terminal.say("reading \(train)" + (test.map { " and \($0)" } ?? ""))
      return try withColumns(of: recipe) { columns in
        if let test { return try datasetFromSplitFiles(train: train, test: test, columns: columns) }
        let dataset = try readTable(path: train, columns: columns, duplicates: recipe.data.duplicates)
        return (dataset, Split(trainingOnAll: dataset))
      }
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
    guard let train else { return (dataset, nil) }
    let split = try readSplit(train: train, test: test, dataset: dataset, columns: recipe.data.columns)
    dataset.files += try [train, test].compactMap { $0 }.map { try MappedFile(path: $0, acceptsPipes: true).digest }
    return (dataset, split)
  }

  private func describe(_ dataset: Dataset, _ settings: DataSettings) {
    Terminal.say(
      "data: \(grouped(dataset.users.count)) users, \(grouped(dataset.items.count)) items, "
        + "\(grouped(dataset.interactions.count)) interactions, "
        + "\(grouped(dataset.tagAssignments.count)) tag assignments, "
        + "\(grouped(dataset.friendships.count)) friend pairs")
    for remark in dataset.remarks { Terminal.say("note: \(remark)") }
    if !dataset.unusedColumns.isEmpty {
      let names = dataset.unusedColumns.map { $0.onOneLine(limit: 40) }.joined(separator: ", ")
      let options = UnusedColumns.options(for: dataset, settings)
      Terminal.say(
        "note: columns found and not used: \(names)"
          + (options.isEmpty ? "" : " (say \(options.joined(separator: " ")))"))
    }
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

  private static let nothingHeldOut = "split: no row is held out: all train, and nothing will be measured"

  private static let sample = Home.folder + "/Data/sample"

  private static var defaultPath: String {
    let real = Home.folder + "/Data/hetrec2011-lastfm-2k"
    return Home.isFolder(real) ? real : sample
  }
}
