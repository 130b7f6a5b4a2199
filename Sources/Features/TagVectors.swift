import TwoTowerKernels

/// Tags as vectors over terms: ln(1 + count) × ln((1 + items) / (1 + items with the term)).
struct TagVectors: Sendable {
  /// How often each item has each term, without held-out pairs.
  let itemTerms: SparseRows
  private let inverseFrequency: [Double]
  /// ln(1 + n) for small n.
  private let logarithms: [Double]
  /// 1 / the length of each item's vector; 0 where it has none.
  private var inverseLengths: [Double] = []

  init(_ tables: PairTables) {
    var items: [Int32] = []
    for (pair, item) in tables.tagged.indices.enumerated() {
      items += Array(repeating: item, count: tables.terms.range(of: pair).count)
    }
    itemTerms = SparseRows(
      summing: items, indices: tables.terms.indices, weights: tables.terms.weights, rowCount: tables.itemCount,
      indexCount: tables.termCount)
    var frequency = [Double](repeating: 0, count: tables.termCount)
    for term in itemTerms.indices { frequency[Int(term)] += 1 }
    inverseFrequency = frequency.map { logarithm((1 + Double(tables.itemCount)) / (1 + $0)) }
    logarithms = (0..<256).map { logarithm(1 + Double($0)) }
    let lengths = (0..<tables.itemCount).map { item in
      itemTerms.range(of: item).reduce(0.0) { sum, entry in
        let value = weight(itemTerms.indices[entry], count: itemTerms.weights[entry])
        return sum + value * value
      }
    }
    inverseLengths = lengths.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
  }

  /// What `count` assignments of `term` weigh.
  func weight(_ term: Int32, count: Float) -> Double {
    let small = Int(count)
    let value = small < logarithms.count ? logarithms[max(0, small)] : logarithm(1 + Double(count))
    return value * inverseFrequency[Int(term)]
  }

  /// The value of an entry of `itemTerms` in the item's vector of length 1.
  func unitValue(_ entry: Int, of item: Int) -> Double {
    weight(itemTerms.indices[entry], count: itemTerms.weights[entry]) * inverseLengths[item]
  }
}

/// What one user's items and own tags say of tastes, over all terms; made again for each user in the same memory.
///
/// In Double: what an item adds to the sums is taken from them again to see them without it.
struct TagProfile {
  private let tables: PairTables
  private let vectors: TagVectors
  /// The sum of the unit vectors of the user's training items, and how many have one.
  private var items: [Double]
  private var itemsWithTags = 0
  private var squaredItems = 0.0
  /// How often the user gave each term.
  private var given: [Float]
  private var squaredGiven = 0.0
  private var touched: [Int] = []

  init(_ tables: PairTables, _ vectors: TagVectors) {
    self.tables = tables
    self.vectors = vectors
    items = Array(repeating: 0, count: tables.termCount)
    given = Array(repeating: 0, count: tables.termCount)
  }

  mutating func load(user: Int) {
    for term in touched {
      items[term] = 0
      given[term] = 0
    }
    touched.removeAll(keepingCapacity: true)
    itemsWithTags = 0
    for entry in tables.training.range(of: user) {
      let item = Int(tables.training.indices[entry])
      if !vectors.itemTerms.range(of: item).isEmpty { itemsWithTags += 1 }
      for termEntry in vectors.itemTerms.range(of: item) {
        let term = Int(vectors.itemTerms.indices[termEntry])
        touch(term)
        items[term] += vectors.unitValue(termEntry, of: item)
      }
    }
    for pair in tables.tagged.range(of: user) {
      for entry in tables.terms.range(of: pair) {
        touch(Int(tables.terms.indices[entry]))
        given[Int(tables.terms.indices[entry])] += tables.terms.weights[entry]
      }
    }
    squaredItems = 0
    squaredGiven = 0
    for term in touched {
      squaredItems += items[term] * items[term]
      let value = vectors.weight(Int32(term), count: given[term])
      squaredGiven += value * value
    }
  }

  private mutating func touch(_ term: Int) {
    if items[term] == 0, given[term] == 0 { touched.append(term) }
  }

  /// Cosines of the item's tags with those of the user's other training items, and with those given to other items.
  ///
  /// - Parameters:
  ///   - isTraining: whether the item is a training item of the user.
  ///   - pair: the user's tagged pair with the item, if any; its assignments are left out of both sides.
  func cosines(item: Int, isTraining: Bool, pair: Int?) -> (items: Float, given: Float) {
    let ownRange = pair.map { tables.terms.range(of: $0) } ?? 0..<0
    var own = ownRange.lowerBound
    var squaredItem = 0.0
    var dotItems = 0.0
    var dotGiven = 0.0
    // Of the item's whole vector, which is part of the profile: with itself, the profile, and the item as seen here.
    var squaredWhole = 0.0
    var dotWhole = 0.0
    var dotSelf = 0.0
    var squaredOthersGiven = squaredGiven
    for entry in vectors.itemTerms.range(of: item) {
      let term = vectors.itemTerms.indices[entry]
      var ownCount: Float = 0
      if own < ownRange.upperBound, tables.terms.indices[own] == term {
        ownCount = tables.terms.weights[own]
        own += 1
      }
      let value = vectors.weight(term, count: vectors.itemTerms.weights[entry] - ownCount)
      let givenCount = given[Int(term)]
      let othersGiven = vectors.weight(term, count: givenCount - ownCount)
      if ownCount > 0 {
        let all = vectors.weight(term, count: givenCount)
        squaredOthersGiven -= all * all - othersGiven * othersGiven
      }
      squaredItem += value * value
      dotItems += value * items[Int(term)]
      dotGiven += value * othersGiven
      let whole = vectors.unitValue(entry, of: item)
      squaredWhole += whole * whole
      dotWhole += whole * items[Int(term)]
      dotSelf += value * whole
    }
    guard squaredItem > 0 else { return (0, 0) }
    let length = squaredItem.squareRoot()
    var others = squaredItems
    var otherItemsWithTags = itemsWithTags
    if isTraining, !vectors.itemTerms.range(of: item).isEmpty {
      dotItems -= dotSelf
      others += squaredWhole - 2 * dotWhole
      otherItemsWithTags -= 1
    }
    return (
      otherItemsWithTags > 0 ? cosine(dotItems, length, squares: others, of: squaredItems) : 0,
      cosine(dotGiven, length, squares: squaredOthersGiven, of: squaredGiven)
    )
  }

  /// The cosine of an item and what is left of a profile; 0 where that is rounding of what the profile was.
  private func cosine(_ dot: Double, _ length: Double, squares: Double, of whole: Double) -> Float {
    guard squares > 1e-13 * whole else { return 0 }
    return Float(min(1, max(0, dot / (length * squares.squareRoot()))))
  }
}
