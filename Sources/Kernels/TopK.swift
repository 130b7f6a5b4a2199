import TwoTowerCVectorMath

/// A candidate and its score.
package struct ScoredIndex: Hashable, Sendable {
  package let index: Int32
  package let score: Float

  package init(index: Int32, score: Float) {
    self.index = index
    self.score = score
  }

  /// Whether this one comes first: the higher score, and of equal scores the lower index.
  @inlinable
  package func precedes(_ other: ScoredIndex) -> Bool {
    score > other.score || (score == other.score && index < other.index)
  }
}

extension Float {
  /// The score of a candidate that no list may have: finite, and no other score is lower.
  package static let neverListed = -Float.greatestFiniteMagnitude
}

/// The `k` best scores in descending order, ties by lower index first; fewer when fewer remain.
///
/// `excluded` holds indices that are passed over, in ascending order; those out of range have no effect. Scores of
/// `neverListed`, and those that are not numbers, are passed over too.
///
/// - Precondition: `k >= 0`, `excluded` ascends.
/// - Complexity: one comparison per score, and log k for each that is among the best so far.
package func topK(
  _ scores: Span<Float>, k: Int, excluding excluded: [Int32] = [], on vectorMath: VectorMath = .best
) -> [ScoredIndex] {
  precondition(k >= 0 && scores.count <= Int(Int32.max), "topK: k \(k) of \(scores.count) scores")
  checkAscending(excluded)
  var best = BoundedBest(capacity: min(k, scores.count))
  guard best.capacity > 0 else { return [] }
  var nextExcluded = 0
  scores.withUnsafeBufferPointer { scores in
    guard let start = scores.baseAddress else { return }
    var i = 0
    while true {
      // Once full, an equal score loses to the lower indices already kept: only greater ones matter.
      if let worst = best.worst { i = vectorMath.table.pointee.first_above(start, i, scores.count, worst.score) }
      guard i < scores.count else { return }
      while nextExcluded < excluded.count && excluded[nextExcluded] < i { nextExcluded += 1 }
      let isExcluded = nextExcluded < excluded.count && excluded[nextExcluded] == i
      if !isExcluded && !start[i].isNaN && start[i] != .neverListed {
        best.insert(ScoredIndex(index: Int32(i), score: start[i]))
      }
      i += 1
    }
  }
  return best.descending
}

func checkAscending(_ indices: [Int32]) {
  precondition(
    zip(indices, indices.dropFirst()).allSatisfy { $0 <= $1 }, "excluded indices are not in ascending order")
}

/// The best of what was inserted, at most `capacity`, in a binary heap with the worst on top.
private struct BoundedBest {
  let capacity: Int
  private var heap: [ScoredIndex] = []

  init(capacity: Int) {
    self.capacity = capacity
    heap.reserveCapacity(capacity)
  }

  /// The worst one kept; nil while there is room.
  var worst: ScoredIndex? { heap.count == capacity ? heap[0] : nil }

  var descending: [ScoredIndex] { heap.sorted { $0.precedes($1) } }

  mutating func insert(_ element: ScoredIndex) {
    if heap.count < capacity {
      heap.append(element)
      siftUp(from: heap.count - 1)
    } else if element.precedes(heap[0]) {
      heap[0] = element
      siftDown()
    }
  }

  private mutating func siftUp(from start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[parent].precedes(heap[child]) else { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count && heap[child].precedes(heap[child + 1]) { child += 1 }
      guard heap[parent].precedes(heap[child]) else { return }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}
