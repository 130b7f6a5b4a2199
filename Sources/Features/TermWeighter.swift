import TwoTowerKernels

/// Turns how often a term occurs into its weight in a bag.
struct TermWeighter: Sendable {
  private let weighting: FeatureSettings.TagWeighting
  /// Of each term; empty for weightings that do not ask.
  private let inverseFrequency: [Float]

  /// - Parameter counts: the bags from which tf-idf takes in how many of them a term occurs.
  init(_ weighting: FeatureSettings.TagWeighting, _ counts: SparseRows, size: Int) {
    self.weighting = weighting
    guard weighting.needsFrequency else {
      inverseFrequency = []
      return
    }
    var frequency = [Float](repeating: 0, count: size)
    for index in counts.indices { frequency[Int(index)] += 1 }
    let bagCount = Double((0..<counts.rowCount).count { !counts.range(of: $0).isEmpty })
    inverseFrequency = frequency.map { Float(logarithm((1 + bagCount) / (1 + Double($0))) + 1) }
  }

  func weighted(_ counts: SparseRows) -> SparseRows {
    guard weighting != .count else { return counts }
    return counts.withWeights(
      zip(counts.indices, counts.weights).map { term, count in
        switch weighting {
        case .count: count
        case .binary: 1
        case .sqrt: count.squareRoot()
        case .log: Float(logarithm(1 + Double(count)))
        case .tfIdf: count * inverseFrequency[Int(term)]
        case .logIdf: Float(logarithm(1 + Double(count))) * inverseFrequency[Int(term)]
        }
      })
  }
}

extension TermWeighter {
  /// What was fitted, as named arrays.
  var tables: FittedTables {
    var tables = FittedTables()
    tables.words["weighting"] = weighting.rawValue
    tables.numbers["inverse-frequency"] = inverseFrequency
    return tables
  }

  init(reading reader: FittedTablesReader, size: Int) throws {
    weighting = try reader.choice("weighting", of: FeatureSettings.TagWeighting.self)
    inverseFrequency = try reader.numbers(
      "inverse-frequency", count: weighting.needsFrequency ? size : 0, atLeast: 0)
  }
}

extension FeatureSettings.TagWeighting {
  fileprivate var needsFrequency: Bool { self == .tfIdf || self == .logIdf }
}
