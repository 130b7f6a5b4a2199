import Kernels

/// What pair features are computed from: all that a saved run has to keep, as plain arrays.
public struct PairTables: Sendable, Equatable {
  /// The columns, in order.
  public var statistics: [PairStatistic]
  public var labelScaling: LabelScaling
  public var itemCount: Int
  /// Terms (tags or words), the unknown row 0 included.
  public var termCount: Int

  /// Each user's training items, ascending; the weight is the label.
  public var training: SparseRows
  /// Each user's friends, ascending.
  public var friends: SparseRows
  /// Each user's tagged items, ascending, held-out pairs included; the weight is the number of assignments.
  public var tagged: SparseRows
  /// Of each tagged pair: 1 when it is held out, plus 2 when its time is known.
  public var taggedFlags: [Int32]
  /// Of each tagged pair: its newest time, standardised; 0 when unknown.
  public var taggedTimes: [Float]
  /// A row per tagged pair: its terms, ascending; the weight is how often it was given. Empty for held-out pairs.
  public var terms: SparseRows
  /// The mean label of the training rows.
  public var meanLabel: Float
  /// One per column: what is subtracted, then what it is multiplied by.
  public var means, scales: [Float]

  static let heldOut: Int32 = 1
  static let timeKnown: Int32 = 2

  public var userCount: Int { training.rowCount }

  /// The arrays by name, for a file; `init(statistics:integers:numbers:)` reads them back.
  public var integers: [String: [Int32]] {
    [
      "sizes": [Int32(itemCount), Int32(termCount)],
      "label-scaling": [Int32(LabelScaling.allCases.firstIndex(of: labelScaling)!)], "training-offsets": training.offsets,
      "training-items": training.indices, "friend-offsets": friends.offsets, "friends": friends.indices,
      "tagged-offsets": tagged.offsets, "tagged-items": tagged.indices, "tagged-flags": taggedFlags,
      "term-offsets": terms.offsets, "terms": terms.indices,
    ]
  }

  /// The arrays of numbers by name, for a file.
  public var numbers: [String: [Float]] {
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
  public init(statistics: [PairStatistic], integers: [String: [Int32]], numbers: [String: [Float]]) throws {
    func wholes(_ name: String) throws -> [Int32] {
      guard let values = integers[name] else { throw FeatureError.missingTable(name) }
      return values
    }
    func reals(_ name: String, count: Int) throws -> [Float] {
      guard let values = numbers[name] else { throw FeatureError.missingTable(name) }
      guard values.count == count else {
        throw FeatureError.table(name: name, found: "\(values.count) values", expected: "\(count)")
      }
      guard values.allSatisfy(\.isFinite) else {
        throw FeatureError.table(name: name, found: "a value that is not finite", expected: "finite values")
      }
      return values
    }
    func rows(_ offsets: String, _ indices: String, _ weights: String?, below limit: Int) throws -> SparseRows {
      let (starts, entries) = (try wholes(offsets), try wholes(indices))
      switch IndexLists.defect(offsets: starts, indices: entries, below: limit, ascending: true) {
      case .offsets:
        throw FeatureError.table(
          name: offsets, found: "other offsets", expected: "ascending ones from 0 to \(entries.count)")
      case .index(let index, let last, let row):
        throw FeatureError.table(
          name: indices, found: "\(index) after \(last) in row \(row)", expected: "ascending below \(limit)")
      case nil: break
      }
      return SparseRows(
        IndexLists(offsets: starts, indices: entries), weights: try weights.map { try reals($0, count: entries.count) })
    }
    func check(_ name: String, _ found: Int, _ expected: Int) throws {
      guard found != expected else { return }
      throw FeatureError.table(name: name, found: "\(found) rows", expected: "\(expected)")
    }
    let sizes = try wholes("sizes")
    guard sizes.count == 2, sizes.allSatisfy({ $0 >= 0 }) else {
      throw FeatureError.table(name: "sizes", found: "\(sizes.prefix(3))", expected: "two sizes")
    }
    let scaling = try wholes("label-scaling")
    guard scaling.count == 1, LabelScaling.allCases.indices.contains(Int(scaling[0])) else {
      throw FeatureError.table(name: "label-scaling", found: "\(scaling.prefix(3))", expected: "one known scaling")
    }
    let itemCount = Int(sizes[0])
    let termCount = Int(sizes[1])
    let training = try rows("training-offsets", "training-items", "training-labels", below: itemCount)
    let friends = try rows("friend-offsets", "friends", nil, below: training.rowCount)
    let tagged = try rows("tagged-offsets", "tagged-items", "tagged-counts", below: itemCount)
    let terms = try rows("term-offsets", "terms", "term-counts", below: termCount)
    try check("friend-offsets", friends.rowCount, training.rowCount)
    try check("tagged-offsets", tagged.rowCount, training.rowCount)
    try check("term-offsets", terms.rowCount, tagged.indices.count)
    let flags = try wholes("tagged-flags")
    try check("tagged-flags", flags.count, tagged.indices.count)
    self.init(
      statistics: statistics, labelScaling: LabelScaling.allCases[Int(scaling[0])], itemCount: itemCount, termCount: termCount, training: training, friends: friends,
      tagged: tagged, taggedFlags: flags, taggedTimes: try reals("tagged-times", count: flags.count), terms: terms,
      meanLabel: try reals("mean-label", count: 1)[0])
    means = try reals("means", count: statistics.count)
    scales = try reals("scales", count: statistics.count)
  }
}
