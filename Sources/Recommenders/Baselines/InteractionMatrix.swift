import TwoTowerFeatures
import TwoTowerKernels

/// The sparse matrix of training interactions, `[userCount, itemCount]`, by users and by items.
package struct InteractionMatrix: Sendable {
  package let itemCount: Int
  /// Row `user` has the user's items, ascending.
  package let byUser: SparseRows
  /// Row `item` has the item's users, ascending: the transpose.
  package let byItem: SparseRows

  /// - Parameters:
  ///   - users: the user of each row.
  ///   - items: the item beside it.
  ///   - weights: how much; nil for 1 each. The weights of a pair that occurs more than once are added; without weights
  ///     it counts once.
  /// - Precondition: columns of equal length, users in 0..<userCount, items in 0..<itemCount, weights finite and not
  ///   negative.
  package init(userCount: Int, itemCount: Int, users: [Int32], items: [Int32], weights: [Float]? = nil) {
    precondition(
      users.count == items.count && weights.map { $0.count == users.count } ?? true,
      "InteractionMatrix: \(users.count) users, \(items.count) items, \(weights?.count ?? users.count) weights")
    precondition(
      users.allSatisfy { $0 >= 0 && $0 < userCount } && items.allSatisfy { $0 >= 0 && $0 < itemCount },
      "InteractionMatrix: a user is not in 0..<\(userCount) or an item is not in 0..<\(itemCount)")
    precondition(
      weights?.allSatisfy { $0 >= 0 && $0.isFinite } ?? true,
      "InteractionMatrix: a weight is negative or not finite")
    self.itemCount = itemCount
    let sums = SparseRows(summing: users, indices: items, weights: weights, rowCount: userCount, indexCount: itemCount)
    byUser = weights == nil ? sums.withWeights() : sums
    byItem = byUser.transposed(rowCount: itemCount)
  }

  package var userCount: Int { byUser.rowCount }
  /// The number of pairs.
  package var count: Int { byUser.indices.count }
}
