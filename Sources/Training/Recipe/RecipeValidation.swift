import TwoTowerFeatures
import TwoTowerRecommenders

extension Recipe {
  /// A setting that cannot work, by its dotted path.
  package struct Problem: Sendable {
    package let path: String
    package let message: String
  }

  /// The first setting whose value is out of range or does not fit the others; nil when all is well.
  package func firstProblem() -> Problem? {
    let retrieving = [
      ("retrieval", retrieval != nil), ("matrix-factorization", matrixFactorization != nil),
      ("baseline", baseline != nil),
    ].filter(\.1).map { "'\($0.0)'" }
    if retrieving.isEmpty && ranking == nil {
      return Problem(
        path: "recipe",
        message:
          "has none of the sections 'retrieval', 'matrix-factorization', 'baseline' and 'ranking': nothing to train"
      )
    }
    if let problem = problemInTowersWeight() { return problem }
    if retrieving.count > 1 && !blendsTowers {
      return Problem(path: "recipe", message: "\(retrieving.joined(separator: " and ")) all retrieve items: keep one")
    }
    if let problem = baseline.flatMap(problem(inBaseline:)) { return problem }
    if !(data.minimumWeight >= 0 && data.minimumWeight.isFinite) {
      return Problem(path: "data.minimum-weight", message: "found \(data.minimumWeight), expected 0 or more")
    }
    if !(0..<1).contains(data.holdout) {
      return Problem(path: "data.holdout", message: "found \(data.holdout), expected a share from 0 to below 1")
    }
    if let problem = problemInHeldOutUsers() { return problem }
    if !(0..<1).contains(validation.share) {
      return Problem(path: "validation.share", message: "found \(validation.share), expected a share from 0 to below 1")
    }
    for (name, value) in [("every", validation.every), ("patience", validation.patience)] where value < 1 {
      return Problem(path: "validation.\(name)", message: "found \(value), expected 1 or more")
    }
    do { try features.validate() } catch {
      if case .setting(let key, let found, let expected)? = error as? FeatureError {
        return Problem(path: "features.\(key)", message: "found \(found), expected \(expected)")
      }
      return Problem(path: "features", message: "\(error)")
    }
    return retrieval.flatMap(problem(inRetrieval:)) ?? matrixFactorization.flatMap(problem(inFactorization:))
      ?? ranking.flatMap(problem(inRanking:)) ?? problemInOrder()
  }

  /// Whether two towers are a member of a blend.
  private var blendsTowers: Bool {
    retrieval != nil && matrixFactorization == nil && (baseline?.model as? Blend.Settings)?.towersWeight ?? 0 > 0
  }

  private func problemInTowersWeight() -> Problem? {
    guard let blend = baseline?.model as? Blend.Settings else { return nil }
    if retrieval == nil && blend.towersWeight > 0 {
      return Problem(
        path: "baseline.towers-weight",
        message: "found \(blend.towersWeight) but no section 'retrieval': add one, or set it to 0")
    }
    if retrieval != nil && blend.towersWeight == 0 {
      return Problem(
        path: "baseline.towers-weight",
        message: "found 0: give the towers of 'retrieval' a weight above 0 in the blend, or leave one section out")
    }
    return nil
  }

  private func problemInHeldOutUsers() -> Problem? {
    if !(0..<1).contains(data.holdoutUsers) {
      return Problem(
        path: "data.holdout-users", message: "found \(data.holdoutUsers), expected a share from 0 to below 1")
    }
    if !(data.given > 0 && data.given < 1) {
      return Problem(path: "data.given", message: "found \(data.given), expected a share between 0 and 1")
    }
    let seesHistory = retrieval?.model.queryTower.features.contains { [.history, .historyTags].contains($0.feature) }
    if data.holdoutUsers > 0 && baseline == nil && seesHistory != true {
      return Problem(
        path: "data.holdout-users",
        message: "the recipe knows nothing of people it was not trained on: "
          + "add 'history' or 'history-tags' to retrieval.query-tower.features")
    }
    return nil
  }

