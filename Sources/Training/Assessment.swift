import Autodiff
import Evaluation
import Features
import TwoTower

/// What a trained run is worth on its test rows, with the baselines beside it.
public struct Assessment {
  public var retrieval: RetrievalReport?
  /// The same figures for recommending everyone the most popular items, without intervals.
  public var popularity: RetrievalReport?
  public var ranking: RankingReport?
  public var rankingWithPairs: RankingReport?
}

extension Assessment {
  /// The object that `evaluate --json` prints; what was not computed is absent.
  public var json: JSONValue {
    var members: [(key: String, value: JSONValue)] = []
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
    if ranking != nil || rankingWithPairs != nil { members.append((key: "ranking", value: rankingJSON)) }
    return .object(members)
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
///   - embeddings: queries `[userCount, d]` and candidates `[itemCount, d]`; nil when the run has no retrieval task.
///   - models: with trained parameters; their ranking models are evaluated.
/// - Throws: `EvaluationError` naming a tensor that is not finite.
public func assess(
  _ data: TowerData, embeddings: (queries: Tensor, candidates: Tensor)?, models: ModelSet?, seed: UInt64
) throws -> Assessment {
  var assessment = Assessment()
  guard data.test.count > 0 else { return assessment }
  if let embeddings {
    let truth = data.testTruth
    let cutoffs = RetrievalCutoffs.fitting(candidateCount: data.itemCount)
    assessment.retrieval = try evaluateRetrieval(
      queries: embeddings.queries, candidates: embeddings.candidates, truth: truth, cutoffs: cutoffs, seed: seed)
    let popularity = popularityEmbeddings(counts: truth.trainingCounts, userCount: data.userCount)
    assessment.popularity = try evaluateRetrieval(
      queries: popularity.queries, candidates: popularity.candidates, truth: truth, cutoffs: cutoffs,
      bootstrapSamples: 0, seed: seed)
  }
  let seenLabels = data.training.labels + data.validation.labels
  let mean = seenLabels.reduce(0.0) { $0 + Double($1) } / Double(max(1, seenLabels.count))
  func report(_ model: RankingModel?) throws -> RankingReport? {
    guard let model else { return nil }
    return try evaluateRanking(
      predictions: model.predictions(for: data.test, data: data), labels: data.test.labels, users: data.test.users,
      trainingMean: mean, seed: seed)
  }
  assessment.ranking = try report(models?.ranking)
  assessment.rankingWithPairs = try report(models?.rankingWithPairs)
  return assessment
}

extension TowerData {
  /// The test rows against all that the user has in the training file, validation rows included.
  public var testTruth: RetrievalTruth {
    RetrievalTruth(
      userCount: userCount, candidateCount: itemCount, trainingUsers: training.users + validation.users,
      trainingItems: training.items + validation.items, testUsers: test.users, testItems: test.items)
  }
}
