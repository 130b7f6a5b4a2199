import TwoTowerAutodiff
import TwoTowerFeatures

/// Two towers as a member of a blend: the weighted sum of their scores and those of models that need no gradient
/// descent, each in units of its spread.
///
/// The scores are no dot products; the towers' vectors still tell what is alike.
package struct TowersBlend: Recommender {
  package static let kind = "blend-with-towers"

  private let towers: TwoTowerRecommender
  private let others: BaselineRecommender<Blend>
  private let weights: [Float]
  private let blended: BlendScorer
  package let parameterCount: Int

  /// - Parameter others: a blend whose settings give the towers a weight.
  package init(towers: TwoTowerRecommender, others: BaselineRecommender<Blend>) {
    self.init(
      towers: towers, others: others, spreads: nil, parameterCount: towers.parameterCount + others.parameterCount)
  }

  private init(
    towers: TwoTowerRecommender, others: BaselineRecommender<Blend>, spreads: [Float]?, parameterCount: Int
  ) {
    let blend = others.model
    (self.towers, self.others, self.parameterCount) = (towers, others, parameterCount)
    weights = [blend.towersWeight] + blend.weights
    blended = BlendScorer(
      [towers.scorer] + blend.members, weights: weights,
      spreads: [spreads ?? scoreSpreads(of: towers.scorer)] + blend.spreads)
  }

  package init(loading source: any RecommenderSource) throws {
    self.init(
      towers: try TwoTowerRecommender(loading: source), others: try BaselineRecommender<Blend>(loading: source),
      spreads: try source.floats("towers/spreads", shape: [source.userCount]).array,
      parameterCount: source.parameterCount)
  }

  package var userCount: Int { towers.userCount }
  package var itemCount: Int { towers.itemCount }
  package var scorer: any CandidateScorer { blended }
  package var inputsBesideHistory: [FeatureName] { towers.inputsBesideHistory }
  package var directions: RetrievalVectors? { towers.directions }
  package var tensors: [String: StoredArray] {
    others.tensors.merging(["towers/spreads": StoredArray(blended.spreads[0])]) { $1 }
  }

  package func scorer(for people: EncodedPeople) throws -> any CandidateScorer {
    let histories = others.weights.histories(of: people)
    return BlendScorer(
      [try towers.scorer(for: people)] + (try others.model.members.map { try $0.scorer(of: histories) }),
      weights: weights)
  }

  package func directions(of people: EncodedPeople) throws -> Tensor? { try towers.vectors(of: people) }

  package func storedVectors(foldingIn given: EncodedPeople) throws -> RetrievalVectors? {
    try towers.vectors(foldingIn: given)
  }
}
