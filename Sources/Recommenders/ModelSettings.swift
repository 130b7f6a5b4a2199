/// Which models a run has and how they are set, apart from how they are trained: enough to load and ask them.
package struct ModelSettings: Sendable, Codable, Equatable {
  package var retrieval: RetrievalSettings?
  package var matrixFactorization: MatrixFactorizationSettings?
  package var baseline: BaselineSettings?
  package var ranking: RankingSettings?
  /// Whether shared towers learn from the ranking task too.
  package var trainsSharedTowers = false
  package var seed: UInt64 = 1
  /// By what lists are reranked, learnt while the run was fitted; nil for a run that did not learn it.
  package var reranker: Reranker?

  enum CodingKeys: String, CodingKey {
    case retrieval, baseline, ranking, seed, reranker
    case matrixFactorization = "matrix-factorization"
    case trainsSharedTowers = "trains-shared-towers"
  }

  package init() {}

  /// The kind of the model that retrieves; nil without one.
  package var recommenderKind: String? {
    if retrieval != nil { return baseline == nil ? TwoTowerRecommender.kind : TowersBlend.kind }
    if matrixFactorization != nil { return MatrixFactorizationRecommender.kind }
    return baseline?.kind
  }

  /// Whether the scores of the model are the dot products of the vectors that a run keeps.
  package var scoresByVectors: Bool { recommenderKind != TowersBlend.kind }

  /// The type of the model that retrieves; nil without one.
  package var recommenderType: (any Recommender.Type)? { recommenderTypes.first { $0.kind == recommenderKind } }
}
