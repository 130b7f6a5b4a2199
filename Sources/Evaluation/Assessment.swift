import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerFiles
import TwoTowerKernels
import TwoTowerRecommenders

/// What a trained run is worth on its test rows, with the baselines beside it.
package struct Assessment {
  package var retrieval: RetrievalReport?
  /// The same figures with the first candidates in the order of the reranker; nil where the run has none.
  package var reranked: RetrievalReport?
  /// The same figures for recommending everyone the most popular items, without intervals.
  package var popularity: RetrievalReport?
  /// Errors and penalties of a matrix factorisation.
  package var factorization: FactorizationFigures?
  package var ranking: RankingReport?
  package var rankingWithPairs: RankingReport?
  /// Users that the figures are of, and users with test rows; nil where these are the same.
  package var drawnUsers: (evaluated: Int, all: Int)?
  /// Users with test rows of whom there is no training row; nil where there are none.
  package var newUsers: NewUsers?
  package var recommendations: RecommendationAssessment?
  package var genrePrecision: GenrePrecision?
  /// Figures of users held out whole; nil where there are none.
  package var unseenUsers: UnseenUsersReport?
  /// Signs that the model has not learnt what it should have.
  package var warnings: [AssessmentWarning] = []
}

extension Assessment {
  /// The object that `evaluate --json` prints; what was not computed is absent.
  package var json: JSONValue {
    var members: [(key: String, value: JSONValue)] = []
    if let factorization { members += factorization.jsonMembers }
    if let drawnUsers {
      members.append((key: "evaluated_users", value: .integer(drawnUsers.evaluated)))
      members.append((key: "test_users", value: .integer(drawnUsers.all)))
    }
    if let newUsers { members.append((key: "new_users", value: newUsers.json)) }
    if let retrieval {
      members.append((key: "retrieval", value: retrieval.json))
      if let popularity { members.append((key: "popularity", value: popularity.json)) }
      let groups = [
        ("warm", retrieval.warm.json, retrieval.warm.isEmpty), ("cold", retrieval.cold.json, retrieval.cold.isEmpty),
      ]
      for (name, value, isEmpty) in groups where !isEmpty {
        members.append((key: name, value: .object([(key: "seen_excluded", value: value)])))
      }
      let chance: [(key: String, value: JSONValue)] = [
        (key: "seen_included", value: retrieval.chance.seenIncluded.json),
        (key: "seen_excluded", value: retrieval.chance.seenExcluded.json),
        (key: "warm", value: retrieval.chance.warm.json), (key: "cold", value: retrieval.chance.cold.json),
      ].filter { $0.value != .object([]) }
      members.append((key: "chance", value: .object(chance)))
    }
    if let reranked { members.append((key: "reranked", value: reranked.seenExcluded.json)) }
    if let unseenUsers { members.append((key: "unseen_users", value: unseenUsers.json)) }
    if ranking != nil || rankingWithPairs != nil { members.append((key: "ranking", value: rankingJSON)) }
    members += (recommendations?.members ?? []) + (genrePrecision?.members ?? [])
    return .object(members + [(key: "warnings", value: .array(warnings.map(\.json)))])
  }

  private var rankingJSON: JSONValue {
    let with = rankingWithPairs ?? ranking
    let values: [(String, JSONValue?)] = [
      ("rmse", with?.rmse.map(JSONValue.number)), ("pairwise_accuracy", with?.pairwiseAccuracy.map(JSONValue.number)),
      ("rmse_without_pair_features", ranking?.rmse.map(JSONValue.number)),
      ("pairwise_accuracy_without_pair_features", ranking?.pairwiseAccuracy.map(JSONValue.number)),
      ("constant_rmse", with?.constantRMSE.map(JSONValue.number)),
      ("intervals", with?.json["intervals"]),
    ]
    return .object(values.compactMap { name, value in value.map { (key: name, value: $0) } })
  }
}

