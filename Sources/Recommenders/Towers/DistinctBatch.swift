import Foundation
import TwoTowerAutodiff
import TwoTowerKernels

/// The in-batch softmax of a batch in which users and items come several times, each computed once.
///
/// Where a tower gives every row of an entity the same vector and nothing is masked, all rows of a user share one
/// softmax, and all columns of an item one logit that counts as often as the item stands in the batch (its logit
/// raised by the log of that number). The loss and its gradients are those of the whole batch:
///
/// Σᵢ (lse(uᵢ) − l(uᵢ, jᵢ)) = Σᵤ nᵤ (lse(u) − l(u, pᵤ)) + Σᵤ nᵤ l(u, pᵤ) − Σᵢ l(uᵢ, jᵢ),
///
/// where u runs over the distinct users, nᵤ counts their rows and pᵤ is any of their items: the first sum is a softmax
/// over distinct users and items, the rest is linear in the logits of the batch's pairs.
struct DistinctBatch {
  private let users: [Int32]
  private let items: [Int32]
  /// Where the user and the item of each row stand among the distinct ones.
  private let userPlaces: [Int32]
  private let itemPlaces: [Int32]

  init(users: [Int32], items: [Int32], userCount: Int, itemCount: Int) {
    (self.users, userPlaces) = BatchRows(entities: users).distinctEntities(entityCount: userCount)
    (self.items, itemPlaces) = BatchRows(entities: items).distinctEntities(entityCount: itemCount)
  }

  /// The loss of the batch, a scalar.
  ///
  /// - Parameters:
  ///   - itemCorrections: by item, added to its logits; empty for none.
  ///   - queries, candidates: give the vectors of distinct users and items.
  func loss(
    scale: Float, itemCorrections: [Float], reduction: Reduction,
    queries: (BatchRows) -> Variable, candidates: (BatchRows) -> Variable
  ) -> Variable {
    let queryVectors = queries(BatchRows(entities: users))
    let candidateVectors = candidates(BatchRows(entities: items))

    var rowsOfUser = [Float](repeating: 0, count: users.count)
    var rowsOfItem = [Float](repeating: 0, count: items.count)
    var pivots = [Int32](repeating: -1, count: users.count)
    for (user, item) in zip(userPlaces, itemPlaces) {
      rowsOfUser[Int(user)] += 1
      rowsOfItem[Int(item)] += 1
      if pivots[Int(user)] < 0 { pivots[Int(user)] = item }
    }
    let corrections = items.map { itemCorrections.isEmpty ? 0 : itemCorrections[Int($0)] }
    var softmax = RetrievalSoftmax(
      positiveColumns: pivots, candidateCount: items.count, dimension: queryVectors.shape[1])
    softmax.scale = scale
    softmax.rowWeights = rowsOfUser
    softmax.corrections = zip(corrections, rowsOfItem).map { $0 + Float(log(Double($1))) }

    // The linear part: −1 for every row, and the user's number of rows for the pivot.
    var weights = [Float](repeating: -1, count: userPlaces.count)
    var constant = 0.0
    var isFirst = [Bool](repeating: true, count: users.count)
    for row in weights.indices {
      let (user, item) = (Int(userPlaces[row]), Int(itemPlaces[row]))
      constant -= Double(corrections[item])
      guard isFirst[user] else { continue }
      isFirst[user] = false
      weights[row] += rowsOfUser[user]
      constant += Double(rowsOfUser[user]) * Double(softmax.corrections[item])
    }
    let total = retrievalSoftmax(
      queries: queryVectors, candidates: candidateVectors, problem: softmax,
      adding: LinearLogitTerms(rows: userPlaces, columns: itemPlaces, weights: weights, constant: constant),
      reduction: .sum)
    return reduction == .sum ? total : (1 / Float(max(1, userPlaces.count))) * total
  }
}
