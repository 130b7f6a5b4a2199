import Foundation
import TwoTowerKernels

/// How alike items are by who has them: the correlation of their columns in the matrix of users and items.
///
/// Unlike a cosine of the columns, a correlation takes out how popular both are. Users weigh n^-½ for the n items that
/// they have, and few users in common prove little: c of them pull the correlation towards 0 by c / (c + 5).
package struct ItemCorrelation: Sendable {
  private static let shrinkage = 5.0

  private let byUser: IndexLists
  private let byItem: IndexLists
  /// n^-½ of each user; 0 for those who have nothing.
  private let userWeights: [Double]
  private let totalWeight: Double
  /// The weights of the users who have each item, added up.
  private let itemWeights: [Double]

  /// - Parameter histories: what each user has, ascending.
  package init(_ histories: IndexLists, itemCount: Int) {
    byUser = histories
    byItem = SparseRows(histories).transposed(rowCount: itemCount).lists
    let userWeights = (0..<histories.count).map { user in
      let count = histories.range(of: user).count
      return count > 0 ? 1 / Double(count).squareRoot() : 0
    }
    self.userWeights = userWeights
    totalWeight = userWeights.reduce(0, +)
    let byItem = byItem
    itemWeights = (0..<itemCount).map { item in byItem[item].reduce(0) { $0 + userWeights[Int($1)] } }
  }

  /// The correlation of `item` with every item, from −1 to 1; 0 where no user has both.
  package func correlations(with item: Int) -> [Float] {
    var shared = [Double](repeating: 0, count: byItem.count)
    var users = [Int32](repeating: 0, count: byItem.count)
    for user in byItem[item] {
      let weight = userWeights[Int(user)]
      for other in byUser[Int(user)] {
        shared[Int(other)] += weight
        users[Int(other)] += 1
      }
    }
    return shared.indices.map { other in
      let variances = variance(of: item) * variance(of: other)
      guard users[other] > 0, variances > 0 else { return 0 }
      let covariance = shared[other] - itemWeights[item] * itemWeights[other] / totalWeight
      let trust = Double(users[other]) / (Double(users[other]) + Self.shrinkage)
      return Float(covariance / variances.squareRoot() * trust)
    }
  }

  private func variance(of item: Int) -> Double {
    itemWeights[item] - itemWeights[item] * itemWeights[item] / totalWeight
  }
}
