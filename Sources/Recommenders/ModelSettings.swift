/// Which models a run has and how they are set, apart from how they are trained: enough to load and ask them.
public struct ModelSettings: Sendable, Codable, Equatable {
  public var retrieval: RetrievalSettings?
  public var matrixFactorization: MatrixFactorizationSettings?
  public var baseline: BaselineSettings?
  public var ranking: RankingSettings?
  /// Whether shared towers learn from the ranking task too.
  public var trainsSharedTowers = false
  public var seed: UInt64 = 1

  enum CodingKeys: String, CodingKey {
    case retrieval, baseline, ranking, seed
    case matrixFactorization = "matrix-factorization"
    case trainsSharedTowers = "trains-shared-towers"
  }

  public init() {}

  /// The kind of the model that retrieves; nil without one.
  public var recommenderKind: String? {
    if retrieval != nil { return TwoTowerRecommender.kind }
    if matrixFactorization != nil { return MatrixFactorizationRecommender.kind }
    return baseline?.kind
  }

  /// The type of the model that retrieves; nil without one.
  public var recommenderType: (any Recommender.Type)? { recommenderTypes.first { $0.kind == recommenderKind } }
}
