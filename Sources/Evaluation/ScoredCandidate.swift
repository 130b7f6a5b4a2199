/// A candidate and its score for a query.
public struct ScoredCandidate: Sendable, Equatable {
  public var index: Int32
  public var score: Float

  public init(index: Int32, score: Float) {
    self.index = index
    self.score = score
  }
}

/// The best few of the scores offered so far, best first; equal scores stand in the order they were offered in.
struct BestCandidates {
  let capacity: Int
  private(set) var entries: [ScoredCandidate] = []

  /// - Precondition: `capacity > 0`.
  init(capacity: Int) {
    precondition(capacity > 0, "BestCandidates: capacity \(capacity) is not positive")
    self.capacity = capacity
  }

  /// What a later score must exceed to enter. Minus infinity, the mark of an excluded candidate, never enters.
  private var threshold: Float { entries.count < capacity ? -.infinity : entries[capacity - 1].score }

  /// Offers `scores`, whose candidates are numbered from `firstIndex`.
  mutating func offer(_ scores: Span<Float>, firstIndex: Int) {
    let block = 64
    var bar = threshold
    var start = 0
    while start < scores.count {
      let end = min(start + block, scores.count)
      var best = -Float.infinity
      for index in start..<end { best = scores[index] > best ? scores[index] : best }
      if best > bar {
        for index in start..<end where scores[index] > bar {
          insert(ScoredCandidate(index: Int32(firstIndex + index), score: scores[index]))
          bar = threshold
        }
      }
      start = end
    }
  }

  private mutating func insert(_ candidate: ScoredCandidate) {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].score >= candidate.score { low = middle + 1 } else { high = middle }
    }
    if entries.count == capacity { entries.removeLast() }
    entries.insert(candidate, at: low)
  }
}

/// How many of `scores` are at least `threshold`.
func countAtLeast(_ threshold: Float, in scores: Span<Float>) -> Int {
  var count: Int32 = 0
  for index in 0..<scores.count { count &+= scores[index] >= threshold ? 1 : 0 }
  return Int(count)
}

/// Whether all `values` are finite.
func areFinite(_ values: Span<Float>) -> Bool {
  var violations: Int32 = 0
  for index in 0..<values.count { violations &+= values[index].magnitude <= .greatestFiniteMagnitude ? 0 : 1 }
  return violations == 0
}
