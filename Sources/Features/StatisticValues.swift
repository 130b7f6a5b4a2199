import TwoTowerDatasets
import TwoTowerKernels

/// What a user's statistics need beside the sums over training rows.
struct UserConstants {
  var friends: Double
  /// Assignments to, and number of, tagged items that are no training items of the user.
  var otherAssignments, otherTaggedItems: Double
}

extension UserStatistic {
  private static let strength = 2.0

  func value(_ sums: RowSums, _ user: UserConstants, _ priors: RowPriors) -> Double {
    let strength = Self.strength
    switch self {
    case .trainingRows: return logarithm(1 + sums.count)
    case .mean: return sums.mean(sums.label, prior: priors.label, strength: strength)
    case .maximum: return sums.count > 0 ? sums.maximum : priors.label
    case .minimum: return sums.count > 0 ? sums.minimum : priors.label
    case .standardDeviation:
      return sums.deviation(
        sums.label, squares: sums.squaredLabel, prior: priors.label, priorSquare: priors.squaredLabel,
        strength: strength)
    case .meanSquare: return sums.mean(sums.squaredLabel, prior: priors.squaredLabel, strength: strength)
    case .meanLogLabel: return sums.mean(sums.logLabel, prior: priors.logLabel, strength: strength)
    case .meanLogWeight: return sums.mean(sums.logWeight, prior: priors.logWeight, strength: strength)
    case .standardDeviationOfLogWeight:
      return sums.deviation(
        sums.logWeight, squares: sums.squaredLogWeight, prior: priors.logWeight,
        priorSquare: priors.squaredLogWeight, strength: strength)
    case .tagAssignments: return logarithm(1 + user.otherAssignments + sums.tagAssignments)
    case .taggedItems: return logarithm(1 + user.otherTaggedItems + sums.taggedPairs)
    case .taggedShare: return sums.mean(sums.taggedPairs, prior: 0.25, strength: strength)
    case .friends: return logarithm(1 + user.friends)
    }
  }
}

/// What an item's statistics need beside the sums over training rows.
struct ItemConstants {
  /// Assignments by, and number of, users who tagged the item without a training row of it.
  var otherAssignments = 0.0, otherTaggers = 0.0
  var distinctTags = 0.0
}

extension ItemStatistic {
  private static let strength = 3.0

  func value(_ sums: RowSums, _ item: ItemConstants, _ priors: RowPriors) -> Double {
    let strength = Self.strength
    switch self {
    case .trainingRows: return logarithm(1 + sums.count)
    case .unseen: return sums.count > 0 ? 0 : 1
    case .mean: return sums.mean(sums.label, prior: priors.label, strength: strength)
    case .maximum: return sums.count > 0 ? sums.maximum : priors.label
    case .standardDeviation:
      return sums.deviation(
        sums.label, squares: sums.squaredLabel, prior: priors.label, priorSquare: priors.squaredLabel,
        strength: strength)
    case .meanResidual: return sums.mean(sums.residual, prior: 0, strength: strength)
    case .meanLogLabel: return sums.mean(sums.logLabel, prior: priors.logLabel, strength: strength)
    case .meanLogResidual: return sums.mean(sums.logResidual, prior: 0, strength: strength)
    case .meanLogWeight: return sums.mean(sums.logWeight, prior: priors.logWeight, strength: strength)
    case .tagAssignments: return logarithm(1 + item.otherAssignments + sums.tagAssignments)
    case .taggers: return logarithm(1 + item.otherTaggers + sums.taggedPairs)
    case .distinctTags: return logarithm(1 + item.distinctTags)
    }
  }
}

/// Tag assignments by item, to count what an item keeps of them without some of its training rows.
struct ItemTagging {
  private let assignments: Grouping
  private let tags: [Int32]
  private let takers: PairTable
  private let partOfAssignment: [Int32]

  init(_ builder: FeatureBuilder, parts: RowParts) {
    tags = builder.assignments.tags
    let byTag = Grouping(keys: tags, groupCount: builder.dataset.tagNames.count)
    assignments = Grouping(
      keys: builder.assignments.items, groupCount: builder.dataset.items.count, order: byTag.order)
    takers = PairTable(
      users: builder.assignments.items, items: builder.assignments.users, userCount: builder.dataset.items.count,
      itemCount: builder.dataset.users.count)
    partOfAssignment = builder.assignmentRows.map { $0 < 0 ? -1 : parts.part[Int($0)] }
  }

  /// The item's constants, and for each part of its rows the tags that nobody outside the part gave.
  func constants(of item: Int, total: RowSums, partCount: Int) -> (ItemConstants, ownTags: [Double]) {
    var constants = ItemConstants(
      otherAssignments: Double(takers.range(of: item).count) - total.tagAssignments,
      otherTaggers: -total.taggedPairs)
    var last: Int32 = -1
    for entry in takers.range(of: item) where takers.items[entry] != last {
      last = takers.items[entry]
      constants.otherTaggers += 1
    }

    var ownTags = [Double](repeating: 0, count: partCount)
    var position = assignments.range(of: item).lowerBound
    let end = assignments.range(of: item).upperBound
    while position < end {
      let tag = tags[Int(assignments.order[position])]
      let part = partOfAssignment[Int(assignments.order[position])]
      var isOfOnePart = part >= 0
      while position < end, tags[Int(assignments.order[position])] == tag {
        if partOfAssignment[Int(assignments.order[position])] != part { isOfOnePart = false }
        position += 1
      }
      constants.distinctTags += 1
      if isOfOnePart { ownTags[Int(part)] += 1 }
    }
    return (constants, ownTags)
  }
}
