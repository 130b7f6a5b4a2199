/// What a random order of the candidates would reach on the same test rows, computed exactly (no sampling).
///
/// An item's rank is uniform among the user's candidates. A test item that the user was trained on is no candidate
/// where seen items are excluded: it stays last, as in `evaluateRetrieval`.
func chanceSums(truth: RetrievalTruth, cutoffs: RetrievalCutoffs) -> FigureSums {
  var total = FigureSums(cutoffs: cutoffs)
  let candidateCount = truth.candidateCount
  var harmonic = [0.0]
  harmonic.reserveCapacity(candidateCount + 1)
  for n in 1..<max(candidateCount + 1, 1) { harmonic.append(harmonic[n - 1] + 1 / Double(n)) }
  let list = cutoffs.list.map(ListFigures.init(length:))

  for user in truth.testedUsers {
    let seen = truth.training[user]
    let remaining = candidateCount - seen.count
    for item in truth.test[user] {
      total.addRow(.seenIncluded, reciprocalRank: harmonic[candidateCount] / Double(candidateCount)) {
        Double($0) / Double(candidateCount)
      }
      for group in [FigureSums.Group.seenExcluded, truth.isWarm[Int(item)] ? .warm : .cold] {
        if seen.sortedContains(item) {
          total.addRow(group, rank: candidateCount - 1)
        } else {
          total.addRow(group, reciprocalRank: harmonic[remaining] / Double(remaining)) {
            min(1, Double($0) / Double(remaining))
          }
        }
      }
    }
    guard let list else { continue }
    for group in [FigureSums.Group.seenExcluded, .warm, .cold] {
      let relevant = truth.test[user].filter { group.includes(isWarm: truth.isWarm[Int($0)]) }
      let unseen = relevant.count { !seen.sortedContains($0) }
      // Each of the first positions holds any one candidate with probability 1 / remaining.
      let share = remaining > 0 ? Double(unseen) / Double(remaining) : 0
      let shown = min(list.length, remaining)
      list.add(
        to: &total, group, hits: share * Double(shown), gain: share * list.idealGains[shown],
        relevant: relevant.count)
    }
  }
  return total
}

extension FigureSums.Group {
  /// Whether test rows of warm (or cold) items count in this group.
  func includes(isWarm: Bool) -> Bool {
    switch self {
    case .seenIncluded, .seenExcluded: true
    case .warm: isWarm
    case .cold: !isWarm
    }
  }
}
