import TwoTowerDatasets

/// Statistics of users or items before they are standardised: `[count, width]`, row-major.
package struct StatisticsTable: Sendable, Equatable {
  package let width: Int
  /// What a query sees: all that the entity is known to have.
  package var perEntity: [Float]
  /// What each training row sees: without its own part.
  package var perTrainingRow: [Float]
}

/// What both kinds of statistics are made from.
package struct StatisticsInputs: Sendable {
  package private(set) var rows: [RowValues]
  package var priors: RowPriors

  private static let residualStrength = 2.0

  /// - Parameter priors: the means towards which to draw; by default those of the training rows.
  package init(_ builder: FeatureBuilder, priors: RowPriors? = nil) {
    var assignments = [Double](repeating: 0, count: builder.split.train.count)
    for row in builder.assignmentRows where row >= 0 { assignments[Int(row)] += 1 }
    rows = builder.split.train.indices.map { row in
      RowValues(
        label: builder.labels[row], weight: builder.dataset.interactions.weights[Int(builder.split.train[row])],
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
        rows[row].residual =
          rows[row].label
          - others.mean(others.label, prior: priors.label, strength: Self.residualStrength)
        rows[row].logResidual =
          rows[row].logLabel
          - others.mean(others.logLabel, prior: priors.logLabel, strength: Self.residualStrength)
      }
    }
  }
}

extension FeatureBuilder {
  /// The parts that the statistics of training rows leave out, by user or by item.
  func statisticsParts(keys: [Int32], groupCount: Int) -> RowParts {
    switch settings.statisticsExclusion {
    case .leaveOneOut: RowParts(leavingOneOut: keys, groupCount: groupCount)
    case .outOfFold:
      RowParts(
        folds: RowParts.folds(of: trainingPairs, count: settings.statisticsFolds), keys: keys, groupCount: groupCount)
    }
  }
}
