import RunTestSupport
import Synchronization
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerTraining

/// Every setting of a recipe does what it is for, and nothing else: the table is `settingEffects`.
struct SettingsEffectTests {
  @Test(arguments: settingEffects) func aSettingChangesWhatItIsFor(row: SettingEffect) throws {
    let base = try recipe(row.recipe, row.given)
    let changed = try recipe(row.recipe, row.given + [(row.path, row.value)])
    #expect(changed != base, "the recipe has this value already")
    let found = try Traces.of(changed, cached: false).changes(from: Traces.of(base, cached: true))
    #expect(found == row.changes)
  }

  /// A new setting needs a row.
  @Test func everySettingIsInTheTable() throws {
    let rows = Set(settingEffects.map { place($0.path, recipe: $0.recipe) })
    let settings = Set(try allSettings().keys.map { place($0, recipe: "") })
    #expect(settings.count > 100)
    #expect(settings.subtracting(rows).sorted() == [])
    #expect(rows.subtracting(settings).sorted() == [])
  }

  /// The path with one name for all features, and with the kind where only that baseline has the setting.
  private func place(_ path: String, recipe: String) -> String {
    var keys = path.split(separator: ".").map(String.init)
    if keys.count == 5, keys[2] == "features" { keys[3] = "FEATURE" }
    if keys[0] == "baseline", !["kind", "weights"].contains(keys[1]),
      let kind = recipe.firstMatch(of: /baseline: \{kind: ([a-z-]+)/)?.1
    {
      keys[1] += " of \(kind)"
    }
    return keys.joined(separator: ".")
  }

  /// The table is only worth something if the same recipe leaves the same traces.
  @Test(arguments: [SettingEffect.retrieval, SettingEffect.both, SettingEffect.factorization, SettingEffect.ease])
  func theSameRecipeChangesNothing(text: String) throws {
    let recipe = try recipe(text)
    #expect(try Traces.of(recipe, cached: false).changes(from: Traces.of(recipe, cached: false)) == [])
  }
}

/// What can change between two recipes.
struct Effects: OptionSet, CustomStringConvertible {
  let rawValue: Int

  /// Users, items or interactions as they are read.
  static let data = Effects(rawValue: 1)
  /// Which rows are trained on, validated on, tested on, given and hidden.
  static let split = Effects(rawValue: 2)
  /// The labels of these rows.
  static let labels = Effects(rawValue: 4)
  /// What towers and ranking networks see of users, items and pairs.
  static let features = Effects(rawValue: 8)
  /// The bits of what is trained.
  static let trained = Effects(rawValue: 16)
  /// Losses, validation metrics and errors by epoch.
  static let history = Effects(rawValue: 32)

  /// The vectors that are served, where the same bits were trained.
  static let served = Effects(rawValue: 64)

  /// The model is trained otherwise.
  static let learning: Effects = [.trained, .history]
  /// It sees other inputs.
  static let inputs: Effects = [.features, .trained, .history]
  /// It sees other rows.
  static let rows: Effects = [.split, .labels, .features, .trained, .history]

  var description: String {
    let names = ["data", "split", "labels", "features", "trained", "history", "served"]
    return "[\(names.indices.filter { rawValue & 1 << $0 != 0 }.map { names[$0] }.joined(separator: ", "))]"
  }
}

/// What a recipe leaves behind at each stage of a run.
private struct Traces: Sendable {
  let data: [[UInt32]]
  let names: [[String]]
  let split: [[Int32]]
  let labels: [[UInt32]]
  let features: [Feature]
  let pairFeatures: [Float]
  /// What the encoder learnt of features.
  let fitted: [String: [UInt32]]
  let trained: [String: [UInt32]]
  let history: [EpochRecord]
  let served: [UInt32]

  private static let known = Mutex<[String: Traces]>([:])

  /// - Parameter cached: whether other rows of the table ask for the same recipe.
  static func of(_ recipe: Recipe, cached: Bool) throws -> Traces {
    let key = try recipe.yaml
    if cached, let traces = known.withLock({ $0[key] }) { return traces }
    let traces = try Traces(recipe)
    if cached { known.withLock { $0[key] = traces } }
    return traces
  }

