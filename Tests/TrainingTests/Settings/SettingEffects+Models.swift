import RunTestSupport

extension SettingEffect {
  // MARK: - Towers

  private static let allTowers = [
    (retrieval, "retrieval.query-tower", "user-id", "friends", "retrieval.candidate-tower"),
    (retrieval, "retrieval.candidate-tower", "item-id", "tags", "retrieval.query-tower"),
    (ranking, "ranking.query-tower", "user-id", "friends", "ranking.candidate-tower"),
    (ranking, "ranking.candidate-tower", "item-id", "tags", "ranking.query-tower"),
  ]

  static let towers: [SettingEffect] = allTowers.flatMap { recipe, tower, identifier, bag, other -> [SettingEffect] in
    // Two layers here, and as many outputs as the other tower has.
    let layers: Settings = [
      ("\(tower).features", "[{feature: \(identifier), dimension: 6}, {feature: \(bag), dimension: 6}]"),
      ("\(tower).hidden-layers", "[5, 6]"),
    ]
    return [
      .init(
        "\(tower).features", "[{feature: \(identifier), dimension: 6}]", in: recipe, given: layers, changes: .inputs),
      .init(
        "\(tower).combine", "concatenate", in: recipe, given: layers + [("\(tower).combine", "sum")],
        changes: .learning),
      .init("\(tower).hidden-layers", "[4, 6]", in: recipe, given: layers, changes: .learning),
      .init("\(tower).last-activation", "tanh", in: recipe, given: layers, changes: .learning),
      .init("\(tower).dropout", "0.3", in: recipe, given: layers, changes: .learning),
      // There is nothing to drop but between layers.
      .init("\(tower).dropout", "0.3", in: recipe, given: layers + [("\(tower).hidden-layers", "[6]")], changes: []),
      .init("\(other).dropout", "0.3", in: recipe, changes: []),
    ]
  }

  static let inputs: [SettingEffect] = allTowers.flatMap { recipe, tower, identifier, bag, _ -> [SettingEffect] in
    let both: Settings = [
      ("\(tower).features", "[{feature: \(identifier), dimension: 6}, {feature: \(bag), dimension: 6}]"),
      ("\(tower).hidden-layers", "[6]"), ("\(tower).combine", "concatenate"),
    ]
    let (row, list) = ("\(tower).features.\(identifier)", "\(tower).features.\(bag)")
    // Bags over another table than that of the identifiers cannot share it.
    let (sharing, sharedTable) = bag == "friends" ? (list, "user-id") : (row, "named")
    let numbers = identifier == "user-id" ? "user-statistics" : "item-statistics"
    return [
      .init("\(row).feature", numbers, in: recipe, given: both, changes: .inputs),
      .init("\(row).dimension", "4", in: recipe, given: both, changes: .learning),
      .init("\(sharing).table", sharedTable, in: recipe, given: both, changes: .learning),
      .init("\(list).combiner", "sum", in: recipe, given: both, changes: .learning),
      .init("\(row).combiner", "sum", in: recipe, given: both, changes: []),
      .init("\(row).scale", "2", in: recipe, given: both, changes: .learning),
      .init("\(list).scale", "2", in: recipe, given: both, changes: .learning),
      .init("\(row).initial-deviation", "0.1", in: recipe, given: both, changes: .learning),
      .init("\(row).identifier-dropout", "0.3", in: recipe, given: both, changes: .learning),
      .init("\(list).identifier-dropout", "0.3", in: recipe, given: both, changes: .learning),
    ]
  }

  /// Candidate towers that are one table, but for a setting.
  static let whole: [SettingEffect] = [
    .init(
      "retrieval.candidate-tower.features.item-id.scale", "2", in: identifiers,
      given: [("retrieval.loss", "full-softmax")], changes: .learning),
    .init(
      "retrieval.candidate-tower.features.item-id.identifier-dropout", "0.3", in: identifiers,
      given: [("retrieval.loss", "full-softmax")], changes: .learning),
  ]

  // MARK: - Models

  private static let full: Settings = [("retrieval.loss", "full-softmax")]
  private static let popular: Settings = [("retrieval.popularity-weight", "0.5")]
  private static let pairwise: Settings = [("retrieval.loss", "bpr")]
  private static let byUsers: Settings = [("retrieval.loss", "user-softmax"), ("retrieval.training.batch-size", "10")]

