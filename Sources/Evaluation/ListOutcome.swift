import Foundation

/// The discounts of the places of a list of k recommendations, and the gains of ideal lists.
package struct DiscountedGains: Sendable {
  package let length: Int
  /// 1 / log2(position + 2) by position from 0.
  package let discounts: [Double]
  /// The sum of the first n discounts, by n.
  package let idealGains: [Double]

  package init(length: Int) {
    self.length = length
    discounts = (0..<length).map { 1 / log2(Double($0 + 2)) }
    var sums = [0.0]
    for discount in discounts { sums.append(sums[sums.count - 1] + discount) }
    idealGains = sums
  }
}

/// How right the list of one user is, who has a test item.
struct ListOutcome: Sendable {
  /// How many of the list's items are relevant: the user's test items.
  let hits: Double
  /// The sum of the discounts where they stand.
  let gain: Double
  /// The sum, over the places where they stand, of the share of relevant items down to there.
  let precisionSum: Double
  /// How many items are relevant.
  let relevant: Int
  /// The greatest length of a list.
  let length: Int
  /// The gain of a list that begins with relevant items.
  let idealGain: Double

  init(hits: Double, gain: Double, precisionSum: Double, relevant: Int, gains: DiscountedGains) {
    self.hits = hits
    self.gain = gain
    self.precisionSum = precisionSum
    self.relevant = relevant
    length = gains.length
    idealGain = gains.idealGains[min(gains.length, relevant)]
  }

  /// The outcome of a list; nil where no test item counts.
  ///
  /// - Parameters:
  ///   - tests: the user's test items, ascending.
  ///   - isCounted: whether an item can be relevant.
  init?(
    _ list: some Sequence<Int32>, tests: ArraySlice<Int32>, gains: DiscountedGains,
    isCounted: (Int32) -> Bool = { _ in true }
  ) {
    let relevant = tests.count(where: isCounted)
    guard relevant > 0 else { return nil }
    var (hits, gain, precisionSum) = (0.0, 0.0, 0.0)
    for (place, item) in list.enumerated() where tests.sortedContains(item) && isCounted(item) {
      hits += 1
      gain += gains.discounts[place]
      precisionSum += hits / Double(place + 1)
    }
    self.init(hits: hits, gain: gain, precisionSum: precisionSum, relevant: relevant, gains: gains)
  }
}

/// A list drawn at random from what one user has not seen.
struct RandomList: Sendable {
  /// How many items it is drawn from.
  let candidates: Int
  /// How many of these are relevant.
  let candidatesRelevant: Int
  /// How many items are relevant, those among them that are no candidates.
  let relevant: Int
  let gains: DiscountedGains

  /// How many items it has.
  var count: Int { min(gains.length, candidates) }

  /// The outcome with its sums as expected: each place holds any one candidate with probability 1 / candidates.
  var expected: ListOutcome {
    let share = candidates > 0 ? Double(candidatesRelevant) / Double(candidates) : 0
    // Given a relevant item at a place, each place before it holds one of the other candidates.
    let shareOfOthers = candidates > 1 ? Double(candidatesRelevant - 1) / Double(candidates - 1) : 0
    var precisionSum = 0.0
    for place in 0..<count { precisionSum += share * (1 + Double(place) * shareOfOthers) / Double(place + 1) }
    return ListOutcome(
      hits: share * Double(count), gain: share * gains.idealGains[count], precisionSum: precisionSum,
      relevant: relevant, gains: gains)
  }

  /// The probability that any place holds a relevant item.
  var hitProbability: Double {
    var missed = 1.0
    for place in 0..<count { missed *= Double(candidates - candidatesRelevant - place) / Double(candidates - place) }
    return 1 - max(0, missed)
  }
}