  private func problemInOrder() -> Problem? {
    if tasks.order == .joint && (retrieval == nil || ranking == nil) {
      return Problem(path: "tasks.order", message: "'joint' needs both a 'retrieval' and a 'ranking' section")
    }
    if tasks.order == .joint && ranking?.model.towers == .own {
      return Problem(path: "tasks.order", message: "'joint' trains the same towers: set ranking.towers to 'shared'")
    }
    for (name, value) in [("retrieval-weight", tasks.retrievalWeight), ("ranking-weight", tasks.rankingWeight)]
    where !(value >= 0 && value.isFinite) {
      return Problem(path: "tasks.\(name)", message: "found \(value), expected 0 or more")
    }
    if tasks.retrievalWeight == 0 && tasks.rankingWeight == 0 {
      return Problem(path: "tasks", message: "the two tasks' weights are both 0: nothing to train")
    }
    return nil
  }

  private func problem(inRetrieval task: TaskSettings<RetrievalSettings>) -> Problem? {
    let model = task.model
    if !(model.temperature > 0 && model.temperature.isFinite) {
      return Problem(path: "retrieval.temperature", message: "found \(model.temperature), expected a number above 0")
    }
    let numbers = [
      ("popularity-weight", model.popularityWeight), ("user-weight-exponent", model.userWeightExponent),
      ("negative-weight", model.negativeWeight), ("served-popularity", model.servedPopularity),
    ]
    for (name, value) in numbers where !(0...10).contains(value) {
      return Problem(path: "retrieval.\(name)", message: "found \(value), expected 0 to 10")
    }
    if !(-2...2).contains(model.userTemperatureExponent) {
      return Problem(
        path: "retrieval.user-temperature-exponent",
        message: "found \(model.userTemperatureExponent), expected -2 to 2")
    }
    if let problem = problem(inPropagationOf: model) { return problem }
    if model.loss == .pairwise && model.popularityWeight > 0 {
      return Problem(path: "retrieval.popularity-weight", message: "'bpr' compares scores without it: set it to 0")
    }
    if !(0...1_000_000_000).contains(model.catalogueSample) {
      return Problem(
        path: "retrieval.catalogue-sample", message: "found \(model.catalogueSample), expected 0 to 1000000000")
    }
    if model.loss == .userSoftmax {
      if tasks.order == .joint {
        return Problem(
          path: "retrieval.loss", message: "'user-softmax' steps by users, not rows: set tasks.order to 'staged'")
      }
      let seesRows = model.queryTower.features.contains { [.history, .historyTags].contains($0.feature) }
      if seesRows {
        return Problem(
          path: "retrieval.loss",
          message:
            "'user-softmax' gives a user one vector for all rows: 'history' and 'history-tags' would see the answers")
      }
    }
    if !(1...1000).contains(model.negativeCount) {
      return Problem(path: "retrieval.negative-count", message: "found \(model.negativeCount), expected 1 to 1000")
    }
    if let problem = problem(in: model.queryTower, path: "retrieval.query-tower", entity: .user)
      ?? problem(in: model.candidateTower, path: "retrieval.candidate-tower", entity: .item)
      ?? problem(in: [model.queryTower, model.candidateTower], path: "retrieval")
      ?? problem(in: task.training, path: "retrieval.training")
    {
      return problem
    }
    if let query = knownOutputWidth(of: model.queryTower), let candidate = knownOutputWidth(of: model.candidateTower),
      query != candidate
    {
      return Problem(
        path: "retrieval",
        message: "the query tower puts out \(query) numbers and the candidate tower \(candidate): they must be equal")
    }
    return nil
  }

