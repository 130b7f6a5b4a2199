import ArgumentParser

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

  @Option(
    help: ArgumentHelp("Rows to train on; without --test nothing is held out, and nothing measured.", valueName: "file")
  )
  var train: String?
  @Option(help: ArgumentHelp("Rows to test on; rows of the data in neither file are not used.", valueName: "file"))
  var test: String?
  @Option(
    help: ArgumentHelp(
      "Rows that weigh less (a rating, a count) are left out, of training and of what is measured.", valueName: "weight"
    ))
  var minimumWeight: Float?
  @Option(
    help: ArgumentHelp(
      "Share of rows held out at random by seed, without --train and --test; 0 trains on all rows and measures nothing.",
      valueName: "share"))
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
  var areGiven: Bool { data != nil || train != nil || test != nil || !settings.isEmpty }

  /// The recipe's settings that the options stand for.
  var settings: [(path: String, value: String)] {
    [
      ("data.minimum-weight", minimumWeight.map { "\($0)" }), ("data.holdout", holdout.map { "\($0)" }),
      ("data.holdout-users", holdoutUsers.map { "\($0)" }), ("data.given", given.map { "\($0)" }),
    ].compactMap { path, value in value.map { (path, $0) } }
  }

  func validate() throws {
    if train == nil && test != nil { throw ValidationError("--test needs the rows to train on: give --train too") }
    if train != nil && holdout != nil {
      throw ValidationError("--holdout splits at random: leave out --train and --test")
    }
    if let holdout, !(0..<1).contains(holdout) {
      throw ValidationError("--holdout is \(holdout), expected a share from 0 to below 1")
    }
  }

  /// The data that the options name.
  var source: DataSource { DataSource(data: data, train: train, test: test) }
}
