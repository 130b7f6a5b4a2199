import RunTestSupport

/// What another value of a setting changes in a recipe, and so what it does not.
struct SettingEffect: Sendable, CustomStringConvertible {
  let path: String
  let value: String
  /// The recipe, and the settings that both runs have besides.
  let recipe: String
  let given: Settings
  let changes: Effects

  init(_ path: String, _ value: String, in recipe: String, given: Settings = [], changes: Effects) {
    (self.path, self.value, self.recipe, self.given, self.changes) = (path, value, recipe, given, changes)
  }

  var description: String { (given + [(path, value)]).map { "\($0)=\($1)" }.joined(separator: ", ") }
}

// MARK: - Recipes

extension SettingEffect {
  static let retrieval = """
    features: {minimum-tag-count: 1}
    retrieval:
      query-tower: {combine: sum, features: [{feature: user-id, dimension: 6}, {feature: friends, dimension: 6}]}
      candidate-tower: {features: [{feature: item-id, dimension: 6}]}
      training: {epochs: 2, batch-size: 300, learning-rate: 0.05}
    """

  /// As `retrieval`, with nothing in the towers but identifiers: whole catalogues are tables then.
  static let identifiers = """
    retrieval:
      query-tower: {features: [{feature: user-id, dimension: 6}]}
      candidate-tower: {features: [{feature: item-id, dimension: 6}]}
      training: {epochs: 2, batch-size: 300, learning-rate: 0.05}
    """

  static let ranking = """
    features: {minimum-tag-count: 1}
    ranking:
      query-tower: {combine: sum, features: [{feature: user-id, dimension: 4}, {feature: friends, dimension: 4}]}
      candidate-tower: {combine: sum, features: [{feature: item-id, dimension: 4}, {feature: tags, dimension: 4}]}
      pair-features: false
      hidden-layers: [8]
      training: {epochs: 2, batch-size: 400, learning-rate: 0.01}
    """

  /// A ranking whose head has nothing to set.
  static let products = """
    ranking:
      query-tower: {features: [{feature: user-id, dimension: 4}]}
      candidate-tower: {features: [{feature: item-id, dimension: 4}]}
      pair-features: false
      head: dot
      training: {epochs: 2, batch-size: 400, learning-rate: 0.01}
    """

  static let statistics = """
    ranking:
      query-tower: {features: [{feature: user-statistics}]}
      candidate-tower: {features: [{feature: item-statistics}]}
      hidden-layers: [4]
      training: {epochs: 1, batch-size: 2000, learning-rate: 0.01}
    """

  /// Both tasks on retrieval's towers.
  static let both = retrieval + "\n" + """
    ranking: {towers: shared, pair-features: false, hidden-layers: [4], training: {epochs: 1, batch-size: 400}}
    """

  static let factorization = """
    labels: log
    matrix-factorization: {dimension: 4, training: {epochs: 3, batch-size: 400, learning-rate: 0.05}}
    """

  static let ease = "baseline: {kind: ease}"
  static let itemNeighbors = "baseline: {kind: item-neighbors, neighbors: 5, shrinkage: 1}"
  static let blend = "baseline: {kind: blend, members: [{kind: ease}, {kind: popularity, weight: 0.3}]}"
  static let towersBlend = retrieval + "\n" + """
    baseline: {kind: blend, towers-weight: 0.5, members: [{kind: ease}]}
    """
  static let implicitALS = "baseline: {kind: implicit-als, dimension: 4, iterations: 2}"

  static let tableName = "table"
  /// Learns from a table with two columns for everything.
  static let table = """
    name: \(tableName)
    data: {duplicates: last}
    retrieval:
      query-tower: {combine: sum, features: [{feature: user-id, dimension: 4}, {feature: timestamp, dimension: 4}]}
      candidate-tower: {features: [{feature: item-id, dimension: 4}]}
      training: {epochs: 1, batch-size: 400, learning-rate: 0.05}
    """
}

// MARK: - The table

let settingEffects: [SettingEffect] = [
  SettingEffect.run, SettingEffect.data, SettingEffect.validation, SettingEffect.features, SettingEffect.towers,
  SettingEffect.inputs, SettingEffect.whole, SettingEffect.losses, SettingEffect.factorizations,
  SettingEffect.baselines, SettingEffect.rankings, SettingEffect.trainings,
].flatMap { $0 }

extension SettingEffect {
  static let run: [SettingEffect] = [
    .init("name", "other", in: retrieval, changes: []),
    .init("seed", "2", in: retrieval, changes: .rows),
    .init("seed", "2", in: retrieval, given: [("data.holdout-seed", "1")], changes: .learning),
    .init("labels", "binary", in: retrieval, changes: .labels),
    .init("labels", "per-user-maximum", in: ranking, changes: [.labels, .trained, .history]),
    .init("labels", "binary", in: statistics, changes: [.labels, .features, .trained, .history]),
    .init("labels", "none", in: factorization, changes: [.labels, .trained, .history]),
    .init("labels", "log", in: ease, changes: .labels),
    .init("labels", "log", in: ease, given: [("baseline.weights", "labels")], changes: [.labels, .trained]),
    .init("tasks.order", "joint", in: both, changes: .learning),
    .init("tasks.retrieval-weight", "0.5", in: both, changes: []),
    .init("tasks.retrieval-weight", "0.5", in: both, given: [("tasks.order", "joint")], changes: .learning),
    .init("tasks.ranking-weight", "0.5", in: both, changes: []),
    .init("tasks.ranking-weight", "0.5", in: both, given: [("tasks.order", "joint")], changes: .learning),
  ]

