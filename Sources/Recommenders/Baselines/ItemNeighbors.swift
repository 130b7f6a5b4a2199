import TwoTowerFeatures
import TwoTowerKernels

/// Item-based k-nearest neighbours (Sarwar, Karypis, Konstan, Riedl, "Item-based collaborative filtering recommendation
/// algorithms", WWW 2001).
///
/// Two items are as alike as their columns of the interactions: cosine ⟨i, j⟩ / (‖i‖ ‖j‖ + shrinkage). Each item keeps
/// the `k` most alike. A user's score for a candidate is the sum of the likenesses of those of its neighbours that the
/// user has, times the user's weights.
package struct ItemNeighbors: Baseline {
  package static let kind = "item-neighbors"

  package struct Settings: BaselineKindSettings {
    /// How many neighbours an item keeps.
    package var k = 200
    /// Pulls the likeness of items that few users share towards 0.
    package var shrinkage: Float = 10

    enum CodingKeys: String, CodingKey {
      case k = "neighbors"
      case shrinkage
    }

    package init() {}

    package init(k: Int, shrinkage: Float = 10) {
      self.k = k
      self.shrinkage = shrinkage
    }

    package func check() throws(BaselineError) {
      try BaselineError.check("neighbors", k, expected: "at least 1", k >= 1)
      try BaselineError.check(
        "shrinkage", shrinkage, expected: "a finite number, at least 0", shrinkage >= 0 && shrinkage.isFinite)
    }
  }

  /// Row `item` has its nearest items, ascending by index; their weight is their likeness.
  package let neighbors: SparseRows
  /// The transpose: row `item` has the candidates that it speaks for.
  private let candidatesByItem: SparseRows
  /// What each user has.
  private let histories: SparseRows

  /// - Throws: `BaselineError.setting`.
  package init(fitting interactions: InteractionMatrix, settings: Settings = Settings()) throws(BaselineError) {
    try settings.check()
    let neighbors = try nearestItems(interactions, settings: settings)
    self.init(neighbors: neighbors, histories: interactions.byUser)
  }

  /// A model that was fitted before.
  ///
  /// - Parameters:
  ///   - neighbors: row `item` has its nearest items, ascending by index.
  ///   - histories: what each user has.
  /// - Precondition: the indices of both are rows of `neighbors`.
  package init(neighbors: SparseRows, histories: SparseRows) {
    neighbors.checkIndices(below: neighbors.rowCount, "ItemNeighbors")
    histories.checkIndices(below: neighbors.rowCount, "ItemNeighbors")
    self.init(
      neighbors: neighbors, candidatesByItem: neighbors.transposed(rowCount: neighbors.rowCount), histories: histories)
  }

  private init(neighbors: SparseRows, candidatesByItem: SparseRows, histories: SparseRows) {
    self.neighbors = neighbors
    self.candidatesByItem = candidatesByItem
    self.histories = histories
  }

  package var userCount: Int { histories.rowCount }
  package var candidateCount: Int { neighbors.rowCount }

  package func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    checkBlock(users, candidates, scoreCount: scores.count)
    for position in 0..<scores.count { scores[position] = 0 }
    for (row, user) in users.enumerated() {
      let start = row * candidates.count - candidates.lowerBound
      for entry in histories.range(of: user) {
        let weight = histories.weights[entry]
        for spoken in candidatesByItem.entries(of: Int(histories.indices[entry]), in: candidates) {
          scores[start + Int(candidatesByItem.indices[spoken])] += weight * candidatesByItem.weights[spoken]
        }
      }
    }
  }

  package func scorer(of histories: SparseRows) -> any CandidateScorer {
    histories.checkIndices(below: candidateCount, "ItemNeighbors.scorer")
    return ItemNeighbors(neighbors: neighbors, candidatesByItem: candidatesByItem, histories: histories)
  }
}

private func nearestItems(
  _ interactions: InteractionMatrix, settings: ItemNeighbors.Settings
) throws(BaselineError) -> SparseRows {
  let byItem = interactions.byItem
  let norms = (0..<interactions.itemCount).map { item in
    Float(byItem.weights[byItem.range(of: item)].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
  }
  let size = 256
  let results = ChunkResults<SparseRows>(count: (interactions.itemCount + size - 1) / size)
  parallelForEach(count: interactions.itemCount, chunkSize: size) { items in
    var products = ItemProducts(interactions)
    var rows = SparseRows()
    for item in items {
      let others = products.nonZero(with: item)
      // Where norms underflow to 0 there is no angle: nothing is alike.
      let likeness = FloatBuffer(
        others.map { other in
          let scale = norms[item] * norms[Int(other.index)] + settings.shrinkage
          return scale > 0 ? other.score / scale : 0
        })
      let best = topK(likeness.span, k: settings.k).filter { $0.score > 0 }
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

/// Inner products of one item's column with all others', summed in Double, without those that are 0.
private struct ItemProducts {
  private let interactions: InteractionMatrix
  private var sums: [Double]
  private var isTouched: [Bool]

  init(_ interactions: InteractionMatrix) {
    self.interactions = interactions
    sums = [Double](repeating: 0, count: interactions.itemCount)
    isTouched = [Bool](repeating: false, count: interactions.itemCount)
  }

  /// Ascending by index, `item` itself left out.
  mutating func nonZero(with item: Int) -> [ScoredIndex] {
    let (byUser, byItem) = (interactions.byUser, interactions.byItem)
    var touched: [Int32] = []
    for entry in byItem.range(of: item) {
      let weight = Double(byItem.weights[entry])
      for other in byUser.range(of: Int(byItem.indices[entry])) {
        let index = Int(byUser.indices[other])
        if !isTouched[index] {
          isTouched[index] = true
          touched.append(Int32(index))
        }
        sums[index] += weight * Double(byUser.weights[other])
      }
    }
    touched.sort()
    var products: [ScoredIndex] = []
    products.reserveCapacity(touched.count)
    for index in touched {
      if Int(index) != item { products.append(ScoredIndex(index: index, score: Float(sums[Int(index)]))) }
      sums[Int(index)] = 0
      isTouched[Int(index)] = false
    }
    return products
  }
}

extension ItemNeighbors {
  package init(
    fitting interactions: InteractionMatrix, settings: Settings, seed: UInt64,
    progress: (_ done: Int, _ count: Int) throws -> Void
  ) throws {
    try self.init(fitting: interactions, settings: settings)
  }

  package var parameterCount: Int { neighbors.weights.count }

  package var tensors: [String: StoredArray] {
    [
      "baseline/neighbor-offsets": .integers(neighbors.offsets),
      "baseline/neighbor-items": .integers(neighbors.indices),
      "baseline/neighbor-likeness": StoredArray(neighbors.weights),
    ]
  }

  package init(
    loading source: any RecommenderSource, settings: Settings, interactions: () throws -> InteractionMatrix
  ) throws {
    let neighbors = try source.sparseRows(
      offsets: "baseline/neighbor-offsets", indices: "baseline/neighbor-items", weights: "baseline/neighbor-likeness",
      rowCount: source.itemCount, indexCount: source.itemCount)
    self.init(neighbors: neighbors, histories: try interactions().byUser)
  }
}