  static let losses: [SettingEffect] = [
    .init("retrieval.similarity", "cosine", in: retrieval, changes: .learning),
    .init("retrieval.similarity", "cosine", in: identifiers, given: full, changes: .learning),
    .init("retrieval.temperature", "0.5", in: retrieval, changes: .learning),
    .init("retrieval.temperature", "0.5", in: retrieval, given: full, changes: .learning),
    .init("retrieval.temperature", "0.5", in: retrieval, given: pairwise, changes: .learning),
    .init("retrieval.loss", "full-softmax", in: retrieval, changes: .learning),
    .init("retrieval.loss", "bpr", in: retrieval, changes: .learning),
    .init("retrieval.loss", "user-softmax", in: identifiers, given: full, changes: .learning),
    .init("retrieval.start", "implicit-als", in: identifiers, changes: .learning),
    .init("retrieval.popularity-weight", "0.5", in: retrieval, changes: .learning),
    .init("retrieval.popularity-weight", "0.5", in: identifiers, given: full, changes: .learning),
    .init("retrieval.popularity-weight", "0.5", in: identifiers, given: byUsers, changes: .learning),
    .init("retrieval.user-weight-exponent", "0.5", in: identifiers, given: byUsers, changes: .learning),
    .init("retrieval.user-weight-exponent", "0.5", in: retrieval, changes: []),
    .init("retrieval.negative-weight", "1.2", in: identifiers, given: byUsers, changes: .learning),
    .init("retrieval.negative-weight", "1.2", in: retrieval, changes: []),
    .init("retrieval.catalogue-sample", "3", in: identifiers, given: byUsers, changes: .learning),
    .init("retrieval.catalogue-sample", "3", in: retrieval, changes: .learning),
    .init("retrieval.catalogue-sample", "3", in: retrieval, given: full, changes: []),
    .init("retrieval.served-popularity", "0.5", in: retrieval, changes: []),
    .init("retrieval.served-popularity", "0.5", in: identifiers, given: popular, changes: .served),
    .init("retrieval.user-temperature-exponent", "0.2", in: retrieval, changes: .learning),
    .init("retrieval.user-temperature-exponent", "0.2", in: identifiers, given: byUsers, changes: .learning),
    .init("retrieval.propagation-hops", "1", in: identifiers, changes: .learning),
    .init("retrieval.propagation-hops", "2", in: identifiers, given: byUsers, changes: .learning),
    .init("retrieval.temperature", "0.5", in: identifiers, given: byUsers, changes: .learning),
    .init("retrieval.reduction", "sum", in: retrieval, changes: .learning),
    .init("retrieval.reduction", "sum", in: retrieval, given: full, changes: .learning),
    .init("retrieval.reduction", "sum", in: retrieval, given: pairwise, changes: .learning),
    .init("retrieval.sampling-correction", "false", in: retrieval, changes: .learning),
    .init("retrieval.sampling-correction", "false", in: retrieval, given: full, changes: []),
    .init("retrieval.sampling-correction", "false", in: retrieval, given: pairwise, changes: []),
    .init("retrieval.mask", "none", in: retrieval, changes: .learning),
    .init("retrieval.mask", "history", in: retrieval, changes: .learning),
    .init("retrieval.mask", "none", in: retrieval, given: full, changes: []),
    .init("retrieval.mask", "history", in: retrieval, given: full, changes: .learning),
    .init("retrieval.mask", "history", in: retrieval, given: pairwise, changes: []),
    .init("retrieval.negatives", "popularity", in: retrieval, changes: []),
    .init("retrieval.negatives", "popularity", in: retrieval, given: pairwise, changes: .learning),
    .init("retrieval.negative-count", "3", in: retrieval, changes: []),
    .init("retrieval.negative-count", "3", in: retrieval, given: pairwise, changes: .learning),
  ]

  static let factorizations: [SettingEffect] = [
    .init("matrix-factorization.dimension", "5", in: factorization, changes: .learning),
    .init("matrix-factorization.initial-deviation", "0.1", in: factorization, changes: .learning),
    .init("matrix-factorization.regularization", "0.5", in: factorization, changes: .learning),
    .init("matrix-factorization.gravity", "0.5", in: factorization, changes: .learning),
    .init("matrix-factorization.report-every", "2", in: factorization, changes: .history),
  ]

