import Testing
import TwoTowerDatasets
import TwoTowerFeatures

struct StatisticsFeaturesTests {
  private func table(
    _ data: SmallData, _ statistics: [UserStatistic], _ exclusion: FeatureSettings.StatisticsExclusion = .leaveOneOut
  ) throws -> StatisticsTable {
    var data = data
    data.settings.userStatistics = statistics
    data.settings.statisticsExclusion = exclusion
    let builder = try data.builder()
    return builder.userStatistics(StatisticsInputs(builder))
  }

  private func table(
    _ data: SmallData, _ statistics: [ItemStatistic], _ exclusion: FeatureSettings.StatisticsExclusion = .leaveOneOut
  ) throws -> StatisticsTable {
    var data = data
    data.settings.itemStatistics = statistics
    data.settings.statisticsExclusion = exclusion
    let builder = try data.builder()
    return builder.itemStatistics(StatisticsInputs(builder))
  }

  private func expectClose(_ values: [Float], _ expected: [Double], _ comment: Comment) {
    #expect(values.count == expected.count, comment)
    for (value, wanted) in zip(values, expected) { #expect(abs(Double(value) - wanted) < 1e-6, comment) }
  }

  // Training rows (user, item, label): (0,0,4) (0,1,2) (0,2,1) (1,0,3) (1,2,5) (2,1,7); their mean is 22/6.
  private let prior = 22.0 / 6
  private let log = { (value: Double) in logarithmForTests(value) }

  @Test func userKnownAnswers() throws {
    let data = SmallData.standard
    let prior = prior
    func check(_ statistic: UserStatistic, entity: [Double], rows: [Double]) throws {
      let table = try table(data, [statistic])
      expectClose(table.perEntity, entity, "\(statistic), per user")
      expectClose(table.perTrainingRow, rows, "\(statistic), per row")
    }
    try check(
      .trainingRows, entity: [log(4), log(3), log(2), 0], rows: [log(3), log(3), log(3), log(2), log(2), 0])
    try check(
      .mean, entity: [(7 + 2 * prior) / 5, (8 + 2 * prior) / 4, (7 + 2 * prior) / 3, prior],
      rows: [
        (3 + 2 * prior) / 4, (5 + 2 * prior) / 4, (6 + 2 * prior) / 4, (5 + 2 * prior) / 3, (3 + 2 * prior) / 3, prior,
      ])
    try check(.maximum, entity: [4, 5, 7, prior], rows: [2, 4, 4, 5, 3, prior])
    try check(.minimum, entity: [1, 3, 7, prior], rows: [1, 1, 2, 5, 3, prior])
    // Assignments outside held-out pairs: user 0 two on item 0; user 1 one on 0, one on 2; user 2 one on 4, one on 1.
    try check(
      .tagAssignments, entity: [log(3), log(3), log(3), 0],
      rows: [0, log(3), log(3), log(2), log(2), log(2)])
    try check(
      .taggedItems, entity: [log(2), log(3), log(3), 0], rows: [0, log(2), log(2), log(2), log(2), log(2)])
    try check(
      .taggedShare, entity: [1.5 / 5, 2.5 / 4, 1.5 / 3, 0.25],
      rows: [0.5 / 4, 1.5 / 4, 1.5 / 4, 1.5 / 3, 1.5 / 3, 0.25])
    try check(
      .friends, entity: [log(3), log(3), log(2), log(2)], rows: [log(3), log(3), log(3), log(3), log(3), log(2)])
  }

  @Test func userDeviationsAndLogarithms() throws {
    let table = try table(
      SmallData.standard, [.standardDeviation, .meanLogLabel, .meanLogWeight, .meanSquare])
    let square = (16 + 4 + 1 + 9 + 25 + 49) / 6.0
    let mean = (7 + 2 * prior) / 5
    let logLabels = [4.0, 2, 1, 3, 5, 7].map(log).reduce(0, +) / 6
    let logWeights = [5.0, 3, 2, 4, 6, 8].map(log).reduce(0, +) / 6
    expectClose(
      Array(table.perEntity[0..<4]),
      [
        ((21 + 2 * square) / 5 - mean * mean).squareRoot(), (log(8) + 2 * logLabels) / 5,
        (log(30) + 2 * logWeights) / 5, (21 + 2 * square) / 5,
      ], "user 0")
    // The row of user 2 sees nothing but the priors, and nothing else.
    expectClose(
      Array(table.perTrainingRow[20..<24]),
      [(square - prior * prior).squareRoot(), logLabels, logWeights, square], "the only row of user 2")
  }

  @Test func itemKnownAnswers() throws {
    let data = SmallData.standard
    let prior = prior
    func check(_ statistic: ItemStatistic, entity: [Double], rows: [Double]) throws {
      let table = try table(data, [statistic])
      expectClose(table.perEntity, entity, "\(statistic), per item")
      expectClose(table.perTrainingRow, rows, "\(statistic), per row")
    }
    try check(
      .trainingRows, entity: [log(3), log(3), log(3), 0, 0], rows: [log(2), log(2), log(2), log(2), log(2), log(2)])
    try check(.unseen, entity: [0, 0, 0, 1, 1], rows: [0, 0, 0, 0, 0, 0])
    try check(
      .mean,
      entity: [(7 + 3 * prior) / 5, (9 + 3 * prior) / 5, (6 + 3 * prior) / 5, prior, prior],
      rows: [3, 7, 5, 4, 1, 2].map { ($0 + 3 * prior) / 4 })
    try check(.maximum, entity: [4, 7, 5, prior, prior], rows: [3, 7, 5, 4, 1, 2])
    let residuals = [
      4 - (3 + 2 * prior) / 4, 2 - (5 + 2 * prior) / 4, 1 - (6 + 2 * prior) / 4, 3 - (5 + 2 * prior) / 3,
      5 - (3 + 2 * prior) / 3, 7 - prior,
    ]
    try check(
      .meanResidual,
      entity: [(residuals[0] + residuals[3]) / 5, (residuals[1] + residuals[5]) / 5,
        (residuals[2] + residuals[4]) / 5, 0, 0],
      rows: [3, 5, 4, 0, 2, 1].map { residuals[$0] / 4 })
    try check(
      .tagAssignments, entity: [log(4), log(2), log(2), 0, log(2)], rows: [log(2), log(2), log(2), log(3), 0, 0])
    try check(.taggers, entity: [log(3), log(2), log(2), 0, log(2)], rows: [log(2), log(2), log(2), log(2), 0, 0])
    // Item 0 has "rock" from both users and "Pop " from user 0 alone.
    try check(
      .distinctTags, entity: [log(3), log(2), log(2), 0, log(2)], rows: [log(2), log(2), log(2), log(3), 0, 0])
  }

  @Test func foldsLeaveTheWholePartOut() throws {
    var data = SmallData.standard
    data.settings.statisticsFolds = 2
    // Folds in the order of items, beginning at the user's number: user 0 has 0, 1, 0; user 1 has 1, 0; user 2 has 0.
    let users = try table(data, [UserStatistic.maximum], .outOfFold)
    expectClose(users.perTrainingRow, [2, 4, 2, 5, 3, prior], "users")
    expectClose(users.perEntity, [4, 5, 7, prior], "users, all rows")
    let items = try table(data, [ItemStatistic.maximum, .distinctTags], .outOfFold)
    // Item 0: rows of folds 0 and 1; item 1: rows of folds 1 and 0; item 2: both rows of fold 0.
    expectClose(
      items.perTrainingRow,
      [3, log(2), 7, log(2), prior, 0, 4, log(3), prior, 0, 2, 0], "items")
  }

  @Test(arguments: FeatureSettings.StatisticsExclusion.allCases)
  func noRowSeesItsOwnLabelOrWeight(_ exclusion: FeatureSettings.StatisticsExclusion) throws {
    var data = RandomData.make(seed: 3)
    data.settings.statisticsExclusion = exclusion
    let before = try data.builder()
    let inputs = StatisticsInputs(before)
    let users = before.userStatistics(inputs)
    let items = before.itemStatistics(inputs)
    for row in stride(from: 0, to: data.train.count, by: 5) {
      var changed = data
      let interaction = Int(data.train[row])
      changed.interactions[interaction].weight += 1000
      let after = try changed.builder()
      // The means of all rows stand for themselves; they are checked to be all that a label can move.
      let changedInputs = StatisticsInputs(after, priors: inputs.priors)
      let changedUsers = after.userStatistics(changedInputs)
      let changedItems = after.itemStatistics(changedInputs)
      let userColumns = row * users.width..<(row + 1) * users.width
      let itemColumns = row * items.width..<(row + 1) * items.width
      #expect(users.perTrainingRow[userColumns] == changedUsers.perTrainingRow[userColumns])
      #expect(items.perTrainingRow[itemColumns] == changedItems.perTrainingRow[itemColumns])
      #expect(users.perEntity != changedUsers.perEntity)
      #expect(items.perEntity != changedItems.perEntity)
    }
  }

  @Test func columnsAreStandardisedOverWhatTrainingRowsSee() throws {
    let data = RandomData.make(seed: 4)
    let builder = try data.builder()
    for name in [FeatureName.userStatistics, .itemStatistics] {
      let feature = try builder.feature(named: name)
      let column = try #require(feature.perTrainingRow)
      guard case .dense(let values, let width) = column else { continue }
      #expect(column.rowCount == data.train.count)
      #expect(feature.entity.denseValues.allSatisfy { $0.isFinite && abs($0) <= 8 })
      for statistic in 0..<width {
        let column = stride(from: statistic, to: values.count, by: width).map { Double(values[$0]) }
        let mean = column.reduce(0, +) / Double(column.count)
        let variance = column.reduce(0) { $0 + $1 * $1 } / Double(column.count)
        #expect(abs(mean) < 1e-4)
        // The same everywhere, or spread by one but for what the limit cuts.
        #expect(variance < 1e-8 || abs(variance - 1) < 0.1, "\(name.rawValue), column \(statistic)")
      }
    }
  }

  @Test func settingsChooseAndOrderStatistics() throws {
    var data = SmallData.standard
    data.settings.userStatistics = [.friends, .mean]
    guard case .dense(let values, let width) = try data.builder().feature(named: .userStatistics).entity else { return }
    #expect(width == 2 && values.count == 8)
    data.settings.userStatistics = []
    #expect(throws: FeatureError.self) { try data.builder() }
    data.settings.userStatistics = [.mean, .mean]
    #expect(throws: FeatureError.self) { try data.builder() }
  }
}
