import Foundation
import TwoTowerAutodiff
import TwoTowerFiles

/// A sign that a model has not learnt what it should have, and what to try.
package struct AssessmentWarning: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// Recommending everyone the most popular items is better.
    case belowPopularity = "below_popularity"
    /// Different users are shown the same.
    case listsAlike = "lists_alike"
    /// The vectors of items point the same way.
    case vectorsAlike = "vectors_alike"
  }

  package let kind: Kind
  /// What was found, and what to try.
  package let message: String

  /// The members `kind` and `message`.
  package var json: JSONValue {
    .object([(key: "kind", value: .string(kind.rawValue)), (key: "message", value: .string(message))])
  }
}

extension AssessmentWarning {
  /// Where users' lists have more of their items in common, too little is chosen for the user.
  static let greatestOverlap = 0.8
  /// In a catalogue of fewer lists' lengths, any two lists have much in common.
  static let leastCataloguePerList = 4
  /// Where the mean cosine of two items is greater, vectors have collapsed.
  static let greatestMeanCosine = 0.9

  /// A warning where the model is worse than popularity on the same rows, by recall or NDCG.
  ///
  /// - Parameter users: whom the figures are of, for the message.
  package static func belowPopularity(
    _ model: RetrievalMetrics<Double>, _ popularity: RetrievalMetrics<Double>, users: String = ""
  ) -> AssessmentWarning? {
    let worse = [RetrievalMetric.recall, .ndcg].compactMap { metric -> String? in
      let cutoffs = model.byCutoff(metric).keys
      guard let cutoff = cutoffs.contains(20) ? 20 : cutoffs.max() else { return nil }
      let name = MetricAtCutoff(metric, at: cutoff)
      guard let own = model[name], let other = popularity[name], own < other else { return nil }
      return "\(name.title) is \(share(own)), popularity's \(share(other))"
    }
    guard !worse.isEmpty else { return nil }
    return AssessmentWarning(
      kind: .belowPopularity,
      message: "\(users)worse than recommending everyone the most popular items: \(worse.joined(separator: "; ")); "
        + "try other settings, or compare with item-neighbors, ease and implicit-als")
  }

  /// Four digits, without the leading zero, as in tables.
  private static func share(_ value: Double) -> String {
    let text = String(format: "%.4f", value)
    return text.hasPrefix("0.") ? String(text.dropFirst()) : text
  }

  /// A warning where lists of different users are much the same.
  package static func listsAlike(_ lists: ShownLists, candidateCount: Int) -> AssessmentWarning? {
    guard candidateCount >= leastCataloguePerList * lists.length, let overlap = meanOverlap(of: lists),
      overlap > greatestOverlap
    else { return nil }
    return AssessmentWarning(
      kind: .listsAlike,
      message: String(format: "lists of two users have %.0f %% of their items in common: ", overlap * 100)
        + "the model hardly tells users apart; try more epochs, a smaller retrieval.popularity-weight, or features that "
        + "say more of users")
  }

  /// A warning where the vectors of items have collapsed.
  ///
  /// - Parameter candidates: `[candidateCount, dimension]`, of which those that `isWarm` count: untrained ones may well
  ///   be alike.
  package static func vectorsAlike(_ candidates: Tensor, isWarm: [Bool]) -> AssessmentWarning? {
    guard let cosine = meanCosine(of: candidates, where: isWarm), cosine > greatestMeanCosine else { return nil }
    return AssessmentWarning(
      kind: .vectorsAlike,
      message: String(format: "the vectors of items point the same way, with a mean cosine of %.2f: ", cosine)
        + "scores hardly differ; try a lower temperature or learning rate, or another loss")
  }
}

/// The mean over all pairs of users of the share of a list's items that are in both of their lists; nil for fewer than
/// two lists.
package func meanOverlap(of lists: ShownLists) -> Double? {
  guard lists.count > 1, let last = lists.allItems.max() else { return nil }
  var times = [Int](repeating: 0, count: Int(last) + 1)
  for item in lists.allItems { times[Int(item)] += 1 }
  // An item in n lists is common to n (n − 1) / 2 pairs of them.
  let common = times.reduce(0.0) { $0 + Double($1) * Double($1 - 1) }
  let pairs = Double(lists.count) * Double(lists.count - 1)
  return common / pairs / (Double(lists.allItems.count) / Double(lists.count))
}

/// The mean cosine over all pairs of the rows that count, through the sum of their directions; nil for fewer than two.
package func meanCosine(of rows: Tensor, where counts: [Bool]) -> Double? {
  let directions = rows.withUnitRows
  let width = directions.shape[1]
  let values = directions.buffer.span
  var sum = [Double](repeating: 0, count: width)
  var squares = 0.0
  var count = 0.0
  for (row, isCounted) in counts.enumerated() where isCounted {
    count += 1
    for column in 0..<width {
      let value = Double(values[row * width + column])
      sum[column] += value
      squares += value * value
    }
  }
  guard count > 1 else { return nil }
  return (sum.reduce(0) { $0 + $1 * $1 } - squares) / (count * (count - 1))
}
