/// Lists of whole numbers of unequal length, one after the other: list `l` is `indices[offsets[l]..<offsets[l + 1]]`.
package struct IndexLists: Sendable, Equatable {
  /// Offsets are 32 bits wide: all lists together have at most so many indices.
  package static let maximumCount = Int(Int32.max)

  /// `count + 1` ascending positions, the first 0.
  package private(set) var offsets: [Int32]
  package private(set) var indices: [Int32]

  /// No lists.
  package init() { self.init(offsets: [0], indices: []) }

  /// - Precondition: offsets ascend from 0 to `indices.count`.
  package init(offsets: [Int32], indices: [Int32]) {
    precondition(
      Self.ascend(offsets, to: indices.count), "IndexLists: offsets do not ascend from 0 to \(indices.count)")
    self.offsets = offsets
    self.indices = indices
  }

  /// Parts that were checked before.
  init(unchecked offsets: [Int32], _ indices: [Int32]) {
    self.offsets = offsets
    self.indices = indices
  }

  /// The number of lists.
  package var count: Int { offsets.count - 1 }

  /// The positions in `indices` of one list.
  package func range(of list: Int) -> Range<Int> { Int(offsets[list])..<Int(offsets[list + 1]) }

  package subscript(list: Int) -> ArraySlice<Int32> { indices[range(of: list)] }

  /// The list of each position in `indices`.
  package var owners: [Int32] {
    var owners: [Int32] = []
    owners.reserveCapacity(indices.count)
    for list in 0..<count { owners.append(contentsOf: repeatElement(Int32(list), count: range(of: list).count)) }
    return owners
  }

  // MARK: - Building

  package mutating func reserveCapacity(lists: Int, indices count: Int) {
    offsets.reserveCapacity(lists + 1)
    indices.reserveCapacity(count)
  }

  /// Adds to the list under construction.
  package mutating func append(_ index: Int32) { indices.append(index) }

  /// Adds to the list under construction.
  package mutating func append(contentsOf list: some Sequence<Int32>) { indices.append(contentsOf: list) }

  /// Closes the list under construction.
  ///
  /// - Precondition: there are no more indices than `maximumCount`.
  package mutating func endList() { offsets.append(Self.offset(indices.count)) }

  /// The offset of a list that begins after `count` indices.
  ///
  /// - Precondition: `count` is at most `maximumCount`.
  package static func offset(_ count: Int) -> Int32 {
    guard count <= maximumCount else {
      // Not a precondition, whose message an optimised build leaves out: the number depends on data.
      fatalError("IndexLists: \(count) indices, at most \(maximumCount) fit 32-bit offsets")
    }
    return Int32(count)
  }

  // MARK: - Searching

  /// The position of `index` in an ascending list, of equals the first; nil where the list is without it.
  ///
  /// - Complexity: logarithmic in the length of the list.
  package func entry(of list: Int, index: Int32) -> Int? {
    let range = range(of: list)
    let entry = range.partitioningIndex { indices[$0] >= index }
    return entry < range.upperBound && indices[entry] == index ? entry : nil
  }

  /// The positions of an ascending list's indices that are in `bounds`.
  package func entries(of list: Int, in bounds: Range<Int>) -> Range<Int> {
    let range = range(of: list)
    let first = range.partitioningIndex { Int(indices[$0]) >= bounds.lowerBound }
    return first..<(first..<range.upperBound).partitioningIndex { Int(indices[$0]) >= bounds.upperBound }
  }

  // MARK: - Checking

  /// What keeps arrays from being lists of numbers in a range.
  package enum Defect: Sendable, Equatable {
    /// Offsets do not ascend from 0 to the number of indices.
    case offsets
    /// An index is out of range, or not above the one before it (−1 for the first) where lists must ascend.
    case index(Int32, after: Int32, list: Int)
  }

  /// The first thing that is wrong with arrays from outside; nil where they are lists of numbers in 0..<bound.
  package static func defect(offsets: [Int32], indices: [Int32], below bound: Int, ascending: Bool) -> Defect? {
    guard ascend(offsets, to: indices.count) else { return .offsets }
    for list in 0..<offsets.count - 1 {
      var last: Int32 = -1
      for index in indices[Int(offsets[list])..<Int(offsets[list + 1])] {
        guard index >= 0, Int(index) < bound, !ascending || index > last else {
          return .index(index, after: last, list: list)
        }
        last = index
      }
    }
    return nil
  }

  private static func ascend(_ offsets: [Int32], to count: Int) -> Bool {
    guard let last = offsets.last, offsets[0] == 0, Int(last) == count else { return false }
    return zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }
  }
}
