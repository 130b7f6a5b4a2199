import Foundation
import TwoTowerAutodiff
import TwoTowerEvaluation

/// The definition of the retrieval figures, over one dense matrix of scores and without any shortcut.
struct NaiveMetrics {
  var included: [String: Double] = [:]
  var excluded: [String: Double] = [:]

  /// - Parameter isCounted: which test rows count, by item.
  init(
    scores: [[Double]], training: [[Int]], test: [[Int]], cutoffs: [Int], list: Int, isCounted: (Int) -> Bool = { _ in true }
  ) {
    let candidateCount = scores.first?.count ?? 0
    let counted = test.map { $0.filter(isCounted) }
    let rowCount = counted.reduce(0) { $0 + $1.count }
    for isMasked in [false, true] {
      var hits: [Int: Int] = [:]
      var reciprocalRanks = 0.0
      for user in scores.indices where !counted[user].isEmpty {
        let row = Self.masked(scores[user], isMasked ? training[user] : [])
        for item in counted[user] {
          let rank = row.count { $0 >= row[item] } - 1
          for k in cutoffs where rank < k { hits[k, default: 0] += 1 }
          reciprocalRanks += 1 / Double(rank + 1)
        }
      }
      var figures: [String: Double] = [:]
      if rowCount > 0 {
        for k in cutoffs { figures["top \(k)"] = Double(hits[k] ?? 0) / Double(rowCount) }
        figures["mrr"] = reciprocalRanks / Double(rowCount)
      }
      if isMasked { excluded = figures } else { included = figures }
    }

    let discounts = (0..<list).map { 1 / log2(Double($0 + 2)) }
    var (recall, ndcg, precision): ([Double], [Double], [Double]) = ([], [], [])
    var (averagePrecision, hitRate): ([Double], [Double]) = ([], [])
    var shown = Set<Int>()
    for user in scores.indices where !counted[user].isEmpty {
      let row = Self.masked(scores[user], training[user])
      let order = row.indices.sorted { (-row[$0], $0) < (-row[$1], $1) }.filter { row[$0] > -.infinity }
      let top = order.prefix(list)
      shown.formUnion(top)
      let hits = top.map { counted[user].contains($0) ? 1.0 : 0 }
      let hitCount = hits.reduce(0, +)
      recall.append(hitCount / Double(counted[user].count))
      precision.append(hitCount / Double(list))
      let precisions = hits.indices.filter { hits[$0] == 1 }.map { hits[...$0].reduce(0, +) / Double($0 + 1) }
      averagePrecision.append(precisions.reduce(0, +) / Double(min(list, counted[user].count)))
      hitRate.append(hits.contains(1) ? 1 : 0)
      ndcg.append(
        zip(hits, discounts).reduce(0) { $0 + $1.0 * $1.1 }
          / discounts.prefix(min(list, counted[user].count)).reduce(0, +))
    }
    guard rowCount > 0 else { return }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    excluded["recall"] = mean(recall)
    excluded["ndcg"] = mean(ndcg)
    excluded["precision"] = mean(precision)
    excluded["map"] = mean(averagePrecision)
    excluded["hit rate"] = mean(hitRate)
    excluded["coverage"] = Double(shown.count) / Double(candidateCount)
  }

  private static func masked(_ row: [Double], _ items: [Int]) -> [Double] {
    var row = row
    for item in items { row[item] = -.infinity }
    return row
  }
}

extension RetrievalMetrics<Double> {
  /// The figures by the names of `NaiveMetrics`.
  var byName: [String: Double] {
    var figures: [String: Double] = [:]
    for (k, value) in topKCategoricalAccuracy { figures["top \(k)"] = value }
    figures["mrr"] = mrr
    for (name, values) in [
      ("recall", recall), ("ndcg", ndcg), ("precision", precision), ("map", meanAveragePrecision),
      ("hit rate", hitRate), ("coverage", coverage),
    ] {
      for value in values.values { figures[name] = value }
    }
    return figures
  }
}

/// Whether two sets of figures have the same names and values.
func agree(_ left: [String: Double], _ right: [String: Double], within tolerance: Double = 1e-9) -> Bool {
  left.keys.sorted() == right.keys.sorted() && left.allSatisfy { abs($0.value - right[$0.key]!) <= tolerance }
}
