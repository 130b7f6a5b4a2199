import ArgumentParser
import Foundation
import TwoTowerDatasets
import TwoTowerFiles
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerRuns
import TwoTowerTraining

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit several recipes on one split and print one table.",
    discussion: """
      Examples:
        twotower compare popularity ease retrieval --data DIR
        twotower compare ease retrieval --data DIR --train TRAIN.tsv \\
          --test TEST.tsv --seeds 3 --markdown > table.md

      Each recipe is fitted once for every seed, each time by a process of its own, so that seconds and memory are the \
      fit's own; the rows held out are the same for all. All recipes and the data are checked before the first fit. The \
      runs are not kept. --json prints every figure of every fit, the table only some of them.
      """)

  @Argument(help: ArgumentHelp("Recipes: files, or names of those in Models/.", valueName: "recipe"))
  var recipes: [String]
  @Option(help: ArgumentHelp("Fit with the seeds 1 to this.", valueName: "count")) var seeds = 3
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Columns of tables") var tables: TableOptions
  @OptionGroup(title: "Evaluation") var evaluation: EvaluationOptions
  @OptionGroup(title: "Process") var process: ProcessOptions
  @Flag(help: "Print the table in Markdown.") var markdown = false
  @Flag(help: "Print one JSON object with every figure.") var json = false

  func validate() throws {
    if !(1...1000).contains(seeds) { throw ValidationError("--seeds is \(seeds), expected 1 to 1000") }
    if data.train != nil && data.test == nil || data.holdout == 0 {
      throw ValidationError(
        "a comparison needs rows to measure on: give --test beside --train, or a share to --holdout")
    }
    if markdown && json { throw ValidationError("--markdown and --json are two forms of the output: give one") }
    for (place, recipe) in recipes.enumerated() where recipes[..<place].contains(recipe) {
      throw ValidationError("\(recipe) is given twice: give each recipe once")
    }
  }

  func run() throws {
    Interrupts.catchSignals()
    process.apply()
    let recipes = try loadRecipes()
    try check(recipes)
    let folder = try ScratchFolder()
    defer { folder.remove() }

    var failures: [Failure] = []
    var entries: [Comparison.Entry] = []
    for (place, (label, recipe)) in recipes.enumerated() {
      var fits: [FitReport] = []
      for seed in 1...seeds {
        let number = place * seeds + seed
        do {
          fits.append(
            try fit(recipe, label: label, seed: seed, progress: "[\(number)/\(recipes.count * seeds)]", in: folder))
        } catch let failure as Failure {
          // The others are worth their table all the same; some seeds of this one would be compared with all of theirs.
          fits = []
          Terminal.say("\(label), seed \(seed): \(failure.description)")
          failures.append(Failure(failure.exitStatus, "\(label), seed \(seed): \(failure.description)"))
          break
        }
      }
      entries.append(Comparison.Entry(label: label, labels: recipe.labels.rawValue, fits: fits))
    }
    folder.remove()
    entries.removeAll { $0.fits.isEmpty }
    if !entries.isEmpty {
      show(
        Comparison(seeds: (1...seeds).map(UInt64.init), entries: entries),
        hasPopularity: recipes.contains { $0.recipe.baseline?.kind == Popularity.kind })
    }
    if let first = failures.first { throw first }
  }

  private func show(_ comparison: Comparison, hasPopularity: Bool) {
    let table = ComparisonTable(comparison, hasPopularity: hasPopularity)
    if json {
      Terminal.print(comparison.json.text())
    } else {
      for line in markdown ? table.markdown : table.lines { Terminal.print(line) }
    }
  }

  // MARK: - Before the first fit

  /// The recipes, with one way of reading and splitting the data: the first one's.
  private func loadRecipes() throws -> [(label: String, recipe: Recipe)] {
    var loaded: [(label: String, recipe: Recipe)] = []
    for name in recipes {
      let path = try RecipeOptions.locate(name)
      var reader = try RecipeReader(text: readText(path, expected: "a recipe in YAML"), name: path)
      for (key, value) in tables.settings + data.settings {
        try reader.set(key, to: value, origin: "--" + key.dropFirst(5))
      }
      let share = data.holdout ?? loaded.first?.recipe.data.holdout
      if let share { try reader.set("data.holdout", to: "\(share)", origin: "--holdout") }
      try reader.set("data.holdout-seed", to: "1", origin: "--seeds")
      let recipe = try reader.recipe()
      if let first = loaded.first, first.recipe.data != recipe.data {
        throw Failure(
          .badData,
          "\(path): its section 'data' is not that of \(first.label): expected recipes that read the same rows")
      }
      let file = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
      loaded.append((loaded.contains { $0.label == file } ? name : file, recipe))
    }
    return loaded
  }

  /// Reads the data and makes what each recipe would be fitted on: whatever a fit would refuse is refused now.
  private func check(_ recipes: [(label: String, recipe: Recipe)]) throws {
    let (dataset, split) = try data.source.load(recipes[0].recipe)
    if split.test.isEmpty && split.hidden.isEmpty {
      throw Failure(.usage, "no row is held out to compare on: set data.holdout, or give --train and --test")
    }
    for (label, recipe) in recipes {
      try Interrupts.check()
      do {
        _ = try TrainingRun(
          folder: "", recipe: recipe, data: prepare(dataset, split: split, recipe: recipe), dataset: dataset.name,
          files: [], replaces: false)
      } catch {
        let (message, status) = describe(error)
        throw Failure(ExitStatus(rawValue: status) ?? .defect, "\(label): \(message)")
      }
    }
    try Interrupts.check()
    Terminal.say("comparing \(recipes.map(\.label).joined(separator: ", ")) with \(seeds) seed\(seeds == 1 ? "" : "s")")
  }

  // MARK: - One fit

  private func fit(
    _ recipe: Recipe, label: String, seed: Int, progress: String, in folder: ScratchFolder
  ) throws -> FitReport {
    let place = try folder.makeFolder()
    defer { folder.remove(place) }
    try AtomicFiles.write(try recipe.yaml, to: place + "/recipe.yaml")
    var arguments = ["--recipe", place + "/recipe.yaml", "--seed", "\(seed)", "--output", place + "/run"]
    if let path = data.source.path { arguments += ["--data", path] }
    if let train = data.train { arguments += ["--train", train] }
    if let test = data.test { arguments += ["--test", test] }
    if let users = evaluation.evaluateUsers { arguments += ["--evaluate-users", "\(users)"] }
    if let threads = process.threads { arguments += ["--threads", "\(threads)"] }
    let bar = ProgressBar()
    let report = try ChildFit(arguments: arguments, folder: place).report { bar.show("\(progress) \(label): \($0)") }
    bar.clear()
    Terminal.say("\(progress) \(label), seed \(seed), \(formatted(report.seconds.total, digits: 2)) s")
    return report
  }
}

/// A folder for what is not kept.
private struct ScratchFolder {
  private let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/twotower-compare-\(UUID().uuidString)"
    try Self.make(path)
  }

  /// A new folder in it.
  func makeFolder() throws -> String {
    let folder = "\(path)/\(UUID().uuidString)"
    try Self.make(folder)
    return folder
  }

  func remove() { remove(path) }

  func remove(_ folder: String) { try? FileManager.default.removeItem(atPath: folder) }

  private static func make(_ folder: String) throws {
    guard mkdir(folder, 0o700) == 0 else {
      throw Failure(
        .cannotWrite, "\(folder): cannot write: \(systemErrorText()); set TMPDIR to a folder with room")
    }
  }
}
