/// Rows of a sparse matrix, or weighted bags: row `r` has `indices[offsets[r]..<offsets[r + 1]]`, each with a weight.
///
/// The indices of a row may stand in any order; what searches them says that they must ascend.
package struct SparseRows: Sendable, Equatable {
  // Stored as they are read: a getter in another module that is not inlined would count references in inner loops.
  /// `rowCount + 1` ascending positions, the first 0.
  package private(set) var offsets: [Int32]
  package private(set) var indices: [Int32]
  /// One weight per index.
  package private(set) var weights: [Float]

  /// - Parameter weights: nil for 1 each.
  /// - Precondition: a weight for every index.
  package init(_ lists: IndexLists, weights: [Float]? = nil) {
    let weights = weights ?? [Float](repeating: 1, count: lists.indices.count)
    precondition(
      lists.indices.count == weights.count, "SparseRows: \(lists.indices.count) indices, \(weights.count) weights")
    offsets = lists.offsets
    indices = lists.indices
    self.weights = weights
  }

  /// - Precondition: offsets ascend from 0 to `indices.count`; a weight for every index.
  package init(offsets: [Int32] = [0], indices: [Int32] = [], weights: [Float] = []) {
    self.init(IndexLists(offsets: offsets, indices: indices), weights: weights)
  }

  /// Rows without entries.
  package init(emptyRows count: Int) { self.init(offsets: [Int32](repeating: 0, count: count + 1)) }

  package var rowCount: Int { offsets.count - 1 }
  /// The rows without their weights.
  package var lists: IndexLists { IndexLists(unchecked: offsets, indices) }
  /// The row of each entry.
  package var owners: [Int32] { lists.owners }

  /// The positions of a row in `indices` and `weights`.
  package func range(of row: Int) -> Range<Int> { Int(offsets[row])..<Int(offsets[row + 1]) }

  /// The entry of `index` in a row whose indices ascend, or nil.
  package func entry(row: Int, index: Int32) -> Int? { lists.entry(of: row, index: index) }

  /// The entries of an ascending row whose index is in `bounds`.
  package func entries(of row: Int, in bounds: Range<Int>) -> Range<Int> { lists.entries(of: row, in: bounds) }

  /// The sum of a row's weights.
  package func weightSum(of row: Int) -> Double { range(of: row).reduce(0) { $0 + Double(weights[$1]) } }

  /// The same rows with other weights, by default 1 each.
  ///
  /// - Precondition: a weight for every index.
  package func withWeights(_ weights: [Float]? = nil) -> SparseRows { SparseRows(lists, weights: weights) }

  /// Traps unless every index is in 0..<bound.
  package func checkIndices(below bound: Int, _ name: String) {
    precondition(indices.allSatisfy { $0 >= 0 && $0 < bound }, "\(name): an item is not in 0..<\(bound)")
  }

  // MARK: - Building

  package mutating func reserveCapacity(rows: Int, entries: Int) {
    offsets.reserveCapacity(rows + 1)
    indices.reserveCapacity(entries)
    weights.reserveCapacity(entries)
  }

  /// Adds an entry to the row under construction.
  package mutating func append(_ index: Int32, weight: Float) {
    indices.append(index)
    weights.append(weight)
  }

  /// Adds the entries `range` of `other` to the row under construction.
  package mutating func append(entries range: Range<Int>, of other: SparseRows) {
    indices.append(contentsOf: other.indices[range])
    weights.append(contentsOf: other.weights[range])
  }

  /// Closes the row under construction.
  ///
  /// - Precondition: there are no more entries than `IndexLists.maximumCount`.
  package mutating func endRow() { offsets.append(IndexLists.offset(indices.count)) }
}
