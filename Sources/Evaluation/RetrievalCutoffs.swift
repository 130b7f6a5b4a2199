import TwoTowerRecommenders

/// Which k metrics are taken at.
package struct RetrievalCutoffs: Sendable, Equatable {
  /// The k of top-k categorical accuracy, ascending.
  package let accuracy: [Int]
  /// The k of the metrics of lists; nil to leave these out.
  package let list: Int?

  package init(accuracy: [Int] = [1, 5, 10, 50, 100], list: Int? = 20) {
    self.accuracy = Set(accuracy).sorted()
    self.list = list
  }

  /// The usual cutoffs, without those beyond a small catalogue.
  package static func fitting(candidateCount: Int) -> RetrievalCutoffs {
    let usual = RetrievalCutoffs()
    return RetrievalCutoffs(
      accuracy: usual.accuracy.filter { $0 <= candidateCount },
      list: usual.list.flatMap { $0 <= candidateCount ? $0 : nil })
  }

  func check(candidateCount: Int) throws(ScoringError) {
    for cutoff in accuracy + [list].compactMap({ $0 }) where cutoff < 1 || cutoff > candidateCount {
      throw .cutoffOutOfRange(cutoff: cutoff, candidateCount: candidateCount)
    }
  }
}
