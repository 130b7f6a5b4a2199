import Foundation
import TwoTowerDatasets
import TwoTowerFiles
import TwoTowerRecipes
import TwoTowerTraining

/// The recipes that a tuning tries, with the options of the command line in them.
struct TuningRecipes {
  /// With more users and more items than that, one fit of EASE takes minutes.
  private static let easeLimit = 8_000

  let readers: [(name: String, reader: RecipeReader)]

  /// - Parameters:
  ///   - settings: of all recipes, by dotted paths, with the option that they come from.
  init(_ names: [String], settings: [(path: String, value: String, origin: String)]) throws {
    var readers: [(name: String, reader: RecipeReader)] = []
    for name in names {
      let path = try RecipeOptions.locate(name)
      var reader = try RecipeReader(text: readText(path, expected: "a recipe in YAML"), name: path)
      for setting in settings { try reader.set(setting.path, to: setting.value, origin: setting.origin) }
      let recipe = try reader.recipe()
      guard recipe.retrieval != nil || recipe.matrixFactorization != nil || recipe.baseline != nil else {
        throw Failure(.badData, "\(path): found no task that retrieves items: tune looks for what ranks the catalogue")
      }
      let file = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
      readers.append((readers.contains { $0.name == file } ? name : file, reader))
    }
    self.readers = readers
  }

  /// One recipe that was read before.
  init(_ name: String, reader: RecipeReader) { readers = [(name, reader)] }

  /// The recipes that suit a data set, where none is named.
  static func names(for dataset: Dataset) -> [String] {
    let isSmall = min(dataset.users.count, dataset.items.count) <= easeLimit
    return (dataset.isPlain ? [] : ["retrieval"]) + ["plain", "item-neighbors", "implicit-als"]
      + (isSmall ? ["ease"] : [])
      + ["popularity"]
  }

  /// What is tuned, as text that tells it from anything else.
  func subject(_ dataset: Dataset, split: Split, seed: UInt64) throws -> String {
    let parts =
      dataset.files.map(\.sha256) + ["\(seed)", "\(split.train.count)", "\(split.test.count)"]
      + (split.kind(in: dataset.interactions) == .temporal ? ["temporal"] : [])
      + (try readers.map { "\($0.name)\n" + (try $0.reader.recipe().yaml) })
    return SHA256.digest(of: Data(parts.joined(separator: "\n").utf8).bytes)
  }

  func tunable() throws -> [TunableRecipe] {
    try readers.map { try TunableRecipe(name: $0.name, reader: $0.reader) }
  }
}
