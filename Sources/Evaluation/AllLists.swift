import Foundation
import TwoTowerAutodiff
import TwoTowerRecommenders

/// The lists of all users with a test row, for metrics of all of them together.
struct AllLists {
  let lists: ShownLists
  /// How often each item is in a list.
  let times: [Int]
  /// Each item's training rows.
  let trainingCounts: [Int]
  let userCount: Int
  /// `[candidateCount, dimension]` of unit length, whose products tell how alike two items are; nil where nothing tells.
  let directions: Tensor?

  init(_ lists: ShownLists, truth: RetrievalTruth, candidates: Tensor?) {
    self.lists = lists
    var times = [Int](repeating: 0, count: truth.candidateCount)
    for item in lists.allItems { times[Int(item)] += 1 }
    self.times = times
    trainingCounts = truth.trainingCounts
    userCount = truth.userCount
    directions = candidates?.withUnitRows
  }

  var coverage: Double { Double(times.count { $0 > 0 }) / Double(times.count) }

  var novelty: Double {
    mean { -log2(Double(max(1, trainingCounts[$0])) / Double(userCount)) }
  }

  var meanPopularity: Double { mean { Double(trainingCounts[$0]) } }

  var entropy: Double {
    let total = Double(lists.allItems.count)
    return times.reduce(0.0) { sum, count in
      let share = Double(count) / total
      return count > 0 ? sum - share * log2(share) : sum
    }
  }

  var diversity: Double? {
    guard let directions else { return nil }
    let distances = (0..<lists.count).compactMap { meanDistance(of: lists[$0], directions) }
    return distances.isEmpty ? nil : distances.reduce(0, +) / Double(distances.count)
  }

  /// The mean over recommendations.
  private func mean(_ value: (_ item: Int) -> Double) -> Double {
    let items = lists.allItems
    return items.reduce(0.0) { $0 + value(Int($1)) } / Double(items.count)
  }
}

/// The Gini coefficient of how often things happen: Σ (2 i − n − 1) x_i / (n Σ x) over ascending x_1…x_n; 0 for nothing.
package func giniCoefficient(of times: [Int]) -> Double {
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
