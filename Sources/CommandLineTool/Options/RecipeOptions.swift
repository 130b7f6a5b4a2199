import ArgumentParser
import Foundation
import TwoTowerDatasets
import TwoTowerFiles
import TwoTowerRecipes
import TwoTowerTraining

/// Which recipe a fit follows, and what is changed in it.
struct RecipeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The recipe: a file, or the name of one in Models/. Default: for a plain table, models whose settings are searched "
        + "on held-out training rows; two-stage for data with tags or friends, and with other options of a recipe.",
      valueName: "file"))
  var recipe: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Change one setting, such as retrieval.temperature=0.2; may be repeated.", valueName: "key=value"))
  var settings: [String] = []

  @Option(help: "Epochs of the recipe's first task.") var epochs: Int?
  @Option(help: "Rows per training step of the recipe's first task.") var batchSize: Int?
  @Option(help: "Learning rate of the recipe's first task.") var learningRate: Float?
  @Option(help: "Width of every embedding of the recipe's first task.") var dimension: Int?
  @Option(help: "Seed of every random draw; the same seed gives the same run, byte for byte.") var seed: UInt64?

  func validate() throws {
    for setting in settings where !setting.dropFirst().contains("=") {
      throw ValidationError("--set expects key=value, found '\(setting)'")
    }
  }

  /// Whether it is left to the data which recipe is followed.
  var leaveTheChoice: Bool {
    recipe == nil && settings.isEmpty && epochs == nil && batchSize == nil && learningRate == nil && dimension == nil
  }

  /// The recipe with everything that the options change in it.
  func load(tables: TableOptions, data: DataOptions) throws -> Recipe {
    let path = try Self.locate(recipe ?? "two-stage")
    var reader = try RecipeReader(text: readText(path, expected: "a recipe in YAML"), name: path)
    for setting in settings {
      guard let equals = setting.firstIndex(of: "=") else { continue }  // validate() refused those
      try reader.set(
        String(setting[..<equals]), to: String(setting[setting.index(after: equals)...]), origin: "--set \(setting)")
    }
    let plain = try reader.recipe()
    let task = plain.firstTask
    let shortcuts: [(String, String, String?)] = [
      ("--epochs", "\(task).training.epochs", epochs.map { "\($0)" }),
      ("--batch-size", "\(task).training.batch-size", batchSize.map { "\($0)" }),
      ("--learning-rate", "\(task).training.learning-rate", learningRate.map { "\($0)" }),
      ("--seed", "seed", seed.map { "\($0)" }),
    ]
    for case (let origin, let path, let value?) in shortcuts { try reader.set(path, to: value, origin: origin) }
    if let dimension {
      for path in plain.inputPaths(ofTask: task) {
        try reader.set("\(path).dimension", to: "\(dimension)", origin: "--dimension")
      }
    }
    for (path, value) in tables.settings + data.settings {
      try reader.set(path, to: value, origin: "--" + path.dropFirst(5))
    }
    return try reader.recipe()
  }

  /// What the options change in any recipe.
  ///
  /// - Throws: `Failure` for options that only say something of one recipe's first task.
  func changes(
    tables: TableOptions, data: DataOptions
  ) throws -> [(path: String, value: String, origin: String)] {
    if epochs != nil || batchSize != nil || learningRate != nil || dimension != nil {
      throw Failure(.usage, "--tune goes with --set, not with --epochs, --batch-size, --learning-rate or --dimension")
    }
    var changes = settings.compactMap { setting -> (path: String, value: String, origin: String)? in
      setting.firstIndex(of: "=").map { equals in
        (String(setting[..<equals]), String(setting[setting.index(after: equals)...]), "--set \(setting)")
      }
    }
    if let seed { changes.append((path: "seed", value: "\(seed)", origin: "--seed")) }
    return changes
      + (tables.settings + data.settings).map { (path: $0.path, value: $0.value, origin: "--" + $0.path.dropFirst(5)) }
  }

  /// Whether any option names or changes a recipe.
  var areGiven: Bool {
    recipe != nil || !settings.isEmpty || epochs != nil || batchSize != nil || learningRate != nil || dimension != nil
      || seed != nil
  }

  /// The file of a recipe that is named by its path, or by its name in `Models/`.
  static func locate(_ recipe: String) throws -> String {
    let folder = Home.folder + "/Models"
    for path in [recipe, "\(folder)/\(recipe)", "\(folder)/\(recipe).yaml"] where Home.isFile(path) { return path }
    let known = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    let near = nearestNames(to: recipe, in: known, limit: 1).first.map { "did you mean '\($0)'?" }
    throw Failure(
      .noInput, "\(recipe): no such recipe; " + (near ?? "Models/ has: \(known.joined(separator: ", "))"))
  }
}
