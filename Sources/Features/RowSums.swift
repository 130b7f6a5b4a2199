import TwoTowerDatasets
import TwoTowerKernels

/// What a training row adds to the statistics of its user and its item.
package struct RowValues: Sendable {
  var label, logLabel, logWeight: Double
  /// What the label and its logarithm differ from the mean of the same user's other rows.
  var residual = 0.0, logResidual = 0.0
  /// The user's tag assignments to the item.
  var tagAssignments: Double

  private static let smallestLabel = 1e-6

  init(label: Float, weight: Float, tagAssignments: Double) {
    self.label = Double(label)
    logLabel = logarithm(max(self.label, Self.smallestLabel))
    logWeight = logarithm(1 + max(0, Double(weight)))
    self.tagAssignments = tagAssignments
  }
}

/// Sums over training rows, from which every statistic follows; sums of disjoint sets of rows merge.
package struct RowSums: Sendable {
  var count = 0.0
  var label = 0.0, squaredLabel = 0.0, logLabel = 0.0
  var logWeight = 0.0, squaredLogWeight = 0.0
  var residual = 0.0, logResidual = 0.0
  var tagAssignments = 0.0, taggedPairs = 0.0
  var maximum = -Double.infinity, minimum = Double.infinity

  mutating func add(_ row: RowValues) {
    count += 1
    label += row.label
    squaredLabel += row.label * row.label
    logLabel += row.logLabel
    logWeight += row.logWeight
    squaredLogWeight += row.logWeight * row.logWeight
    residual += row.residual
    logResidual += row.logResidual
    tagAssignments += row.tagAssignments
    taggedPairs += row.tagAssignments > 0 ? 1 : 0
    maximum = max(maximum, row.label)
    minimum = min(minimum, row.label)
  }

  /// The sums as if the labels of one user had been scaled by these rows alone.
  func rescaled(_ scaling: LabelScaling) -> RowSums {
    let scale: Double
    switch scaling {
    case .perUserL2: scale = squaredLabel.squareRoot()
    case .perUserMaximum: scale = count > 0 ? maximum : 0
    case .globalMinMax, .log, .binary, .none: return self
    }
    guard scale > 0 else { return self }
    var sums = self
    sums.label /= scale
    sums.squaredLabel /= scale * scale
    sums.logLabel -= count * logarithm(scale)
    sums.maximum /= scale
    sums.minimum /= scale
    return sums
  }

  mutating func merge(_ other: RowSums) {
    count += other.count
    label += other.label
    squaredLabel += other.squaredLabel
    logLabel += other.logLabel
    logWeight += other.logWeight
    squaredLogWeight += other.squaredLogWeight
    residual += other.residual
    logResidual += other.logResidual
    tagAssignments += other.tagAssignments
    taggedPairs += other.taggedPairs
    maximum = max(maximum, other.maximum)
    minimum = min(minimum, other.minimum)
  }
}

/// Means over all training rows, towards which the statistics of few rows are drawn.
package struct RowPriors: Sendable, Equatable {
  package var label = 0.0, squaredLabel = 0.0, logLabel = 0.0, logWeight = 0.0, squaredLogWeight = 0.0

  init(_ rows: [RowValues]) {
    var sums = RowSums()
    for row in rows { sums.add(row) }
    guard sums.count > 0 else { return }
    label = sums.label / sums.count
    squaredLabel = sums.squaredLabel / sums.count
    logLabel = sums.logLabel / sums.count
    logWeight = sums.logWeight / sums.count
    squaredLogWeight = sums.squaredLogWeight / sums.count
  }

  /// The means in a row, as they are saved.
  var values: [Double] { [label, squaredLabel, logLabel, logWeight, squaredLogWeight] }

  /// How many means there are.
  static let count = 5

  /// - Precondition: `count` values, in the order of `values`.
  init(values: [Double]) {
    precondition(values.count == Self.count, "RowPriors: \(values.count) values")
    (label, squaredLabel, logLabel) = (values[0], values[1], values[2])
    (logWeight, squaredLogWeight) = (values[3], values[4])
  }
}

extension RowSums {
  /// A mean drawn towards `prior` as if by `strength` more rows.
  func mean(_ sum: Double, prior: Double, strength: Double) -> Double {
    (sum + strength * prior) / (count + strength)
  }

  /// A standard deviation drawn towards the prior one as if by `strength` more rows.
  func deviation(
    _ sum: Double, squares: Double, prior: Double, priorSquare: Double, strength: Double
  ) -> Double {
    let mean = mean(sum, prior: prior, strength: strength)
    return max(0, self.mean(squares, prior: priorSquare, strength: strength) - mean * mean).squareRoot()
  }
}

/// Which part of a user's or an item's training rows each row belongs to: its statistics leave that part out.
package struct RowParts: Sendable {
  /// Positions of training rows by user or item.
  let rows: Grouping
  /// The part of each training row, among those of the same user or item.
  let part: [Int32]

  /// Every row is a part of its own.
  init(leavingOneOut keys: [Int32], groupCount: Int) {
    rows = Grouping(keys: keys, groupCount: groupCount)
    var part = [Int32](repeating: 0, count: keys.count)
    for group in 0..<groupCount {
      let range = rows.range(of: group)
      for position in range { part[Int(rows.order[position])] = Int32(position - range.lowerBound) }
    }
    self.part = part
  }

  /// Rows of the same fold are one part.
  init(folds: [Int32], keys: [Int32], groupCount: Int) {
    rows = Grouping(keys: keys, groupCount: groupCount)
    part = folds
  }

  /// Deals each user's rows, in the order of their items, into folds in turn, beginning at another fold for each user.
  static func folds(of pairs: PairTable, count: Int) -> [Int32] {
    var folds = [Int32](repeating: 0, count: pairs.count)
    for user in 0..<pairs.userCount {
      for (turn, entry) in pairs.range(of: user).enumerated() {
        folds[Int(pairs.positions[entry])] = Int32((turn + user) % count)
      }
    }
    return folds
  }

  /// Sums over all rows of `group`, and for each part over the rows outside it.
  ///
  /// From sums before and after each part, not by subtraction: no trace of a row is left in what it sees.
  func sums(of group: Int, values: [RowValues]) -> (total: RowSums, outside: [RowSums]) {
    let positions = rows.range(of: group)
    var partCount = 0
    for position in positions { partCount = max(partCount, Int(part[Int(rows.order[position])]) + 1) }
    var parts = [RowSums](repeating: RowSums(), count: partCount)
    for position in positions {
      let row = Int(rows.order[position])
      parts[Int(part[row])].add(values[row])
    }
    var outside = parts
    var before = RowSums()
    for index in parts.indices {
      outside[index] = before
      before.merge(parts[index])
    }
    var after = RowSums()
    for index in parts.indices.reversed() {
      outside[index].merge(after)
      after.merge(parts[index])
    }
    return (before, outside)
  }
}
