import TwoTowerKernels

/// Counts and statistics of what a user is known to have, standardised over what training rows see.
struct UserStatisticsFeature: UserFeature {
  static let name = FeatureName.userStatistics
  static let vocabularyName: String? = nil

  private let statistics: [UserStatistic]
  /// Towards which the statistics of few rows are drawn.
  private let priors: RowPriors
  private let standardiser: Standardiser

  init(fitting builder: FeatureBuilder) {
    let inputs = StatisticsInputs(builder)
    statistics = builder.settings.userStatistics
    priors = inputs.priors
    standardiser = Standardiser(fitting: builder.userStatisticsOfTrainingRows(inputs), width: statistics.count)
  }

  func encode(_ users: UserProfiles, labels: SparseRows) -> FeatureColumn {
    column(statistics.values(of: users, labels: labels, priors))
  }

  func trainingView(of entities: FeatureColumn, _ builder: FeatureBuilder) -> TrainingView {
    .rows(column(builder.userStatisticsOfTrainingRows(StatisticsInputs(builder))))
  }

  private func column(_ rawValues: [Float]) -> FeatureColumn {
    var values = rawValues
    standardiser.apply(to: &values)
    return .dense(values, width: statistics.count)
  }

  var tables: FittedTables {
    var tables = FittedTables()
    tables.words["statistics"] = statistics.map(\.rawValue).joined(separator: ",")
    tables.add(bits: priors.values.map(\.bitPattern), as: "priors")
    tables.numbers["means"] = standardiser.means
    tables.numbers["scales"] = standardiser.scales
    return tables
  }

  init(reading reader: FittedTablesReader, _ sizes: FittedSizes) throws {
    statistics = try reader.choices("statistics", of: UserStatistic.self)
    let values = try reader.bits("priors", count: RowPriors.count).map(Double.init(bitPattern:))
    guard values.allSatisfy(\.isFinite) else {
      throw reader.unexpected("priors", found: "a value that is not finite", expected: "finite values")
    }
    priors = RowPriors(values: values)
    standardiser = Standardiser(
      means: try reader.numbers("means", count: statistics.count),
      scales: try reader.numbers("scales", count: statistics.count, atLeast: 0))
  }
}

extension [UserStatistic] {
  /// The statistics of each user, of raw scale: `[users.count, count]`, row-major.
  ///
  /// - Parameter labels: the users' histories, with labels as weights.
  func values(of users: UserProfiles, labels: SparseRows, _ priors: RowPriors) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(users.count * count)
    for user in 0..<users.count {
      var sums = RowSums()
      for entry in users.history.range(of: user) {
        let tagged = users.taggedItems.entry(row: user, index: users.history.indices[entry])
        sums.add(
          RowValues(
            label: labels.weights[entry], weight: users.history.weights[entry],
            tagAssignments: tagged.map { Double(users.taggedItems.weights[$0]) } ?? 0))
      }
      let constants = UserConstants(
        friends: users.friends.weightSum(of: user),
        otherAssignments: users.taggedItems.weightSum(of: user) - sums.tagAssignments,
        otherTaggedItems: Double(users.taggedItems.range(of: user).count) - sums.taggedPairs)
      for statistic in self { values.append(Float(statistic.value(sums, constants, priors))) }
    }
    return values
  }
}

extension FeatureBuilder {
  /// What each training row sees of its user's statistics, without its own part; of raw scale: `[rows, statistics]`,
  /// row-major.
  func userStatisticsOfTrainingRows(_ inputs: StatisticsInputs) -> [Float] {
    let users = userProfiles
    let statistics = settings.userStatistics
    let parts = statisticsParts(keys: trainingUsers, groupCount: users.count)
    var values = [Float](repeating: 0, count: split.train.count * statistics.count)
    for user in 0..<users.count {
      let (total, outside) = parts.sums(of: user, values: inputs.rows)
      let constants = UserConstants(
        friends: users.friends.weightSum(of: user),
        otherAssignments: users.taggedItems.weightSum(of: user) - total.tagAssignments,
        otherTaggedItems: Double(users.taggedItems.range(of: user).count) - total.taggedPairs)
      // Labels are scaled anew by the rows that are seen: else a small rest would tell of a large label left out.
      let seen = outside.map { $0.rescaled(labelScaler.scaling) }
      for position in parts.rows.range(of: user) {
        let row = Int(parts.rows.order[position])
        for (column, statistic) in statistics.enumerated() {
          values[row * statistics.count + column] =
            Float(statistic.value(seen[Int(parts.part[row])], constants, inputs.priors))
        }
      }
    }
    return values
  }

  /// The statistics of users, of raw scale.
  package func userStatistics(_ inputs: StatisticsInputs) -> StatisticsTable {
    let users = userProfiles
    return StatisticsTable(
      width: settings.userStatistics.count,
      perEntity: settings.userStatistics.values(
        of: users, labels: FeatureEncoder(labelScaler: labelScaler).encode(users).labels, inputs.priors),
      perTrainingRow: userStatisticsOfTrainingRows(inputs))
  }
}