  private func problem(inFactorization task: TaskSettings<MatrixFactorizationSettings>) -> Problem? {
    let (model, path) = (task.model, "matrix-factorization")
    if !(1...65_536).contains(model.dimension) {
      return Problem(path: "\(path).dimension", message: "found \(model.dimension), expected 1 to 65536")
    }
    let numbers = [
      ("initial-deviation", model.initialDeviation), ("regularization", model.regularization),
      ("gravity", model.gravity),
    ]
    for (name, value) in numbers where !(value >= 0 && value.isFinite) {
      return Problem(path: "\(path).\(name)", message: "found \(value), expected 0 or more")
    }
    if model.reportEvery < 1 {
      return Problem(path: "\(path).report-every", message: "found \(model.reportEvery), expected at least 1")
    }
    return problem(in: task.training, path: "\(path).training", smallestBatch: 0)
  }

  private func problem(inBaseline settings: BaselineSettings) -> Problem? {
    do { try settings.check() } catch {
      guard case .setting(let name, let found, let expected) = error else {
        return Problem(path: "baseline", message: "\(error)")
      }
      return Problem(path: "baseline.\(name)", message: "found \(found), expected \(expected)")
    }
    return nil
  }

  private func problem(inRanking task: TaskSettings<RankingSettings>) -> Problem? {
    let model = task.model
    if let bad = model.hiddenLayers.first(where: { !(1...65_536).contains($0) }) {
      return Problem(path: "ranking.hidden-layers", message: "found a width of \(bad), expected 1 to 65536")
    }
    if !(0..<1).contains(model.dropout) {
      return Problem(path: "ranking.dropout", message: "found \(model.dropout), expected a share from 0 to below 1")
    }
    if let problem = problem(inHeadOf: model) { return problem }
    if model.towers == .shared {
      guard retrieval != nil else {
        return Problem(path: "ranking.towers", message: "'shared' needs a 'retrieval' section whose towers to share")
      }
      return problem(in: task.training, path: "ranking.training")
    }
    return problem(in: model.queryTower, path: "ranking.query-tower", entity: .user)
      ?? problem(in: model.candidateTower, path: "ranking.candidate-tower", entity: .item)
      ?? problem(in: [model.queryTower, model.candidateTower], path: "ranking")
      ?? problem(in: task.training, path: "ranking.training")
  }

  /// A dot product needs outputs of one width, and has no place for features of the pair.
  private func problem(inHeadOf model: RankingSettings) -> Problem? {
    guard model.head == .dot else { return nil }
    if model.pairFeatures {
      return Problem(path: "ranking.pair-features", message: "the head 'dot' takes none: set it to false")
    }
    if model.towers == .own, let query = knownOutputWidth(of: model.queryTower),
      let candidate = knownOutputWidth(of: model.candidateTower), query != candidate
    {
      return Problem(
        path: "ranking",
        message: "the query tower puts out \(query) numbers and the candidate tower \(candidate): the head 'dot' needs "
          + "them to be equal")
    }
    return nil
  }

  private func problem(in training: TrainingSettings, path: String, smallestBatch: Int = 1) -> Problem? {
    if !(1...1_000_000).contains(training.epochs) {
      return Problem(path: "\(path).epochs", message: "found \(training.epochs), expected 1 to 1000000")
    }
    if !(smallestBatch...1_048_576).contains(training.batchSize) {
      return Problem(
        path: "\(path).batch-size", message: "found \(training.batchSize), expected \(smallestBatch) to 1048576")
    }
    if !(training.learningRate > 0 && training.learningRate.isFinite) {
      return Problem(
        path: "\(path).learning-rate", message: "found \(training.learningRate), expected a number above 0")
    }
    if !(0...1).contains(training.warmup) {
      return Problem(path: "\(path).warmup", message: "found \(training.warmup), expected a share from 0 to 1")
    }
    let others = [
      ("weight-decay", training.weightDecay), ("clip-norm", training.clipNorm), ("momentum", training.momentum),
      ("initial-accumulator", training.initialAccumulator),
    ]
    for (name, value) in others where !(value >= 0 && value.isFinite) {
      return Problem(path: "\(path).\(name)", message: "found \(value), expected 0 or more")
    }
    return nil
  }
}