  static let data: [SettingEffect] = [
    .init("data.user-column", "group", in: table, given: [("data.duplicates", "first")], changes: .rows.union(.data)),
    // The same rows under other items have the same labels.
    .init(
      "data.item-column", "album", in: table, given: [("data.duplicates", "first")],
      changes: .rows.union(.data).subtracting(.labels)),
    .init("data.weight-column", "plays", in: table, changes: [.data, .labels]),
    .init("data.timestamp-column", "when", in: table, changes: .inputs.union(.data)),
    .init("data.item-name-column", "title", in: table, changes: .data),
    .init("data.duplicates", "sum", in: table, changes: [.data, .labels]),
    .init("data.minimum-weight", "100", in: retrieval, changes: .rows.union(.data)),
    .init("data.minimum-weight", "1", in: retrieval, changes: []),
    .init("data.holdout", "0.2", in: retrieval, changes: .rows),
    .init("data.holdout-users", "0.2", in: retrieval, given: historyOnly, changes: .rows),
    .init("data.given", "0.5", in: retrieval, changes: []),
    // What is given of users held out whole is encoded, and nothing is learnt from it.
    .init(
      "data.given", "0.5", in: retrieval, given: historyOnly + [("data.holdout-users", "0.2")],
      changes: [.split, .labels, .features, .served]),
    .init("data.holdout-seed", "5", in: retrieval, changes: .rows),
    .init("data.holdout-seed", "1", in: retrieval, changes: []),
  ]

  static let historyOnly: Settings = [("retrieval.query-tower.features", "[{feature: history, dimension: 6}]")]

  static let validation: [SettingEffect] = [
    .init("validation.share", "0.2", in: retrieval, changes: .rows),
    .init("validation.share", "0.2", in: ease, changes: [.split, .labels, .trained]),
    .init("validation.metric", "recall@20", in: retrieval, changes: []),
    .init(
      "validation.metric", "recall@20", in: retrieval,
      given: [("validation.share", "0.2"), ("retrieval.training.epochs", "1")], changes: .history),
    .init("validation.every", "2", in: retrieval, given: [("validation.share", "0.2")], changes: .history),
    .init(
      "validation.patience", "1", in: retrieval,
      given: [
        ("validation.share", "0.2"), ("retrieval.training.epochs", "8"), ("retrieval.training.learning-rate", "1"),
      ], changes: .history),
  ]

  // MARK: - Features

  static let features: [SettingEffect] = [
    .init("features.minimum-count", "9", in: retrieval, changes: .inputs),
    .init("features.tag-text", "words", in: retrieval, given: tags, changes: .inputs),
    .init("features.minimum-tag-count", "4", in: retrieval, given: tags, changes: .inputs),
    .init("features.maximum-tags", "5", in: retrieval, given: tags, changes: .inputs),
    .init("features.tag-weighting", "sqrt", in: retrieval, given: tags, changes: .inputs),
    .init("features.tag-weighting", "sqrt", in: retrieval, changes: []),
    .init("features.leave-own-tags-out", "false", in: retrieval, given: userFeature("user-tags"), changes: .inputs),
    .init("features.history-limit", "3", in: retrieval, given: userFeature("history"), changes: .inputs),
    .init("features.history-limit", "3", in: retrieval, changes: []),
    .init("features.bucket-count", "4", in: retrieval, given: userFeature("timestamp-bucket"), changes: .inputs),
    .init("features.imputation", "2007-01-01", in: retrieval, given: userFeature("timestamp"), changes: .inputs),
    .init("features.user-statistics", "[mean, maximum]", in: statistics, changes: .inputs),
    .init("features.user-statistics", "[mean, maximum]", in: retrieval, changes: []),
    .init("features.item-statistics", "[mean, maximum]", in: statistics, changes: .inputs),
    .init("features.pair-statistics", "[tagged, tag-cosine]", in: statistics, changes: .inputs),
    .init(
      "features.pair-statistics", "[tagged, tag-cosine]", in: statistics, given: [("ranking.pair-features", "false")],
      changes: []),
    .init("features.statistics-exclusion", "leave-one-out", in: statistics, changes: .inputs),
    .init("features.statistics-folds", "3", in: statistics, changes: .inputs),
    .init(
      "features.statistics-folds", "3", in: statistics, given: [("features.statistics-exclusion", "leave-one-out")],
      changes: []),
  ]

  static let tags: Settings = [("retrieval.candidate-tower.features", "[{feature: tags, dimension: 6}]")]

  static func userFeature(_ name: String) -> Settings {
    [("retrieval.query-tower.features", "[{feature: user-id, dimension: 6}, {feature: \(name), dimension: 6}]")]
  }
}