  private init(_ recipe: Recipe) throws {
    var dataset = try recipe.name == SettingEffect.tableName ? Self.table(recipe) : smallSample.get().dataset
    var noSplit: Split?
    _ = try dataset.leaveOutInteractions(lighterThan: recipe.data.minimumWeight, split: &noSplit)
    let interactions = dataset.interactions
    data = [
      interactions.users.map { UInt32($0) }, interactions.items.map { UInt32($0) },
      interactions.weights.map(\.bitPattern), interactions.timestamps.map { UInt32(truncatingIfNeeded: $0) },
    ]
    names = [dataset.users.identifiers, dataset.items.identifiers, dataset.itemNames]

    let prepared = try prepare(dataset, split: Self.split(dataset, recipe), recipe: recipe)
    let rows = [prepared.training, prepared.validation, prepared.test, prepared.given, prepared.hidden]
    split = rows.flatMap { [$0.users, $0.items] }
    labels = rows.map { $0.labels.map(\.bitPattern) }
    features = prepared.features
    pairFeatures = prepared.pairFeatures?.values(users: prepared.test.users, items: prepared.test.items) ?? []
    let tables = prepared.encoder.tables
    fitted = tables.integers.mapValues { $0.map(UInt32.init(bitPattern:)) }
      .merging(tables.numbers.mapValues { $0.map(\.bitPattern) }) { $1 }
      .filter { !$0.key.hasPrefix("label-scaler/") }

    if let baseline = recipe.baseline {
      let recommender = try baseline.fit(on: prepared, seed: recipe.seed)
      let scores = FloatBuffer(zeros: prepared.userCount * prepared.itemCount)
      var target = scores.mutableSpan
      recommender.scorer.score(Array(0..<prepared.userCount), candidates: 0..<prepared.itemCount, into: &target)
      trained = ["scores": scores.array.map(\.bitPattern)]
      (history, served) = ([], [])
    } else {
      let outcome = try train(recipe, data: prepared)
      (trained, history) = (outcome.bits, outcome.history)
      served = outcome.vectors.map(\.bitPattern)
    }
  }

  /// The split that a recipe asks for.
  private static func split(_ dataset: Dataset, _ recipe: Recipe) throws -> Split {
    let settings = recipe.data
    let seed = settings.holdoutSeed ?? recipe.seed
    let split = try holdOut(share: settings.holdout, seed: seed, dataset: dataset)
    guard settings.holdoutUsers > 0 else { return split }
    return try holdOutUsers(
      share: settings.holdoutUsers, given: settings.given, seed: seed, from: split, dataset: dataset)
  }

  /// A table with two columns for everything, and pairs that come twice.
  private static func table(_ recipe: Recipe) throws -> Dataset {
    let (dataset, _) = try smallSample.get()
    let rows = dataset.interactions
    var text = "userID\tartistID\tweight\tgroup\talbum\tplays\twhen\ttitle\n"
    for row in Array(0..<rows.count) + [0, 7] {
      let (user, item) = (rows.users[row], rows.items[row])
      text +=
        "u\(user)\ta\(item)\t\(rows.weights[row])\tg\(user + item)\tb\(user * 3 + item)\t\(1 + row % 5)\t"
        + "\(1_200_000_000 + 86_400 * row)\tArtist \(item)\n"
    }
    let folder = try TemporaryFolder()
    return try readTable(
      path: folder.write("table.tsv", text), columns: recipe.data.columns, duplicates: recipe.data.duplicates)
  }

  func changes(from base: Traces) -> Effects {
    var effects: Effects = []
    if data != base.data || names != base.names { effects.insert(.data) }
    if split != base.split { effects.insert(.split) }
    if labels != base.labels { effects.insert(.labels) }
    if features != base.features || pairFeatures != base.pairFeatures || fitted != base.fitted {
      effects.insert(.features)
    }
    if trained != base.trained { effects.insert(.trained) }
    if trained == base.trained, served != base.served { effects.insert(.served) }
    if history != base.history { effects.insert(.history) }
    return effects
  }
}
