import Foundation
import TwoTowerAutodiff
import TwoTowerKernels

/// The softmax over the whole catalogue of users with all that they have, each user's vector compared once.
///
/// For user u with items P, the loss is w · (t · |P| · lse − Σ over P of the logits), the multinomial likelihood of what
/// they have (Liang et al., "Variational autoencoders for collaborative filtering", WWW 2018, equation 2) for t = 1. The
/// weight t of the negatives above 1 is the bilateral softmax's (Wu et al., "BSL: Understanding and improving softmax
/// loss for recommendation", ICDE 2024). Users weigh w = |P|^−e.
struct UserSoftmax {
  /// What each user has, ascending.
  let histories: IndexLists
  /// What logits are multiplied with: 1 / temperature.
  let scale: Float
  /// e.
  let userWeightExponent: Float
  /// t.
  let negativeWeight: Float

  /// The loss of `users`, a scalar; users without items add nothing.
  ///
  /// The mean is over what the users have, weighed.
  ///
  /// - Parameters:
  ///   - queries: `[users.count, dimension]`.
  ///   - candidates: `[columns.count, dimension]`.
  ///   - catalogue: which items these are, all of the users' among them.
  func loss(
    users: [Int32], queries: Variable, candidates: Variable, catalogue: SoftmaxCatalogue, reduction: Reduction
  ) -> Variable {
    var pivots: [Int32] = []
    var rowWeights: [Float] = []
    var (rows, columns, weights): ([Int32], [Int32], [Float]) = ([], [], [])
    var constant = 0.0
    var total = 0.0
    let corrections = catalogue.corrections
    func correction(_ column: Int32) -> Double { corrections.isEmpty ? 0 : Double(corrections[Int(column)]) }
    for (row, user) in users.enumerated() {
      let items = histories[Int(user)].map { catalogue.column(of: $0) }
      let count = Float(items.count)
      let weight = items.isEmpty ? 0 : pow(count, -userWeightExponent)
      let pivot = items.first ?? 0
      pivots.append(pivot)
      rowWeights.append(weight * negativeWeight * count)
      total += Double(weight * count)
      // The kernel subtracts the pivot's logit as often as the row weighs: that is given back.
      if !items.isEmpty {
        rows.append(Int32(row))
        columns.append(pivot)
        weights.append(rowWeights[row])
        constant += Double(rowWeights[row]) * correction(pivot)
      }
      for item in items {
        rows.append(Int32(row))
        columns.append(item)
        weights.append(-weight)
        constant -= Double(weight) * correction(item)
      }
    }
    var softmax = RetrievalSoftmax(
      positiveColumns: pivots, candidateCount: candidates.shape[0], dimension: queries.shape[1])
    softmax.scale = scale
    softmax.rowWeights = rowWeights
    softmax.corrections = corrections
    let sum = retrievalSoftmax(
      queries: queries, candidates: candidates, problem: softmax,
      adding: LinearLogitTerms(rows: rows, columns: columns, weights: weights, constant: constant), reduction: .sum)
    return reduction == .sum ? sum : (total > 0 ? 1 / Float(total) : 0) * sum
  }
}
