import Testing
import TwoTowerDatasets
import TwoTowerFeatures

/// Nothing about a held-out pair reaches the encoder or any feature but the pair's own.
struct LeakageTests {
  private func encoder(_ data: SmallData) throws -> FeatureEncoder {
    try data.builder().encoder(of: FeatureName.allCases)
  }

  private func features(_ data: SmallData) throws -> [Feature] {
    let builder = try data.builder()
    return try FeatureName.allCases.map { try builder.feature(named: $0) }
  }

  /// Raw pair features of everyone with everything.
  private func pairValues(_ data: SmallData) throws -> (values: [Float], width: Int) {
    let features = try data.builder().pairFeatures()
    let users = (0..<data.userCount).flatMap { Array(repeating: Int32($0), count: data.itemCount) }
    let items = (0..<data.userCount).flatMap { _ in (0..<Int32(data.itemCount)) }
    return (features.values(users: users, items: items), features.width)
  }

  private func expectEqual(_ before: [Feature], _ after: [Feature], _ change: String) {
    for (old, new) in zip(before, after) { #expect(old == new, "\(old.name) saw \(change)") }
  }

  @Test(arguments: FeatureSettings.StatisticsExclusion.allCases, LabelScaling.allCases)
  func labelsAndWeightsOfHeldOutPairsReachNothing(
    _ exclusion: FeatureSettings.StatisticsExclusion, _ labels: LabelScaling
  ) throws {
    var data = RandomData.make(seed: 11)
    data.settings.statisticsExclusion = exclusion
    data.labels = labels
    data.settings.historyLimit = 3
    var changed = data
    for row in data.test {
      changed.interactions[Int(row)].weight = 1e9
    }
    expectEqual(try features(data), try features(changed), "held-out labels")
    #expect(try encoder(data) == encoder(changed))
    #expect(try pairValues(data).values == pairValues(changed).values)
    #expect(try data.builder().labels == changed.builder().labels)
  }

  @Test(arguments: [FeatureSettings.TagWeighting.count, .tfIdf])
  func tagsOfHeldOutPairsReachOnlyTheirOwnPair(_ weighting: FeatureSettings.TagWeighting) throws {
    var data = RandomData.make(seed: 12)
    data.settings.tagWeighting = weighting
    let heldOut = data.test.map { (data.interactions[Int($0)].user, data.interactions[Int($0)].item) }
    var without = data
    without.tags.removeAll { tag in heldOut.contains { $0 == (tag.user, tag.item) } }
    #expect(without.tags.count < data.tags.count - 10)
    var more = data
    for (user, item) in heldOut {
      more.tags += [(user, item, 0, 123_456_789), (user, item, 5, 1), (user, item, 5, 2)]
    }
    let before = try features(data)
    let (values, width) = try pairValues(data)
    let context = try data.builder().pairFeatures().contextColumns
    #expect(context.count == 7)
    for changed in [without, more] {
      expectEqual(before, try features(changed), "held-out tags")
      #expect(try encoder(data) == encoder(changed))
      let (changedValues, _) = try pairValues(changed)
      var changedPairs = 0
      for user in 0..<data.userCount {
        for item in 0..<data.itemCount {
          let pair = user * data.itemCount + item
          let range = pair * width..<(pair + 1) * width
          if values[range] != changedValues[range] {
            changedPairs += 1
            for column in context {
              #expect(values[pair * width + column] == changedValues[pair * width + column], "column \(column)")
            }
            #expect(heldOut.contains { $0 == (Int32(user), Int32(item)) }, "(\(user), \(item)) saw a held-out tag")
          }
        }
      }
      #expect(changedPairs > 10)
    }
  }

  @Test func heldOutPairsThemselvesReachNothing() throws {
    let data = RandomData.make(seed: 13)
    let heldOut = data.test.map { (data.interactions[Int($0)].user, data.interactions[Int($0)].item) }
    var untagged = data
    untagged.tags.removeAll { tag in heldOut.contains { $0 == (tag.user, tag.item) } }
    var unknown = untagged
    unknown.test = []
    expectEqual(try features(untagged), try features(unknown), "that a pair is held out")
    #expect(try encoder(untagged) == encoder(unknown))
    #expect(try pairValues(untagged).values == pairValues(unknown).values)
  }

  @Test func theSameChangesToTrainingRowsReachTheEncoder() throws {
    let data = RandomData.make(seed: 17)
    let before = try encoder(data)
    var heavier = data
    heavier.interactions[Int(data.train[0])].weight = 1e6
    #expect(try encoder(heavier) != before)
    var tagged = data
    let (user, item, _) = data.interactions[Int(data.train[0])]
    tagged.tags += [(user, item, 0, 123_456_789)]
    #expect(try encoder(tagged) != before)
  }

  @Test func ownLabelsReachNoPairFeature() throws {
    let data = RandomData.make(seed: 14)
    let before = try data.builder().pairFeatures()
    for row in stride(from: 0, to: data.train.count, by: 7) {
      var changed = data
      let interaction = Int(data.train[row])
      changed.interactions[interaction].weight += 50
      var tables = try changed.builder().pairFeatures().tables
      // The mean of all labels stands for itself.
      tables.meanLabel = before.tables.meanLabel
      let pair = (users: [data.interactions[interaction].user], items: [data.interactions[interaction].item])
      let after = PairFeatures(tables)
      #expect(before.rawValues(users: pair.users, items: pair.items)
        == after.rawValues(users: pair.users, items: pair.items))
    }
  }

