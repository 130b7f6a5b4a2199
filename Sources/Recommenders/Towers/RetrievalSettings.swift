import Foundation
import TwoTowerAutodiff
import TwoTowerFeatures

/// The retrieval task: two towers trained with a softmax over candidates.
package struct RetrievalSettings: Sendable, Codable, Equatable {
  package enum Similarity: String, Sendable, Codable, CaseIterable { case dot, cosine }

  package enum Loss: String, Sendable, Codable, CaseIterable {
    /// Against the other candidates of the batch.
    case inBatchSoftmax = "in-batch-softmax"
    /// Against the whole catalogue.
    case fullSoftmax = "full-softmax"
    /// Users with all that they have, against the whole catalogue: a step takes users, not rows.
    case userSoftmax = "user-softmax"
    /// Against candidates drawn at random, pair by pair: Bayesian personalised ranking (Rendle et al., UAI 2009).
    case pairwise = "bpr"
  }

  /// What negatives of the pairwise loss are drawn by.
  package enum Negatives: String, Sendable, Codable, CaseIterable {
    /// Every candidate alike.
    case uniform
    /// Candidates by their share of the training rows.
    case popularity
  }

  package enum Mask: String, Sendable, Codable, CaseIterable {
    /// Every other candidate of the batch counts as a negative, even the positive itself seen again.
    case nothing = "none"
    /// Accidental hits are no negatives: other rows of the batch with the same candidate.
    case item
    /// Nor is anything else that the row's user has in the training rows.
    case history
  }

  /// Where the embeddings of identifiers start.
  package enum Start: String, Sendable, Codable, CaseIterable {
    case random
    /// From a factorisation of the training rows.
    case implicitALS = "implicit-als"
  }

  package var queryTower = TowerSettings()
  package var candidateTower = TowerSettings()
  package var similarity = Similarity.dot
  /// Scores are divided by it before the softmax.
  package var temperature: Float = 1
  package var loss = Loss.inBatchSoftmax
  package var start = Start.random
  /// Steps over the graph of who has what whose embeddings are added to those of identifiers; 0 for none.
  package var propagationHops = 0
  package var reduction = Reduction.mean
  /// Whether the log of a candidate's share of the training rows is subtracted from its score (Yi et al., RecSys 2019).
  package var samplingCorrection = true
  package var mask = Mask.item
  /// β: β · log(rows of the candidate + 1) is added to its score over the temperature, in training and in serving.
  package var popularityWeight: Float = 0
  /// What popularity is multiplied by in serving: γ / β.
  package var servedPopularity: Float = 1
  /// e: a user with n items has the temperature times n^e.
  package var userTemperatureExponent: Float = 0
  /// e: in `userSoftmax` a user with n items weighs n^−e for each.
  package var userWeightExponent: Float = 0
  /// t: in `userSoftmax`, the weight of the negatives beside that of the positives.
  package var negativeWeight: Float = 1
  /// Items drawn in each step from the whole catalogue: in `userSoftmax` to stand for those that no user of the batch
  /// has, 0 takes all; in `inBatchSoftmax` to compare with beside the batch's.
  package var catalogueSample = 0
  /// How the pairwise loss draws negatives; what the user has in the training rows is drawn again.
  package var negatives = Negatives.uniform
  /// Negatives of the pairwise loss for each training row.
  package var negativeCount = 1

  enum CodingKeys: String, CodingKey {
    case similarity, temperature, loss, start, reduction, mask, negatives
    case negativeCount = "negative-count"
    case propagationHops = "propagation-hops"
    case catalogueSample = "catalogue-sample"
    case popularityWeight = "popularity-weight"
    case servedPopularity = "served-popularity"
    case userTemperatureExponent = "user-temperature-exponent"
    case userWeightExponent = "user-weight-exponent"
    case negativeWeight = "negative-weight"
    case queryTower = "query-tower"
    case candidateTower = "candidate-tower"
    case samplingCorrection = "sampling-correction"
  }

  package init() {}

  /// What the vector of a user with so many items is multiplied by: 1 over what they add to the temperature.
  func queryScale(itemCount: Int) -> Float {
    userTemperatureExponent == 0 ? 1 : pow(Float(max(1, itemCount)), -userTemperatureExponent)
  }
}
