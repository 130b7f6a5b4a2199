/// The sums that all figures are ratios of: one row of numbers per user, so that users can be drawn again (bootstrap).
///
/// A row is four groups (`Group`) of equal width: test rows, Σ 1/(rank + 1), users, Σ recall, Σ NDCG, Σ precision, and
/// the hits at each accuracy cutoff.
struct FigureSums: Sendable {
  enum Group: Int, CaseIterable { case seenIncluded, seenExcluded, warm, cold }

  private enum Column { static let rows = 0, reciprocalRank = 1, users = 2, recall = 3, ndcg = 4, precision = 5, hits = 6 }

  let cutoffs: RetrievalCutoffs
  private(set) var values: [Double]

  init(cutoffs: RetrievalCutoffs) {
    self.cutoffs = cutoffs
    values = [Double](repeating: 0, count: Self.columnCount(cutoffs))
  }

  static func columnCount(_ cutoffs: RetrievalCutoffs) -> Int {
    Group.allCases.count * (Column.hits + cutoffs.accuracy.count)
  }

  private func offset(_ group: Group) -> Int { group.rawValue * (Column.hits + cutoffs.accuracy.count) }

  /// Counts one test row by its rank (0 is the best).
  mutating func addRow(_ group: Group, rank: Int) {
    addRow(group, reciprocalRank: 1 / Double(rank + 1)) { rank < $0 ? 1 : 0 }
  }

  /// Counts one test row by what is expected of it.
  mutating func addRow(_ group: Group, reciprocalRank: Double, hit: (_ cutoff: Int) -> Double) {
    let base = offset(group)
    values[base + Column.rows] += 1
    values[base + Column.reciprocalRank] += reciprocalRank
    for (index, cutoff) in cutoffs.accuracy.enumerated() { values[base + Column.hits + index] += hit(cutoff) }
  }

  /// Counts the first k items shown to one user.
  mutating func addList(_ group: Group, recall: Double, ndcg: Double, precision: Double) {
    let base = offset(group)
    values[base + Column.users] += 1
    values[base + Column.recall] += recall
    values[base + Column.ndcg] += ndcg
    values[base + Column.precision] += precision
  }

  mutating func add(_ other: FigureSums) {
    for index in values.indices { values[index] += other.values[index] }
  }
}

extension FigureSums {
  /// The figures of `sums`, group by group in a fixed order, as plain numbers; NaN where nothing was counted.
  static func ratios(of sums: [Double], cutoffs: RetrievalCutoffs) -> [Double] {
    let width = Column.hits + cutoffs.accuracy.count
    var ratios: [Double] = []
    for group in Group.allCases {
      let base = group.rawValue * width
      let rows = sums[base + Column.rows]
      let users = sums[base + Column.users]
      for index in cutoffs.accuracy.indices { ratios.append(sums[base + Column.hits + index] / rows) }
      ratios.append(sums[base + Column.reciprocalRank] / rows)
      for column in [Column.recall, Column.ndcg, Column.precision] { ratios.append(sums[base + column] / users) }
    }
    return ratios
  }

  /// Names what `ratios` numbered.
  static func groups<Value>(of values: [Value?], cutoffs: RetrievalCutoffs) -> RetrievalGroups<Value> {
    var groups = RetrievalGroups<Value>()
    let width = cutoffs.accuracy.count + 4
    func figures(_ group: Group) -> RetrievalFigures<Value> {
      let base = group.rawValue * width
      var figures = RetrievalFigures<Value>()
      for (index, cutoff) in cutoffs.accuracy.enumerated() { figures.topKCategoricalAccuracy[cutoff] = values[base + index] }
      let next = base + cutoffs.accuracy.count
      figures.mrr = values[next]
      if let list = cutoffs.list {
        figures.recall[list] = values[next + 1]
        figures.ndcg[list] = values[next + 2]
        figures.precision[list] = values[next + 3]
      }
      return figures
    }
    groups.seenIncluded = figures(.seenIncluded)
    groups.seenExcluded = figures(.seenExcluded)
    groups.warm = figures(.warm)
    groups.cold = figures(.cold)
    return groups
  }
}
