import TwoTowerFeatures
import TwoTowerKernels

/// Recommends everyone the items that most users have (with weights: of the greatest total).
package struct Popularity: Baseline {
  package static let kind = "popularity"

  /// There is nothing to set.
  package struct Settings: BaselineKindSettings {
    package init() {}

    package func check() throws(BaselineError) {}
  }

  package let userCount: Int
  /// One value per item.
  package let totals: [Float]

  package init(fitting interactions: InteractionMatrix) {
    let byItem = interactions.byItem
    self.init(
      userCount: interactions.userCount,
      totals: (0..<interactions.itemCount).map { item in
        Float(byItem.weights[byItem.range(of: item)].reduce(0.0) { $0 + Double($1) })
      })
  }

  /// A model that was fitted before.
  package init(userCount: Int, totals: [Float]) {
    self.userCount = userCount
    self.totals = totals
  }

  package var candidateCount: Int { totals.count }

  package func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    checkBlock(users, candidates, scoreCount: scores.count)
    for row in users.indices {
      for (column, candidate) in candidates.enumerated() { scores[row * candidates.count + column] = totals[candidate] }
    }
  }

  package func scorer(of histories: SparseRows) -> any CandidateScorer {
    Popularity(userCount: histories.rowCount, totals: totals)
  }
}

extension Popularity {
  package init(
    fitting interactions: InteractionMatrix, settings: Settings, seed: UInt64,
    progress: (_ done: Int, _ count: Int) throws -> Void
  ) throws {
    self.init(fitting: interactions)
  }

  package var parameterCount: Int { totals.count }
  package var tensors: [String: StoredArray] { ["baseline/totals": StoredArray(totals)] }

  package init(
    loading source: any RecommenderSource, settings: Settings, interactions: () throws -> InteractionMatrix
  ) throws {
    self.init(
      userCount: source.userCount, totals: try source.floats("baseline/totals", shape: [source.itemCount]).array)
  }
}
