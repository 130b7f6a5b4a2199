import Autodiff
import Files
import Foundation

/// What lists of recommendations are worth: how often they are right, how daring, how varied.
public struct ListReport: Sendable, Equatable {
  /// The greatest length of a list.
  public let length: Int
  /// Means over users with a test row: of the share of their test items in the list, and so on.
  public internal(set) var recall = 0.0, ndcg = 0.0, precision = 0.0
  /// The share of the catalogue in anyone's list.
  public internal(set) var coverage = 0.0
  /// The mean over recommendations of −log2(share of users that have the item), in bits; an item that nobody has counts
  /// as if one did (Vargas and Castells, "Rank and relevance in novelty and diversity metrics", RecSys 2011).
  public internal(set) var novelty = 0.0
  /// The mean over recommendations of how many users have the item in their training rows.
  public internal(set) var meanPopularity = 0.0
  /// How unevenly the catalogue is recommended: 0 each item as often, towards 1 only one item.
  public internal(set) var gini = 0.0
  /// The mean over users of the mean of 1 − cosine over the pairs of a list; nil without a list of two items or
  /// without vectors.
  public internal(set) var diversity: Double?

  /// The figures by the names that they have in this type, in snake case.
  public var json: JSONValue {
    let members: [(String, Double?)] = [
      ("recall", recall), ("ndcg", ndcg), ("precision", precision), ("coverage", coverage), ("novelty", novelty),
      ("mean_popularity", meanPopularity), ("gini", gini), ("diversity", diversity),
    ]
    return .object(members.compactMap { name, value in value.map { (key: name, value: .number($0)) } })
  }
}

/// Measures lists of recommendations against the test rows.
///
/// - Parameter candidates: `[candidateCount, dimension]`, whose cosines tell how alike two items are; nil where nothing
///   tells, and diversity is not measured.
/// - Returns: nil where no list has an item.
/// - Precondition: every list belongs to a user with a test row; items exist.
public func evaluateLists(_ lists: ShownLists, truth: RetrievalTruth, candidates: Tensor?) -> ListReport? {
  precondition(
    candidates.map { $0.shape[0] == truth.candidateCount } ?? true,
    "evaluateLists: candidates \(candidates!.shape), \(truth.candidateCount) in the truth")
  let shown = lists.allItems
  guard !shown.isEmpty else { return nil }
  let counts = truth.trainingCounts
  var report = ListReport(length: lists.length)
  let figures = ListFigures(length: lists.length)
  var (pairwise, listsWithPairs) = (0.0, 0)
  let directions = candidates?.withUnitRows
  for position in 0..<lists.count {
    let user = UserListFigures(
      list: lists[position], tests: truth.test[Int(lists.users[position])], figures: figures)
    report.recall += user.recall
    report.ndcg += user.ndcg
    report.precision += user.precision
    if let directions, let distance = meanDistance(of: lists[position], directions) {
      pairwise += distance
      listsWithPairs += 1
    }
  }
  let users = Double(lists.count)
  report.recall /= users
  report.ndcg /= users
  report.precision /= users
  if listsWithPairs > 0 { report.diversity = pairwise / Double(listsWithPairs) }

  var times = [Int](repeating: 0, count: truth.candidateCount)
  for item in shown { times[Int(item)] += 1 }
  report.coverage = Double(times.count { $0 > 0 }) / Double(truth.candidateCount)
  report.gini = giniCoefficient(of: times)
  let total = Double(shown.count)
  report.meanPopularity = shown.reduce(0.0) { $0 + Double(counts[Int($1)]) } / total
  report.novelty = shown.reduce(0.0) { $0 - log2(Double(max(1, counts[Int($1)])) / Double(truth.userCount)) } / total
  return report
}

/// How right one user's list is.
struct UserListFigures {
  private(set) var recall = 0.0, ndcg = 0.0, precision = 0.0

  /// - Parameter tests: the user's test items, ascending.
  init(list: ArraySlice<Int32>, tests: ArraySlice<Int32>, figures: ListFigures) {
    guard !tests.isEmpty, figures.length > 0 else { return }
    var (hits, gain) = (0.0, 0.0)
    for (place, item) in list.enumerated() where tests.sortedContains(item) {
      hits += 1
      gain += figures.discounts[place]
    }
    recall = hits / Double(tests.count)
    precision = hits / Double(figures.length)
    ndcg = gain / figures.idealGains[min(figures.length, tests.count)]
  }
}

/// The Gini coefficient of how often things happen: Σ (2 i − n − 1) x_i / (n Σ x) over ascending x_1…x_n; 0 for nothing.
public func giniCoefficient(of times: [Int]) -> Double {
  let total = times.reduce(0, +)
  guard total > 0 else { return 0 }
  let sum = times.sorted().enumerated().reduce(0.0) { sum, entry in
    sum + Double(2 * (entry.offset + 1) - times.count - 1) * Double(entry.element)
  }
  return sum / (Double(times.count) * Double(total))
}

/// The mean of 1 − cosine over all pairs of a list, through the sum of its directions; nil for fewer than two items.
private func meanDistance(of list: ArraySlice<Int32>, _ directions: Tensor) -> Double? {
  guard list.count > 1 else { return nil }
  let width = directions.shape[1]
  let values = directions.buffer.span
  var sum = [Double](repeating: 0, count: width)
  var squares = 0.0
  for item in list {
    for column in 0..<width {
      let value = Double(values[Int(item) * width + column])
      sum[column] += value
      squares += value * value
    }
  }
  let pairs = Double(list.count * (list.count - 1))
  return 1 - (sum.reduce(0) { $0 + $1 * $1 } - squares) / pairs
}
