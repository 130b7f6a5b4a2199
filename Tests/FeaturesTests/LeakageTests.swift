import Datasets
import Features
import Testing

/// Nothing about a held-out pair reaches any feature but the pair's own.
struct LeakageTests {
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

  @Test(arguments: FeatureSettings.StatisticsExclusion.allCases)
  func labelsAndWeightsOfHeldOutPairsReachNothing(_ exclusion: FeatureSettings.StatisticsExclusion) throws {
    var data = RandomData.make(seed: 11)
    data.settings.statisticsExclusion = exclusion
    data.settings.historyLimit = 3
    var changed = data
    for row in data.test {
      changed.labels![Int(row)] = .infinity
      changed.interactions[Int(row)].weight = 1e9
    }
    expectEqual(try features(data), try features(changed), "held-out labels")
    #expect(try pairValues(data).values == pairValues(changed).values)
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
    for changed in [without, more] {
      expectEqual(before, try features(changed), "held-out tags")
      let (changedValues, _) = try pairValues(changed)
      var changedPairs = 0
      for user in 0..<data.userCount {
        for item in 0..<data.itemCount {
          let pair = user * data.itemCount + item
          let range = pair * width..<(pair + 1) * width
          if values[range] != changedValues[range] {
            changedPairs += 1
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
    #expect(try pairValues(untagged).values == pairValues(unknown).values)
  }

  @Test func ownLabelsReachNoPairFeature() throws {
    let data = RandomData.make(seed: 14)
    let before = try data.builder().pairFeatures()
    for row in stride(from: 0, to: data.train.count, by: 7) {
      var changed = data
      let interaction = Int(data.train[row])
      changed.labels![interaction] += 0.5
      var tables = try changed.builder().pairFeatures().tables
      // The mean of all labels stands for itself.
      tables.meanLabel = before.tables.meanLabel
      let pair = (users: [data.interactions[interaction].user], items: [data.interactions[interaction].item])
      let after = PairFeatures(tables)
      #expect(before.rawValues(users: pair.users, items: pair.items)
        == after.rawValues(users: pair.users, items: pair.items))
    }
  }

  @Test func orderOfFilesDoesNotMatter() throws {
    let data = RandomData.make(seed: 15)
    var shuffled = data
    shuffled.tags.reverse()
    shuffled.friends.reverse()
    let count = data.interactions.count
    shuffled.interactions.reverse()
    shuffled.labels!.reverse()
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