/// Evaluates a trained run on its test rows.
///
/// - Parameters:
///   - recommender: what retrieves; nil when the run has no retrieval task.
///   - models: with trained parameters; their ranking models and matrix factorisation are evaluated.
///   - reranker: of what retrieval finds; nil where lists are not to be reranked.
///   - userLimit: evaluates so many of the users with test rows, drawn at random by `seed`; nil for all.
///   - cutoffs: which k metrics of retrieval are taken at; nil for the usual ones that fit the catalogue.
///   - reordering: of the lists, whose figures then stand beside those of the plain ones.
///   - isAllowed: whether each item may be in these lists; nil when every one may.
/// - Throws: `ScoringError` naming a tensor that is not finite.
package func assess(
  _ data: TowerData, recommender: (any Recommender)?, models: ModelSet?, reranker: Reranker? = nil, seed: UInt64,
  userLimit: Int? = nil, cutoffs: RetrievalCutoffs? = nil, reordering: Reordering = Reordering(),
  isAllowed: [Bool]? = nil
) throws -> Assessment {
  var assessment = Assessment()
  let cutoffs = cutoffs ?? .fitting(candidateCount: data.itemCount)
  if let model = models?.matrixFactorization {
    assessment.factorization = model.figures(
      training: model.entries(data.training), test: model.entries(data.test))
  }
  if let recommender, data.hidden.count > 0 {
    assessment.unseenUsers = try assessUnseenUsers(data, recommender: recommender, cutoffs: cutoffs, seed: seed)
  }
  guard data.test.count > 0 else {
    assessment.warnings = assessment.foundWarnings(recommender: recommender, isWarm: [])
    return assessment
  }
  var data = data
  if let userLimit { assessment.drawnUsers = data.drawTestUsers(userLimit, seed: seed) }
  if let recommender {
    let scorer = recommender.servedScorer(on: data)
    let truth = data.testTruth
    // A value that is not finite is named by its tensor.
    if let vectors = recommender.vectors { try vectors.checkFinite() }
    assessment.newUsers = NewUsers(truth.testedUsers, fittedItems: data.fittedItems.lists, scorer: scorer)
    assessment.retrieval = try evaluateRetrieval(scorer: scorer, truth: truth, cutoffs: cutoffs, seed: seed)
    if let reranker, let ranking = models?.ranking {
      assessment.reranked = try evaluateReranked(
        reranker, inputs: RerankingInputs(ranking, data: data), scorer: scorer, truth: truth, cutoffs: cutoffs,
        seed: seed)
    }
    let popularity = popularityEmbeddings(counts: truth.trainingCounts, userCount: data.userCount)
    assessment.popularity = try evaluateRetrieval(
      queries: popularity.queries, candidates: popularity.candidates, truth: truth, cutoffs: cutoffs,
      bootstrapSamples: 0, seed: seed)
    let vectors = recommender.directions?.candidates
    assessment.recommendations = try RecommendationAssessment(
      scorer, candidates: vectors, truth: truth, model: assessment.retrieval?.shown,
      popularity: assessment.popularity?.shown, reordering: reordering, isAllowed: isAllowed)
    if let vectors {
      assessment.genrePrecision = try genrePrecision(
        candidates: vectors, genres: data.itemGenres, counts: truth.trainingCounts)
    }
  }
  assessment.warnings = assessment.foundWarnings(recommender: recommender, isWarm: data.testTruth.isWarm)
  let seenLabels = data.training.labels + data.validation.labels
  let mean = seenLabels.reduce(0.0) { $0 + Double($1) } / Double(max(1, seenLabels.count))
  func report(_ model: RankingModel?) throws -> RankingReport? {
    guard let model else { return nil }
    return try evaluateRanking(
      predictions: model.predictions(for: data.test, data: data).map { $0 * data.heldOutFactors.predictions },
      labels: data.test.labels, users: data.test.users, trainingMean: mean * Double(data.heldOutFactors.plain),
      seed: seed)
  }
  assessment.ranking = try report(models?.ranking)
  assessment.rankingWithPairs = try report(models?.rankingWithPairs)
  return assessment
}

extension Assessment {
  /// What the figures warn of; nothing where popularity itself was fitted.
  ///
  /// - Parameter isWarm: whether an item has a training row.
  fileprivate func foundWarnings(recommender: (any Recommender)?, isWarm: [Bool]) -> [AssessmentWarning] {
    guard let recommender, type(of: recommender).kind != Popularity.kind else { return [] }
    var warnings: [AssessmentWarning?] = []
    if let retrieval, let popularity {
      warnings.append(.belowPopularity(retrieval.seenExcluded, popularity.seenExcluded))
    }
    if let unseenUsers {
      warnings.append(
        .belowPopularity(
          unseenUsers.model.seenExcluded, unseenUsers.popularity.seenExcluded, users: "for unseen users "))
    }
    if let shown = retrieval?.shown { warnings.append(.listsAlike(shown, candidateCount: isWarm.count)) }
    if let vectors = recommender.directions?.candidates, !isWarm.isEmpty {
      warnings.append(.vectorsAlike(vectors, isWarm: isWarm))
    }
    return warnings.compactMap { $0 }
  }
}

extension TowerData {
  /// Keeps the test rows of `limit` users, drawn at random; returns nil where there are no more users anyway.
  fileprivate mutating func drawTestUsers(_ limit: Int, seed: UInt64) -> (evaluated: Int, all: Int)? {
    var hasTestRow = [Bool](repeating: false, count: userCount)
    for user in test.users { hasTestRow[Int(user)] = true }
    var users = (0..<Int32(userCount)).filter { hasTestRow[Int($0)] }
    guard users.count > limit else { return nil }
    let all = users.count
    var generator = SeededGenerator(seed: seed, purpose: .evaluatedUsers)
    generator.shuffle(&users)
    var isDrawn = [Bool](repeating: false, count: userCount)
    for user in users.prefix(limit) { isDrawn[Int(user)] = true }
    let rows = test.users.indices.filter { isDrawn[Int(test.users[$0])] }
    test = LabeledPairs(
      users: rows.map { test.users[$0] }, items: rows.map { test.items[$0] }, labels: rows.map { test.labels[$0] })
    return (limit, all)
  }

  /// The test rows against all that the user has in the training file, validation rows included.
  package var testTruth: RetrievalTruth {
    RetrievalTruth(
      userCount: userCount, candidateCount: itemCount, trainingUsers: training.users + validation.users,
      trainingItems: training.items + validation.items, testUsers: test.users, testItems: test.items)
  }
}

extension FactorizationFigures {
  /// The figures as members of the object that `fit --json` and `evaluate --json` print.
  var jsonMembers: [(key: String, value: JSONValue)] {
    let values = [
      ("train_error", trainError), ("test_error", testError), ("regularization_loss", regularizationLoss),
      ("gravity_loss", gravityLoss),
    ]
    return values.compactMap { name, value in value.map { (key: name, value: .number($0)) } }
  }
}
