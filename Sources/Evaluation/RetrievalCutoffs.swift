import TwoTowerRecommenders

/// Which k metrics are taken at.
package struct RetrievalCutoffs: Sendable, Equatable {
  /// The k of top-k categorical accuracy, ascending.
  package let accuracy: [Int]
  /// The k of the metrics of lists, ascending; none to leave these out.
  package let lists: [Int]

  /// The length of the lists that are made; nil for none.
  package var list: Int? { lists.last }

  package init(accuracy: [Int] = [1, 5, 10, 50, 100], list: Int? = 20) {
    self.accuracy = Set(accuracy).sorted()
    lists = list.map { [$0] } ?? []
  }

  /// Takes all metrics at the same k.
  package init(at cutoffs: [Int]) {
    accuracy = Set(cutoffs).sorted()
    lists = accuracy
  }

  /// The usual cutoffs, without those beyond a small catalogue.
  package static func fitting(candidateCount: Int) -> RetrievalCutoffs {
    let usual = RetrievalCutoffs()
    return RetrievalCutoffs(
      accuracy: usual.accuracy.filter { $0 <= candidateCount },
      list: usual.list.flatMap { $0 <= candidateCount ? $0 : nil })
  }

  func check(candidateCount: Int) throws(ScoringError) {
    for cutoff in accuracy + lists where cutoff < 1 || cutoff > candidateCount {
      throw .cutoffOutOfRange(cutoff: cutoff, candidateCount: candidateCount)
    }
  }
}
