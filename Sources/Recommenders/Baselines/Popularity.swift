import Features
import Kernels

/// Recommends everyone the items that most users have (with weights: of the greatest total).
public struct Popularity: Baseline {
  public static let kind = "popularity"

  /// There is nothing to set.
  public struct Settings: BaselineKindSettings {
    public init() {}

    public func check() throws(BaselineError) {}
  }

  public let userCount: Int
  /// One value per item.
  public let totals: [Float]

  public init(fitting interactions: InteractionMatrix) {
    let byItem = interactions.byItem
    self.init(
      userCount: interactions.userCount,
      totals: (0..<interactions.itemCount).map { item in
        Float(byItem.weights[byItem.range(of: item)].reduce(0.0) { $0 + Double($1) })
      })
  }

  /// A model that was fitted before.
  public init(userCount: Int, totals: [Float]) {
    self.userCount = userCount
    self.totals = totals
  }

  public var candidateCount: Int { totals.count }

  public func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    checkBlock(users, candidates, scoreCount: scores.count)
    for row in users.indices {
      for (column, candidate) in candidates.enumerated() { scores[row * candidates.count + column] = totals[candidate] }
    }
  }

  public func scorer(of histories: SparseRows) -> any CandidateScorer {
    Popularity(userCount: histories.rowCount, totals: totals)
  }
}

extension Popularity {
  public init(
    fitting interactions: InteractionMatrix, settings: Settings, seed: UInt64,
    progress: (_ done: Int, _ count: Int) throws -> Void
  ) throws {
    self.init(fitting: interactions)
  }

  public var parameterCount: Int { totals.count }
  public var tensors: [String: StoredArray] { ["baseline/totals": StoredArray(totals)] }

  public init(
    loading source: any RecommenderSource, settings: Settings, interactions: () throws -> InteractionMatrix
  ) throws {
    self.init(
      userCount: source.userCount, totals: try source.floats("baseline/totals", shape: [source.itemCount]).array)
  }
}
