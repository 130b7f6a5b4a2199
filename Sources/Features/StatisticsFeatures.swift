import Datasets

/// Statistics of users or items before they are standardised: `[count, width]`, row-major.
package struct StatisticsTable: Sendable, Equatable {
  package let width: Int
  /// What a query sees: all training rows.
  package var perEntity: [Float]
  /// What each training row sees: without its own part.
  package var perTrainingRow: [Float]

  /// Both columns standardised over what training rows see.
  func feature(_ name: FeatureName) -> Feature {
    let standardiser = Standardiser(fitting: perTrainingRow, width: width)
    var entity = perEntity
    var rows = perTrainingRow
    standardiser.apply(to: &entity)
    standardiser.apply(to: &rows)
    return Feature(
      name: name.rawValue, entity: .dense(entity, width: width), perTrainingRow: .dense(rows, width: width))
  }
}

/// What both kinds of statistics are made from.
package struct StatisticsInputs: Sendable {
  package private(set) var rows: [RowValues]
  package var priors: RowPriors

  private static let smallestLabel = 1e-6
  private static let residualStrength = 2.0

  /// - Parameter priors: the means towards which to draw; by default those of the training rows.
  package init(_ builder: FeatureBuilder, priors: RowPriors? = nil) {
    var assignments = [Double](repeating: 0, count: builder.split.train.count)
    for row in builder.assignmentRows where row >= 0 { assignments[Int(row)] += 1 }
    rows = builder.split.train.indices.map { row in
      let interaction = Int(builder.split.train[row])
      let label = Double(builder.labels[row])
      return RowValues(
        label: label, logLabel: logarithm(max(label, Self.smallestLabel)),
        logWeight: logarithm(1 + max(0, Double(builder.dataset.interactions.weights[interaction]))),
        tagAssignments: assignments[row])
    }
    self.priors = priors ?? RowPriors(rows)
    setResiduals(users: RowParts(leavingOneOut: builder.trainingUsers, groupCount: builder.dataset.users.count))
  }

  private mutating func setResiduals(users: RowParts) {
    for user in 0..<(users.rows.offsets.count - 1) {
      let outside = users.sums(of: user, values: rows).outside
      for position in users.rows.range(of: user) {
        let row = Int(users.rows.order[position])
        let others = outside[Int(users.part[row])]
        rows[row].residual = rows[row].label
          - others.mean(others.label, prior: priors.label, strength: Self.residualStrength)
        rows[row].logResidual = rows[row].logLabel
          - others.mean(others.logLabel, prior: priors.logLabel, strength: Self.residualStrength)
      }
    }
  }
}

extension FeatureBuilder {
  func userStatistics() -> Feature {
    userStatistics(StatisticsInputs(self)).feature(.userStatistics)
  }

  func itemStatistics() -> Feature {
    itemStatistics(StatisticsInputs(self)).feature(.itemStatistics)
  }

  private func parts(keys: [Int32], groupCount: Int) -> RowParts {
    switch settings.statisticsExclusion {
    case .leaveOneOut: RowParts(leavingOneOut: keys, groupCount: groupCount)
    case .outOfFold:
      RowParts(
        folds: RowParts.folds(of: trainingPairs, count: settings.statisticsFolds), keys: keys, groupCount: groupCount)
    }
  }

  /// The user's statistics, of raw scale.
  package func userStatistics(_ inputs: StatisticsInputs) -> StatisticsTable {
    let userCount = dataset.users.count
    let parts = parts(keys: trainingUsers, groupCount: userCount)
    let tagged = PairTable(
      users: assignments.users, items: assignments.items, userCount: userCount, itemCount: dataset.items.count)
    var friendCounts = [Double](repeating: 0, count: userCount)
    for user in dataset.friendships.users { friendCounts[Int(user)] += 1 }

    let statistics = settings.userStatistics
    var table = StatisticsTable(
      width: statistics.count, perEntity: [],
      perTrainingRow: Array(repeating: 0, count: split.train.count * statistics.count))
    for user in 0..<userCount {
      let (total, outside) = parts.sums(of: user, values: inputs.rows)
      var constants = UserConstants(
        friends: friendCounts[user], otherAssignments: Double(tagged.range(of: user).count) - total.tagAssignments,
        otherTaggedItems: -total.taggedPairs)
      var last: Int32 = -1
      for entry in tagged.range(of: user) where tagged.items[entry] != last {
        last = tagged.items[entry]
        constants.otherTaggedItems += 1
      }
      for statistic in statistics {
        table.perEntity.append(Float(statistic.value(total, constants, inputs.priors)))
      }
      // Labels are scaled anew by the rows that are seen: else a small rest would tell of a large label left out.
      let seen = outside.map { $0.rescaled(labelScaler.scaling) }
      for position in parts.rows.range(of: user) {
        let row = Int(parts.rows.order[position])
        for (column, statistic) in statistics.enumerated() {
          table.perTrainingRow[row * table.width + column] =
            Float(statistic.value(seen[Int(parts.part[row])], constants, inputs.priors))
        }
      }
    }
    return table
  }

  /// The item's statistics, of raw scale.
  package func itemStatistics(_ inputs: StatisticsInputs) -> StatisticsTable {
    let itemCount = dataset.items.count
    let parts = parts(keys: trainingRowItems, groupCount: itemCount)
    let tagging = ItemTagging(self, parts: parts)

    let statistics = settings.itemStatistics
    var table = StatisticsTable(
      width: statistics.count, perEntity: [],
      perTrainingRow: Array(repeating: 0, count: split.train.count * statistics.count))
    for item in 0..<itemCount {
      let (total, outside) = parts.sums(of: item, values: inputs.rows)
      let (constants, ownTags) = tagging.constants(of: item, total: total, partCount: outside.count)
      for statistic in statistics {
        table.perEntity.append(Float(statistic.value(total, constants, inputs.priors)))
      }
      for position in parts.rows.range(of: item) {
        let row = Int(parts.rows.order[position])
        let part = Int(parts.part[row])
        var seen = constants
        seen.distinctTags -= ownTags[part]
        for (column, statistic) in statistics.enumerated() {
          table.perTrainingRow[row * table.width + column] =
            Float(statistic.value(outside[part], seen, inputs.priors))
        }
      }
    }
    return table
  }
}
