/// Positions 0..<n sorted by a small whole number, without moving positions of the same group.
///
/// Counting sort: linear in positions and groups.
package struct Grouping: Sendable {
  /// Where each group begins in `order`; one more than there are groups.
  package let offsets: [Int32]
  /// All positions, by group.
  package let order: [Int32]

  /// - Parameter order: the positions to sort, each once; nil for ascending ones.
  /// - Precondition: every key is in 0..<groupCount.
  package init(keys: [Int32], groupCount: Int, order: [Int32]? = nil) {
    var sorted = [Int32](repeating: 0, count: keys.count)
    let offsets: [Int32]
    if let order {
      precondition(order.count == keys.count, "Grouping: \(keys.count) keys, \(order.count) positions")
      offsets = countingSort(count: keys.count, groupCount: groupCount) {
        Int(keys[Int(order[$0])])
      } place: {
        sorted[$1] = order[$0]
      }
    } else {
      offsets = countingSort(count: keys.count, groupCount: groupCount) {
        Int(keys[$0])
      } place: {
        sorted[$1] = Int32($0)
      }
    }
    self.offsets = offsets
    self.order = sorted
  }

  /// The positions of each group, in order.
  package var lists: IndexLists { IndexLists(unchecked: offsets, order) }

  package func range(of group: Int) -> Range<Int> { Int(offsets[group])..<Int(offsets[group + 1]) }
}

/// Deals 0..<count out to groups, in order within each: calls `place` with each position and where it goes.
///
/// - Returns: where each group begins; one more than there are groups.
@inline(__always)
func countingSort(
  count: Int, groupCount: Int, key: (_ position: Int) -> Int, place: (_ position: Int, _ destination: Int) -> Void
) -> [Int32] {
  _ = IndexLists.offset(count)
  var offsets = [Int32](repeating: 0, count: groupCount + 1)
  for position in 0..<count { offsets[key(position) + 1] += 1 }
  for group in 0..<groupCount { offsets[group + 1] += offsets[group] }
  var next = offsets
  for position in 0..<count {
    let group = key(position)
    place(position, Int(next[group]))
    next[group] += 1
  }
  return offsets
}
