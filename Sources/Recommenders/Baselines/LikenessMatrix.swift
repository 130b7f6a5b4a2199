import Foundation
import TwoTowerKernels

/// How alike items are by the users that have both: Σ over users v of x_vi · x_vj / (d_v^b · (n_i · n_j)^a).
///
/// x are the interactions, n_i = Σ_v x_vi² and d_v = Σ_i x_vi²; the exponents a of items and b of users are settings. For
/// a = 1/2 and b = 0 it is the cosine of two columns; a lower a leaves more to popularity, a b above 0 counts users with
/// much less. An item is not alike to itself.
struct LikenessMatrix: Sendable {
  /// y_vi = x_vi / (d_v^(b / 2) · n_i^a) by users: likenesses are products of its columns.
  private let byUser: SparseRows
  private let byItem: SparseRows
  /// Σ_v y_vi², what is left out of each item's row.
  private let diagonal: [Float]
  /// d_v^(b / 2).
  let userScales: [Float]
  /// n_i^a.
  let itemScales: [Float]

  init(_ interactions: InteractionMatrix, _ settings: ItemNeighbors.Settings) {
    self.init(
      interactions,
      userScales: squaredNorms(interactions.byUser).map { Float(pow($0, Double(settings.userExponent) / 2)) },
      itemScales: squaredNorms(interactions.byItem).map { Float(pow($0, Double(settings.itemExponent))) })
  }

  /// - Precondition: one scale for each user, and for each item, of the interactions.
  init(_ interactions: InteractionMatrix, userScales: [Float], itemScales: [Float]) {
    let byUser = interactions.byUser
    precondition(
      userScales.count == byUser.rowCount && itemScales.count == interactions.itemCount,
      "LikenessMatrix: \(userScales.count) users and \(itemScales.count) items for others")
    (self.userScales, self.itemScales) = (userScales, itemScales)
    var weights = byUser.weights
    for user in 0..<byUser.rowCount {
      for entry in byUser.range(of: user) {
        let scale = userScales[user] * itemScales[Int(byUser.indices[entry])]
        // Where squares underflow to 0 there is no likeness.
        weights[entry] = scale > 0 ? weights[entry] / scale : 0
      }
    }
    self.byUser = byUser.withWeights(weights)
    self.byItem = self.byUser.transposed(rowCount: interactions.itemCount)
    diagonal = squaredNorms(self.byItem).map { Float($0) }
  }

  var fittedUserCount: Int { byUser.rowCount }
  private var itemCount: Int { byItem.rowCount }

  /// Adds Σ over the items j of a row of `weight_j · likeness(i, j)` for each candidate i.
  ///
  /// - Parameter scratch: `[fittedUserCount]` zeros, and so afterwards.
  func add(
    _ histories: SparseRows, row: Int, candidates: Range<Int>, into scores: inout MutableSpan<Float>,
    scratch sums: inout [Float]
  ) {
    var touched: [Int32] = []
    for entry in histories.range(of: row) {
      let weight = histories.weights[entry]
      for other in byItem.range(of: Int(histories.indices[entry])) {
        let user = byItem.indices[other]
        if sums[Int(user)] == 0 { touched.append(user) }
        sums[Int(user)] += weight * byItem.weights[other]
      }
    }
    let isWhole = candidates.count == itemCount
    for user in touched {
      let sum = sums[Int(user)]
      sums[Int(user)] = 0
      for entry in isWhole ? byUser.range(of: Int(user)) : byUser.entries(of: Int(user), in: candidates) {
        scores[Int(byUser.indices[entry]) - candidates.lowerBound] += sum * byUser.weights[entry]
      }
    }
    for entry in histories.range(of: row) {
      let item = Int(histories.indices[entry])
      guard candidates.contains(item) else { continue }
      // The rest of a sum of positive numbers: rounding must not leave less than nothing.
      let rest = scores[item - candidates.lowerBound] - histories.weights[entry] * diagonal[item]
      scores[item - candidates.lowerBound] = max(0, rest)
    }
  }

  /// Each item's `count` most alike, ascending by index.
  ///
  /// - Parameter shrinkage: added to the denominator (n_i · n_j)^a.
  /// - Throws: `BaselineError.tooManyEntries`.
  func nearestItems(_ count: Int, shrinkage: Float) throws(BaselineError) -> SparseRows {
    let size = 256
    let results = ChunkResults<SparseRows>(count: (itemCount + size - 1) / size)
    parallelForEach(count: itemCount, chunkSize: size) { items in
      var products = ColumnProducts(byUser, byItem)
      var rows = SparseRows()
      for item in items {
        let others = products.nonZero(with: item)
        let likeness = FloatBuffer(
          others.map { other in
            let scale = itemScales[item] * itemScales[Int(other.index)]
            return shrinkage == 0 ? other.score : other.score * (scale / (scale + shrinkage))
          })
        let best = topK(likeness.span, k: count).filter { $0.score > 0 }
        for position in best.sorted(by: { $0.index < $1.index }) {
          rows.append(others[Int(position.index)].index, weight: position.score)
        }
        rows.endRow()
      }
      results[items.lowerBound / size] = rows
    }
    let parts = results.inOrder
    try BaselineError.checkEntries(parts.reduce(0) { $0 + $1.indices.count }, advice: "lower neighbors")
    return SparseRows.joining(parts)
  }
}

/// The sum of squares of each row.
private func squaredNorms(_ rows: SparseRows) -> [Double] {
  (0..<rows.rowCount).map { row in
    rows.range(of: row).reduce(0) { $0 + Double(rows.weights[$1]) * Double(rows.weights[$1]) }
  }
}

/// Inner products of one column with all others, summed in Double, without those that are 0.
private struct ColumnProducts {
  private let byUser, byItem: SparseRows
  private var sums: [Double]

  init(_ byUser: SparseRows, _ byItem: SparseRows) {
    self.byUser = byUser
    self.byItem = byItem
    sums = [Double](repeating: 0, count: byItem.rowCount)
  }

  /// Ascending by index, `item` itself left out.
  mutating func nonZero(with item: Int) -> [ScoredIndex] {
    var touched: [Int32] = []
    for entry in byItem.range(of: item) {
      let weight = Double(byItem.weights[entry])
      guard weight != 0 else { continue }
      for other in byUser.range(of: Int(byItem.indices[entry])) where byUser.weights[other] != 0 {
        let index = Int(byUser.indices[other])
        if sums[index] == 0 { touched.append(Int32(index)) }
        sums[index] += weight * Double(byUser.weights[other])
      }
    }
    touched.sort()
    var products: [ScoredIndex] = []
    products.reserveCapacity(touched.count)
    for index in touched {
      if Int(index) != item { products.append(ScoredIndex(index: index, score: Float(sums[Int(index)]))) }
      sums[Int(index)] = 0
    }
    return products
  }
}
