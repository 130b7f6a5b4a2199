import TwoTowerFeatures
import TwoTowerKernels

/// Item-based nearest neighbours (Sarwar, Karypis, Konstan, Riedl, "Item-based collaborative filtering recommendation
/// algorithms", WWW 2001).
///
/// A user's score for a candidate is the sum of its likenesses to the items that the user has, times the user's weights.
/// Likenesses are those of `LikenessMatrix`, whose exponents weigh popular items and busy users. All count, or of each
/// item's those to its `neighbors` nearest.
package struct ItemNeighbors: Baseline {
  package static let kind = "item-neighbors"

  package struct Settings: BaselineKindSettings {
    /// How many neighbours an item keeps; 0 for all.
    package var neighbors = 0
    /// The power of popularity that a likeness is divided by, for each of the two items.
    package var itemExponent: Float = 0.4
    /// The power of a user's number of items that what they add to a likeness is divided by.
    package var userExponent: Float = 0.5
    /// Pulls the likeness of items that few users share towards 0.
    package var shrinkage: Float = 0

    enum CodingKeys: String, CodingKey {
      case neighbors, shrinkage
      case itemExponent = "item-exponent"
      case userExponent = "user-exponent"
    }

    package static let searchAxes = [
      SearchAxis("item-exponent", \Settings.itemExponent, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
      SearchAxis("user-exponent", \Settings.userExponent, [0, 0.5, 1, 1.5]),
    ]

    package init() {}

    package init(neighbors: Int, itemExponent: Float = 0.4, userExponent: Float = 0.5, shrinkage: Float = 0) {
      self.neighbors = neighbors
      self.itemExponent = itemExponent
      self.userExponent = userExponent
      self.shrinkage = shrinkage
    }

    package func check() throws(BaselineError) {
      try BaselineError.check("neighbors", neighbors, expected: "at least 1, or 0 for all", neighbors >= 0)
      for (name, value) in [("item-exponent", itemExponent), ("user-exponent", userExponent)] {
        try BaselineError.check(name, value, expected: "0 to 2", (0...2).contains(value))
      }
      try BaselineError.check(
        "shrinkage", shrinkage, expected: "a finite number, at least 0", shrinkage >= 0 && shrinkage.isFinite)
      try BaselineError.check(
        "shrinkage", shrinkage, expected: "0, as it needs a number of neighbors", neighbors > 0 || shrinkage == 0)
    }
  }

  private enum Likeness {
    /// Row `item` of `neighbors` has its nearest items, ascending by index, and how alike they are; of `candidates`, the
    /// transpose, the candidates that it speaks for.
    case nearest(neighbors: SparseRows, candidates: SparseRows)
    /// No pair is stored: two products with sparse matrices take less time than all pairs take memory.
    case all(LikenessMatrix)
  }

  private let likeness: Likeness
  /// What each user has.
  private let histories: SparseRows
  package let candidateCount: Int

  /// - Throws: `BaselineError`.
  package init(fitting interactions: InteractionMatrix, settings: Settings = Settings()) throws(BaselineError) {
    try settings.check()
    let matrix = LikenessMatrix(interactions, settings)
    if settings.neighbors == 0 {
      self.init(.all(matrix), interactions.byUser, interactions.itemCount)
    } else {
      self.init(
        neighbors: try matrix.nearestItems(settings.neighbors, shrinkage: settings.shrinkage),
        histories: interactions.byUser)
    }
  }

  /// A model of nearest items that was fitted before.
  ///
  /// - Parameters:
  ///   - neighbors: row `item` has its nearest items, ascending by index.
  ///   - histories: what each user has.
  /// - Precondition: the indices of both are rows of `neighbors`.
  package init(neighbors: SparseRows, histories: SparseRows) {
    neighbors.checkIndices(below: neighbors.rowCount, "ItemNeighbors")
    histories.checkIndices(below: neighbors.rowCount, "ItemNeighbors")
    self.init(
      .nearest(neighbors: neighbors, candidates: neighbors.transposed(rowCount: neighbors.rowCount)), histories,
      neighbors.rowCount)
  }

  private init(_ likeness: Likeness, _ histories: SparseRows, _ candidateCount: Int) {
    self.likeness = likeness
    self.histories = histories
    self.candidateCount = candidateCount
  }

  package var userCount: Int { histories.rowCount }

  /// Row `item` has its nearest items; nil where all count.
  package var neighbors: SparseRows? {
    switch likeness {
    case .nearest(let neighbors, _): neighbors
    case .all: nil
    }
  }

  package func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    checkBlock(users, candidates, scoreCount: scores.count)
    for position in 0..<scores.count { scores[position] = 0 }
    switch likeness {
    case .nearest(_, let spokenFor):
      for (row, user) in users.enumerated() {
        let start = row * candidates.count - candidates.lowerBound
        for entry in histories.range(of: user) {
          let weight = histories.weights[entry]
          for spoken in spokenFor.entries(of: Int(histories.indices[entry]), in: candidates) {
            scores[start + Int(spokenFor.indices[spoken])] += weight * spokenFor.weights[spoken]
          }
        }
      }
    case .all(let matrix):
      var sums = [Float](repeating: 0, count: matrix.fittedUserCount)
      for (row, user) in users.enumerated() {
        var part = scores.part(row * candidates.count..<(row + 1) * candidates.count)
        matrix.add(histories, row: user, candidates: candidates, into: &part, scratch: &sums)
      }
    }
  }

  package func scorer(of histories: SparseRows) -> any CandidateScorer {
    histories.checkIndices(below: candidateCount, "ItemNeighbors.scorer")
    return ItemNeighbors(likeness, histories, candidateCount)
  }
}

extension ItemNeighbors {
  package init(
    fitting interactions: InteractionMatrix, settings: Settings, seed: UInt64,
    progress: (_ done: Int, _ count: Int) throws -> Void
  ) throws {
    try self.init(fitting: interactions, settings: settings)
  }

  package var parameterCount: Int {
    switch likeness {
    case .nearest(let neighbors, _): neighbors.weights.count
    case .all(let matrix): matrix.userScales.count + matrix.itemScales.count
    }
  }

  package var tensors: [String: StoredArray] {
    switch likeness {
    case .nearest(let neighbors, _):
      [
        "baseline/neighbor-offsets": .integers(neighbors.offsets),
        "baseline/neighbor-items": .integers(neighbors.indices),
        "baseline/neighbor-likeness": StoredArray(neighbors.weights),
      ]
    case .all(let matrix):
      [
        "baseline/user-scales": StoredArray(matrix.userScales),
        "baseline/item-scales": StoredArray(matrix.itemScales),
      ]
    }
  }

  package init(
    loading source: any RecommenderSource, settings: Settings, interactions: () throws -> InteractionMatrix
  ) throws {
    guard settings.neighbors > 0 else {
      let userScales = try source.floats("baseline/user-scales", shape: [source.userCount])
      let itemScales = try source.floats("baseline/item-scales", shape: [source.itemCount])
      let interactions = try interactions()
      let matrix = LikenessMatrix(interactions, userScales: userScales.array, itemScales: itemScales.array)
      self.init(.all(matrix), interactions.byUser, source.itemCount)
      return
    }
    let neighbors = try source.sparseRows(
      offsets: "baseline/neighbor-offsets", indices: "baseline/neighbor-items", weights: "baseline/neighbor-likeness",
      rowCount: source.itemCount, indexCount: source.itemCount)
    self.init(neighbors: neighbors, histories: try interactions().byUser)
  }
}
