/// Rows of a sparse matrix, or weighted bags: row `r` has `indices[offsets[r]..<offsets[r + 1]]`, each with a weight.
///
/// The indices of a row may stand in any order; what searches them says that they must ascend.
public struct SparseRows: Sendable, Equatable {
  /// The rows without their weights.
  public private(set) var lists: IndexLists
  /// One weight per index.
  public private(set) var weights: [Float]

  /// - Parameter weights: nil for 1 each.
  /// - Precondition: a weight for every index.
  public init(_ lists: IndexLists, weights: [Float]? = nil) {
    let weights = weights ?? [Float](repeating: 1, count: lists.indices.count)
    precondition(
      lists.indices.count == weights.count, "SparseRows: \(lists.indices.count) indices, \(weights.count) weights")
    self.lists = lists
    self.weights = weights
  }

  /// - Precondition: offsets ascend from 0 to `indices.count`; a weight for every index.
  public init(offsets: [Int32] = [0], indices: [Int32] = [], weights: [Float] = []) {
    self.init(IndexLists(offsets: offsets, indices: indices), weights: weights)
  }

  /// Rows without entries.
  public init(emptyRows count: Int) { self.init(offsets: [Int32](repeating: 0, count: count + 1)) }

  @inlinable public var rowCount: Int { lists.count }
  /// `rowCount + 1` ascending positions, the first 0.
  @inlinable public var offsets: [Int32] { lists.offsets }
  @inlinable public var indices: [Int32] { lists.indices }
  /// The row of each entry.
  public var owners: [Int32] { lists.owners }

  /// The positions of a row in `indices` and `weights`.
  @inlinable public func range(of row: Int) -> Range<Int> { lists.range(of: row) }

  /// The entry of `index` in a row whose indices ascend, or nil.
  @inlinable public func entry(row: Int, index: Int32) -> Int? { lists.entry(of: row, index: index) }

  /// The entries of an ascending row whose index is in `bounds`.
  @inlinable
  public func entries(of row: Int, in bounds: Range<Int>) -> Range<Int> { lists.entries(of: row, in: bounds) }

  /// The sum of a row's weights.
  public func weightSum(of row: Int) -> Double { range(of: row).reduce(0) { $0 + Double(weights[$1]) } }

  /// The same rows with other weights, by default 1 each.
  ///
  /// - Precondition: a weight for every index.
  public func withWeights(_ weights: [Float]? = nil) -> SparseRows { SparseRows(lists, weights: weights) }

  /// Traps unless every index is in 0..<bound.
  public func checkIndices(below bound: Int, _ name: String) {
    precondition(indices.allSatisfy { $0 >= 0 && $0 < bound }, "\(name): an item is not in 0..<\(bound)")
  }

  // MARK: - Building

  public mutating func reserveCapacity(rows: Int, entries: Int) {
    lists.reserveCapacity(lists: rows, indices: entries)
    weights.reserveCapacity(entries)
  }

  /// Adds an entry to the row under construction.
  public mutating func append(_ index: Int32, weight: Float) {
    lists.append(index)
    weights.append(weight)
  }

  /// Adds the entries `range` of `other` to the row under construction.
  public mutating func append(entries range: Range<Int>, of other: SparseRows) {
    lists.append(contentsOf: other.indices[range])
    weights.append(contentsOf: other.weights[range])
  }

  /// Closes the row under construction.
  ///
  /// - Precondition: there are no more entries than `IndexLists.maximumCount`.
  public mutating func endRow() { lists.endList() }
}