  @Test(arguments: [LabelScaling.perUserL2, .perUserMaximum])
  func ownLabelsAreNotToldByWhatTheOthersAreScaledBy(_ labels: LabelScaling) throws {
    var data = RandomData.make(seed: 16)
    data.labels = labels
    data.settings.pairStatistics = [.similarLabel]
    data.settings.userStatistics = [.mean, .maximum, .minimum, .meanSquare, .standardDeviation, .meanLogLabel]
    for exclusion in FeatureSettings.StatisticsExclusion.allCases {
      data.settings.statisticsExclusion = exclusion
      let before = try data.builder()
      let (tables, inputs) = (try before.pairFeatures().tables, StatisticsInputs(before))
      let users = before.userStatistics(inputs)
      for row in stride(from: 0, to: data.train.count, by: 9) {
        var changed = data
        let interaction = Int(data.train[row])
        changed.interactions[interaction].weight *= 40
        let after = try changed.builder()
        let seen = after.userStatistics(StatisticsInputs(after, priors: inputs.priors))
        let columns = row * users.width..<(row + 1) * users.width
        for (value, other) in zip(users.perTrainingRow[columns], seen.perTrainingRow[columns]) {
          #expect(abs(value - other) < 1e-5, "\(labels.rawValue), row \(row)")
        }
        var changedTables = try after.pairFeatures().tables
        changedTables.meanLabel = tables.meanLabel
        let pair = (users: [data.interactions[interaction].user], items: [data.interactions[interaction].item])
        let value = PairFeatures(tables).rawValues(users: pair.users, items: pair.items)[0]
        let other = PairFeatures(changedTables).rawValues(users: pair.users, items: pair.items)[0]
        #expect(abs(value - other) < 1e-5, "\(labels.rawValue), row \(row)")
      }
    }
  }

  @Test func orderOfFilesDoesNotMatter() throws {
    let data = RandomData.make(seed: 15)
    var shuffled = data
    shuffled.tags.reverse()
    shuffled.friends.reverse()
    let count = data.interactions.count
    shuffled.interactions.reverse()
    // Training rows keep their order, so that what they see can be compared.
    shuffled.train = data.train.map { Int32(count - 1) - $0 }
    shuffled.test = data.test.map { Int32(count - 1) - $0 }
    let before = try features(data)
    let after = try features(shuffled)
    for (old, new) in zip(before, after) {
      #expect(old.entity.indexPart == new.entity.indexPart, "\(old.name)")
      #expect(old.perTrainingRow?.indexPart == new.perTrainingRow?.indexPart, "\(old.name)")
      #expect(old.withheld?.indices == new.withheld?.indices, "\(old.name)")
      for (value, other) in zip(old.entity.numberPart, new.entity.numberPart) { #expect(abs(value - other) < 1e-4) }
    }
  }
}

extension FeatureColumn {
  /// What is counted, exactly.
  var indexPart: [[Int32]] {
    switch self {
    case .indices(let indices, let size): [indices, [Int32(size)]]
    case .bags(let rows, let size): [rows.offsets, rows.indices, [Int32(size)]]
    case .dense(_, let width): [[Int32(width)]]
    }
  }

  /// What is added up, up to rounding.
  var numberPart: [Float] {
    switch self {
    case .indices: []
    case .bags(let rows, _): rows.weights
    case .dense(let values, _): values
    }
  }
}
