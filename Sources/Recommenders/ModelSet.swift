import TwoTowerAutodiff
import TwoTowerFeatures

/// The models that a recipe asks for, built on a data set.
package struct ModelSet {
  package let retrieval: RetrievalModel?
  package let matrixFactorization: MatrixFactorizationModel?
  /// Ranks pairs by what is known of the user and of the item, and of what people like them have in common.
  package let ranking: RankingModel?
  /// Ranks pairs also by what the user did with the item itself, such as tagging it.
  package let rankingWithPairs: RankingModel?

  /// The models at their initial values.
  ///
  /// - Parameter storedShape: the shape of a stored parameter, which the data's sizes must fit before any is allocated;
  ///   nil for models that are not loaded.
  /// - Throws: `TowerError` when towers do not fit each other or the data.
  package init(
    _ settings: ModelSettings, data: TowerData, storedShape: ((String) throws -> [Int]?)? = nil
  ) throws {
    let (retrievalSettings, rankingSettings) = (settings.retrieval, settings.ranking)
    let (seed, trainsSharedTowers) = (settings.seed, settings.trainsSharedTowers)
    let features = Dictionary(data.features.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for towers in [
      retrievalSettings.map { [$0.queryTower, $0.candidateTower] },
      rankingSettings.flatMap { $0.towers == .own ? [$0.queryTower, $0.candidateTower] : nil },
    ] { try Self.check(towers ?? [], features: features) }
    if let storedShape {
      let scopes = [
        ("retrieval", retrievalSettings.map { [$0.queryTower, $0.candidateTower] }),
        ("ranking", rankingSettings.flatMap { $0.towers == .own ? [$0.queryTower, $0.candidateTower] : nil }),
      ]
      for (scope, towers) in scopes {
        for input in (towers ?? []).flatMap(\.features) { try input.checkTable(features, scope: scope, storedShape) }
      }
    }
    var tables: [String: Parameter] = [:]
    retrieval = try retrievalSettings.map {
      try RetrievalModel(
        settings: $0, features: features, trainingCounts: data.trainingCounts, history: data.trainingHistory,
        tables: &tables, seed: seed)
    }
    matrixFactorization = settings.matrixFactorization.map {
      MatrixFactorizationModel(settings: $0, userCount: data.userCount, itemCount: data.itemCount, seed: seed)
    }
    guard let rankingSettings else {
      ranking = nil
      rankingWithPairs = nil
      return
    }
    let labelScale = RankingModel.LabelScale(labels: data.training.labels)
    let shared = rankingSettings.towers == .shared ? retrieval : nil
    func model(scope: String, pairColumns: [Int]) throws -> RankingModel {
      var tables: [String: Parameter] = [:]
      let query =
        shared?.queryTower
        ?? Tower(
          name: "query", scope: scope, settings: rankingSettings.queryTower, features: features, tables: &tables,
          seed: seed)
      let candidate =
        shared?.candidateTower
        ?? Tower(
          name: "candidate", scope: scope, settings: rankingSettings.candidateTower, features: features,
          tables: &tables,
          seed: seed)
      if rankingSettings.head == .dot && query.outputSize != candidate.outputSize {
        throw TowerError.widths(query: query.outputSize, candidate: candidate.outputSize)
      }
      return RankingModel(
        scope: scope, settings: rankingSettings, queryTower: query, candidateTower: candidate,
        trainsTowers: shared == nil || trainsSharedTowers, pairColumns: pairColumns, labelScale: labelScale,
        seed: seed)
    }
    ranking = try model(scope: "ranking", pairColumns: data.pairFeatures?.contextColumns ?? [])
    rankingWithPairs = try data.pairFeatures.map {
      try model(scope: "ranking-with-pairs", pairColumns: Array(0..<$0.width))
    }
  }

  /// Refuses what towers take for granted and a damaged run may lack: every input, and one size of shared tables.
  private static func check(_ towers: [TowerSettings], features: [String: Feature]) throws(TowerError) {
    var sizes: [String: Int] = [:]
    for input in towers.flatMap(\.features) {
      guard let feature = features[input.feature.rawValue] else { throw .missingFeature(input.feature.rawValue) }
      guard let size = feature.entity.vocabularySize else { continue }
      let known = sizes[input.tableName, default: size]
      guard known == size else { throw .tableSizes(table: input.tableName, known, size) }
      sizes[input.tableName] = size
    }
  }

  /// Every parameter once, in a fixed order.
  package var parameters: [Parameter] {
    uniqueParameters(
      (retrieval?.parameters ?? []) + (matrixFactorization?.parameters ?? []) + (ranking?.parameters ?? [])
        + (rankingWithPairs?.parameters ?? []))
  }

  /// The trained model that retrieves, as it stands; nil without one.
  ///
  /// - Parameter baseline: what was fitted beside the towers; a blend then has them as a member.
  package func recommender(on data: TowerData, beside baseline: (any Recommender)? = nil) -> (any Recommender)? {
    if let retrieval {
      let towers = TwoTowerRecommender(trained: retrieval, data: data)
      guard let blend = baseline as? BaselineRecommender<Blend> else { return towers }
      return TowersBlend(towers: towers, others: blend)
    }
    if let baseline { return baseline }
    return matrixFactorization.map { MatrixFactorizationRecommender(trained: $0, data: data) }
  }
}
