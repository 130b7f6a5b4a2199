/// Which k the figures are taken at.
public struct RetrievalCutoffs: Sendable, Equatable {
  /// The k of top-k categorical accuracy, ascending.
  public let accuracy: [Int]
  /// The k of recall, NDCG, precision and coverage; nil to leave these out.
  public let list: Int?

  public init(accuracy: [Int] = [1, 5, 10, 50, 100], list: Int? = 20) {
    self.accuracy = Set(accuracy).sorted()
    self.list = list
  }

  /// The usual cutoffs, without those beyond a small catalogue.
  public static func fitting(candidateCount: Int) -> RetrievalCutoffs {
    let usual = RetrievalCutoffs()
    return RetrievalCutoffs(
      accuracy: usual.accuracy.filter { $0 <= candidateCount },
      list: usual.list.flatMap { $0 <= candidateCount ? $0 : nil })
  }

  func check(candidateCount: Int) throws(EvaluationError) {
    for cutoff in accuracy + [list].compactMap({ $0 }) where cutoff < 1 || cutoff > candidateCount {
      throw .cutoffOutOfRange(cutoff: cutoff, candidateCount: candidateCount)
    }
  }
}

/// The bounds of a 95 % interval.
public struct ConfidenceInterval: Sendable, Equatable {
  public var low: Double
  public var high: Double

  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }
}

/// The retrieval figures of one protocol: numbers, or their intervals. What was not computed is absent.
public struct RetrievalFigures<Value: Sendable & Equatable>: Sendable, Equatable {
  /// The share of test rows whose item ranks below k, by k.
  public var topKCategoricalAccuracy: [Int: Value] = [:]
  /// The mean over test rows of 1 / (rank + 1).
  public var mrr: Value?
  /// The mean over users of the share of their test items among their first k, by k.
  public var recall: [Int: Value] = [:]
  /// The mean over users of the discounted gain of their first k over the best possible one, by k.
  public var ndcg: [Int: Value] = [:]
  /// The mean over users of the share of test items among their first k, by k.
  public var precision: [Int: Value] = [:]
  /// The share of the catalogue in anyone's first k, by k.
  public var coverage: [Int: Value] = [:]

  public init() {}
}

/// The same figures by both protocols, and for warm and cold targets apart.
public struct RetrievalGroups<Value: Sendable & Equatable>: Sendable, Equatable {
  /// All candidates compete, the user's training items too.
  public var seenIncluded = RetrievalFigures<Value>()
  /// The user's training items are no candidates.
  public var seenExcluded = RetrievalFigures<Value>()
  /// As `seenExcluded`, of the test rows whose item has at least one training row.
  public var warm = RetrievalFigures<Value>()
  /// As `seenExcluded`, of the test rows whose item has no training row.
  public var cold = RetrievalFigures<Value>()

  public init() {}
}