  static let baselines: [SettingEffect] = [
    .init("baseline.kind", "popularity", in: ease, changes: .trained),
    .init("baseline.weights", "labels", in: ease, changes: .trained),
    .init("baseline.weights", "labels", in: itemNeighbors, changes: .trained),
    .init("baseline.weights", "labels", in: implicitALS, changes: .trained),
    .init("baseline.weights", "labels", in: "baseline: {kind: popularity}", changes: .trained),
    .init("baseline.neighbors", "2", in: itemNeighbors, changes: .trained),
    .init("baseline.item-exponent", "0.1", in: itemNeighbors, changes: .trained),
    .init("baseline.user-exponent", "0.1", in: itemNeighbors, changes: .trained),
    .init("baseline.shrinkage", "0", in: itemNeighbors, changes: .trained),
    .init("baseline.regularization", "7", in: ease, changes: .trained),
    .init("baseline.dimension", "5", in: implicitALS, changes: .trained),
    .init("baseline.regularization", "7", in: implicitALS, changes: .trained),
    .init("baseline.unobserved-weight", "0.9", in: implicitALS, changes: .trained),
    .init("baseline.regularization-exponent", "0.5", in: implicitALS, changes: .trained),
    .init("baseline.iterations", "3", in: implicitALS, changes: .trained),
    // Weighs scores, which are no trace of a fit.
    .init("baseline.towers-weight", "5", in: towersBlend, changes: []),
    .init("baseline.members", "[{kind: ease, weight: 2}]", in: blend, changes: .trained),
    .init("seed", "2", in: implicitALS, given: [("data.holdout-seed", "1")], changes: .trained),
    .init("seed", "2", in: ease, given: [("data.holdout-seed", "1")], changes: []),
  ]

  static let rankings: [SettingEffect] = [
    .init(
      "ranking.towers", "own", in: both,
      given: [
        ("ranking.query-tower.features", "[{feature: user-id, dimension: 4}]"),
        ("ranking.candidate-tower.features", "[{feature: item-id, dimension: 4}]"),
      ], changes: .learning),
    .init("ranking.head", "dot", in: ranking, changes: .learning),
    .init("ranking.bias", "false", in: products, changes: .learning),
    .init("ranking.bias", "false", in: ranking, changes: []),
    .init("ranking.pair-features", "false", in: statistics, changes: .inputs),
    .init("ranking.hidden-layers", "[6]", in: ranking, changes: .learning),
    .init("ranking.hidden-layers", "[6]", in: products, changes: []),
    .init("ranking.dropout", "0.3", in: ranking, changes: .learning),
    .init("ranking.dropout", "0.3", in: products, changes: []),
  ]

  // MARK: - Training

  static let trainings: [SettingEffect] = [
    ("retrieval", retrieval), ("ranking", ranking), ("matrix-factorization", factorization),
  ].flatMap { task, recipe -> [SettingEffect] in
    let training = "\(task).training"
    func effect(
      _ name: String, _ value: String, _ optimizer: String, given: Settings = [], changes: Effects = .learning
    ) -> SettingEffect {
      .init(
        "\(training).\(name)", value, in: recipe, given: [("\(training).optimizer", optimizer)] + given,
        changes: changes)
    }
    let optimizers = ["sgd", "adagrad", "adam", "adamw"]
    let everyOptimizer = optimizers.flatMap { optimizer -> [SettingEffect] in
      [
        effect("learning-rate", "0.02", optimizer), effect("weight-decay", "0.1", optimizer),
        effect("schedule", "cosine", optimizer), effect("warmup", "0.7", optimizer),
        effect("momentum", "0.9", optimizer, changes: optimizer == "sgd" ? .learning : []),
        effect("initial-accumulator", "0.5", optimizer, changes: optimizer == "adagrad" ? .learning : []),
      ]
    }
    let others: [SettingEffect] = [
      effect("epochs", "1", "adam"), effect("batch-size", "150", "adam"),
      effect("optimizer", "sgd", "adam"), effect("optimizer", "adagrad", "adam"),
      // Without decay the two are one.
      effect("optimizer", "adamw", "adam", changes: []),
      effect("optimizer", "adamw", "adam", given: [("\(training).weight-decay", "0.1")]),
      // A norm that no gradient reaches clips nothing.
      effect("clip-norm", "0.001", "sgd"), effect("clip-norm", "1000000", "sgd", changes: []),
    ]
    return everyOptimizer + others
  }
}
