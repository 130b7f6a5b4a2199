import TwoTowerKernels

/// What pair features are computed from: all that a saved run has to keep, as plain arrays.
package struct PairTables: Sendable, Equatable {
  /// The columns, in order.
  package var statistics: [PairStatistic]
  package var labelScaling: LabelScaling
  package var itemCount: Int
  /// Terms (tags or words), the unknown row 0 included.
  package var termCount: Int

  /// Each user's training items, ascending; the weight is the label.
  package var training: SparseRows
  /// Each user's friends, ascending.
  package var friends: SparseRows
  /// Each user's tagged items, ascending, held-out pairs included; the weight is the number of assignments.
  package var tagged: SparseRows
  /// Of each tagged pair: 1 when it is held out, plus 2 when its time is known.
  package var taggedFlags: [Int32]
  /// Of each tagged pair: its newest time, standardised; 0 when unknown.
  package var taggedTimes: [Float]
  /// A row per tagged pair: its terms, ascending; the weight is how often it was given.
  ///
  /// Empty for held-out pairs.
  package var terms: SparseRows
  /// The mean label of the training rows.
  package var meanLabel: Float
  /// One per column: what is subtracted, then what it is multiplied by.
  package var means, scales: [Float]

  static let heldOut: Int32 = 1
  static let timeKnown: Int32 = 2

  package var userCount: Int { training.rowCount }

  /// The arrays by name, for a file; `init(statistics:integers:numbers:)` reads them back.
  package var integers: [String: [Int32]] {
    [
      "sizes": [Int32(itemCount), Int32(termCount)],
      "label-scaling": [Int32(LabelScaling.allCases.firstIndex(of: labelScaling)!)],
      "training-offsets": training.offsets,
      "training-items": training.indices, "friend-offsets": friends.offsets, "friends": friends.indices,
      "tagged-offsets": tagged.offsets, "tagged-items": tagged.indices, "tagged-flags": taggedFlags,
      "term-offsets": terms.offsets, "terms": terms.indices,
    ]
  }

  /// The arrays of numbers by name, for a file.
  package var numbers: [String: [Float]] {
    [
      "training-labels": training.weights, "mean-label": [meanLabel], "tagged-counts": tagged.weights,
      "tagged-times": taggedTimes, "term-counts": terms.weights, "means": means, "scales": scales,
    ]
  }

  init(
    statistics: [PairStatistic], labelScaling: LabelScaling, itemCount: Int, termCount: Int, training: SparseRows,
    friends: SparseRows, tagged: SparseRows, taggedFlags: [Int32], taggedTimes: [Float], terms: SparseRows,
    meanLabel: Float
  ) {
    self.statistics = statistics
    self.labelScaling = labelScaling
    self.itemCount = itemCount
    self.termCount = termCount
    self.training = training
    self.friends = friends
    self.tagged = tagged
    self.taggedFlags = taggedFlags
    self.taggedTimes = taggedTimes
    self.terms = terms
    self.meanLabel = meanLabel
    means = Array(repeating: 0, count: statistics.count)
    scales = Array(repeating: 1, count: statistics.count)
  }

  /// - Throws: `FeatureError.table` when an array is missing or does not fit the others.
  package init(statistics: [PairStatistic], integers: [String: [Int32]], numbers: [String: [Float]]) throws {
    var tables = FittedTables()
    tables.integers = integers
    tables.numbers = numbers
    let reader = FittedTablesReader(tables)
    func rows(_ name: String, offsets: String, weights: String? = nil, count: Int? = nil, below bound: Int) throws
      -> SparseRows
    {
      let lists = try reader.lists(name, offsets: offsets, count: count, below: bound)
      return SparseRows(lists, weights: try weights.map { try reader.numbers($0, count: lists.indices.count) })
    }
    let sizes = try reader.integers("sizes", count: 2).map(Int.init)
    guard sizes.allSatisfy({ $0 >= 0 }) else {
      throw reader.unexpected("sizes", found: "\(sizes)", expected: "two sizes")
    }
    let scaling = try reader.integer("label-scaling", in: 0...LabelScaling.allCases.count - 1)
    let training = try rows("training-items", offsets: "training-offsets", weights: "training-labels", below: sizes[0])
    let userCount = training.rowCount
    let friends = try rows("friends", offsets: "friend-offsets", count: userCount, below: userCount)
    let tagged = try rows(
      "tagged-items", offsets: "tagged-offsets", weights: "tagged-counts", count: userCount, below: sizes[0])
    let pairCount = tagged.indices.count
    self.init(
      statistics: statistics, labelScaling: LabelScaling.allCases[scaling], itemCount: sizes[0], termCount: sizes[1],
      training: training, friends: friends, tagged: tagged,
      taggedFlags: try reader.integers("tagged-flags", count: pairCount),
      taggedTimes: try reader.numbers("tagged-times", count: pairCount),
      terms: try rows("terms", offsets: "term-offsets", weights: "term-counts", count: pairCount, below: sizes[1]),
      meanLabel: try reader.numbers("mean-label", count: 1)[0])
    means = try reader.numbers("means", count: statistics.count)
    scales = try reader.numbers("scales", count: statistics.count)
  }
}
