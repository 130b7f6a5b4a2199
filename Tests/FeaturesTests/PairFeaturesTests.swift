import Testing
import TwoTowerDatasets
import TwoTowerFeatures

struct PairFeaturesTests {
  private func raw(
    _ data: SmallData, _ statistics: [PairStatistic], _ pairs: [(Int32, Int32)]
  ) throws -> [Float] {
    var data = data
    data.settings.pairStatistics = statistics
    let features = try data.builder().pairFeatures()
    return features.rawValues(users: pairs.map(\.0), items: pairs.map(\.1))
  }

  private func expectClose(_ values: [Float], _ expected: [Double], _ comment: Comment) {
    #expect(values.count == expected.count, comment)
    for (value, wanted) in zip(values, expected) {
      #expect(abs(Double(value) - wanted) < 1e-5, "\(comment): \(values), not \(expected)")
    }
  }

  private let log = { (value: Double) in logarithmForTests(value) }

  @Test func ownTagsCountWhetherHeldOutOrNot() throws {
    // (0,0) is trained with two tags, (1,3) and (3,0) are held out with one each, (2,1) has a tag without a time.
    let pairs: [(Int32, Int32)] = [(0, 0), (0, 1), (1, 3), (3, 0), (2, 1), (2, 4)]
    let data = SmallData.standard
    expectClose(try raw(data, [.tagged], pairs), [1, 0, 1, 1, 1, 1], "tagged")
    expectClose(
      try raw(data, [.tagAssignments], pairs), [log(3), 0, log(2), log(2), log(2), log(2)], "assignments")
    expectClose(try raw(data, [.tagTimeKnown], pairs), [1, 0, 1, 1, 0, 1], "known times")
    // Trained pairs with a time: 3000, 2000, 5000; mean 10000/3, standard deviation 1247.219.
    let mean = 10_000.0 / 3
    let deviation = 1247.2191289
    expectClose(
      try raw(data, [.tagTime], pairs),
      [(3000 - mean) / deviation, 0, (9999 - mean) / deviation, (8888 - mean) / deviation, 0,
        (500 - mean) / deviation], "times")
    // User 1 gave a tag each to two items that are not held out; user 0 tagged nothing else.
    expectClose(
      try raw(data, [.relativeTagAssignments], pairs),
      [log(3), 0, log(1.5), log(2), log(1.5), log(1.5)], "relative")
  }

  @Test func friendsWithTheItemInTheirTrainingRows() throws {
    // Friends of 0: 1 and 3 (whose row is held out); of 1: 0 and 2.
    let prior = 22.0 / 6
    let pairs: [(Int32, Int32)] = [(0, 0), (1, 1), (1, 4), (3, 0), (3, 3)]
    expectClose(
      try raw(.standard, [.friendsWithItem], pairs), [log(2), log(3), 0, log(2), 0], "count")
    expectClose(
      try raw(.standard, [.friendsMeanLabel], pairs),
      [(3 + 2 * prior) / 3, (9 + 2 * prior) / 4, prior, (4 + 2 * prior) / 3, prior], "labels")
  }

  @Test func similaritiesLeaveTheUserOut() throws {
    // Item 0: users 0, 1; item 1: users 0, 2; item 2: users 0, 1.
    // (0,0): user 1 also has item 2, but nobody has items 0 and 1; (2,0): user 0 has items 0 and 1.
    let pairs: [(Int32, Int32)] = [(0, 0), (2, 0), (3, 0), (2, 1)]
    let values = try raw(.standard, [.meanSimilarity, .maximumSimilarity, .similarLabel], pairs)
    let prior = 22.0 / 6
    let shared = 1 / (1.0 + 3)
    let strange = 1 / (2.0.squareRoot() + 3)
    expectClose(
      values,
      [
        (shared / 2).squareRoot(), shared, (shared * 1 + 0.1 * prior) / (shared + 0.1),
        strange.squareRoot(), strange, (strange * 7 + 0.1 * prior) / (strange + 0.1),
        0, 0, prior,
        0, 0, prior,
      ], "similarities")
  }

  @Test func tagCosinesAgreeWithAPlainReference() throws {
    for seed in 1...3 {
      let data = RandomData.make(seed: UInt64(seed))
      var pairs: [(Int32, Int32)] = []
      for user in 0..<Int32(data.userCount) { for item in 0..<Int32(data.itemCount) { pairs.append((user, item)) } }
      let values = try raw(data, [.tagCosine, .givenTagCosine], pairs)
      let builder = try data.builder()
      for (index, pair) in pairs.enumerated() {
        let expected = TagReference(builder).cosines(user: pair.0, item: pair.1)
        #expect(abs(Double(values[2 * index]) - expected.items) < 1e-6, "tag-cosine of \(pair)")
        #expect(abs(Double(values[2 * index + 1]) - expected.given) < 1e-6, "given-tag-cosine of \(pair)")
      }
      #expect(values.contains { $0 > 0.2 && $0 < 0.99 })
    }
  }

  @Test func aFewRareTagsCountBesideManyGivenToTheItemItself() throws {
    // User 0 gives item 0 many rare tags again and again, and item 1 a tag that nearly all items have.
    var data = SmallData(interactions: [(0, 0, 1), (0, 1, 1), (1, 0, 1)], train: [0, 1, 2])
    data.settings.minimumTagCount = 1
    data.itemCount = 100
    data.tagNames = ["common"] + (1...300).map { "rare \($0)" }
    for item in Int32(0)..<99 { data.tags.append((1, item, 0, 1)) }
    data.tags.append((0, 1, 0, 1))
    for tag in Int32(1)...300 { for time in Int64(1)...20 { data.tags.append((0, 0, tag, time)) } }
    let expected = TagReference(try data.builder()).cosines(user: 0, item: 0)
    let values = try raw(data, [.tagCosine, .givenTagCosine], [(0, 0)])
    #expect(expected.given > 0.99 && abs(Double(values[1]) - expected.given) < 1e-6)
    #expect(expected.items > 0.99 && abs(Double(values[0]) - expected.items) < 1e-6)
  }

  @Test func valuesAreStandardisedByTrainingRows() throws {
    let data = RandomData.make(seed: 7)
    let builder = try data.builder()
    let features = try builder.pairFeatures()
    #expect(features.width == PairStatistic.allCases.count && features.names[0] == "tagged")
    let values = builder.trainingValues(of: features, rows: 0..<data.train.count)
    #expect(values.count == data.train.count * features.width)
    for column in 0..<features.width {
      let numbers = stride(from: column, to: values.count, by: features.width).map { Double(values[$0]) }
      #expect(abs(numbers.reduce(0, +) / Double(numbers.count)) < 1e-4)
    }
  }

  @Test func orderAndCompanyOfPairsDoNotMatter() throws {
    let data = RandomData.make(seed: 8)
    let features = try data.builder().pairFeatures()
    let users: [Int32] = [3, 9, 3, 0, 29, 3]
    let items: [Int32] = [1, 1, 24, 5, 0, 1]
    let together = features.values(users: users, items: items)
    for index in users.indices {
      let alone = features.values(users: [users[index]], items: [items[index]])
      #expect(alone == Array(together[index * features.width..<(index + 1) * features.width]))
    }
    #expect(features.values(users: [], items: []).isEmpty)
  }

  @Test func tablesComeBackFromTheirArrays() throws {
    let data = RandomData.make(seed: 9)
    let features = try data.builder().pairFeatures()
    let tables = features.tables
    let copy = try PairTables(statistics: tables.statistics, integers: tables.integers, numbers: tables.numbers)
    #expect(copy == tables)
    #expect(PairFeatures(copy).values(users: [1, 2], items: [3, 4]) == features.values(users: [1, 2], items: [3, 4]))
  }

  @Test func tablesThatDoNotFitAreRefused() throws {
    let tables = try RandomData.make(seed: 10).builder().pairFeatures().tables
    func refuses(_ change: (inout [String: [Int32]], inout [String: [Float]]) -> Void) {
      var (integers, numbers) = (tables.integers, tables.numbers)
      change(&integers, &numbers)
      #expect(throws: FeatureError.self) {
        try PairTables(statistics: tables.statistics, integers: integers, numbers: numbers)
      }
    }
    for name in tables.integers.keys {
      refuses { integers, _ in integers[name] = nil }
      refuses { integers, _ in integers[name] = [] }
      refuses { integers, _ in integers[name]!.append(1) }
    }
    for name in tables.numbers.keys {
      refuses { _, numbers in numbers[name] = nil }
      refuses { _, numbers in numbers[name]!.append(1) }
      refuses { _, numbers in numbers[name]![0] = .nan }
    }
    for name in ["training-items", "friends", "tagged-items", "terms"] {
      refuses { integers, _ in integers[name]![0] = 1_000_000 }
      refuses { integers, _ in integers[name]![0] = -1 }
    }
    refuses { integers, _ in integers["training-offsets"]![1] = 1_000_000 }
  }

  @Test func dataWithoutAnything() throws {
    var data = SmallData.standard
    data.tags = []
    data.friends = []
    data.train = []
    let builder = try data.builder()
    let features = try builder.pairFeatures()
    #expect(features.values(users: [0], items: [4]).allSatisfy { $0 == 0 })
    #expect(builder.trainingValues(of: features, rows: 0..<0).isEmpty)
  }
}

/// Tag cosines, pair by pair in double precision from the assignments themselves.
struct TagReference {
  let builder: FeatureBuilder
  let counts: [Int32: [Int32: Double]]
  let frequencies: [Int32: Double]

  init(_ builder: FeatureBuilder) {
    self.builder = builder
    counts = Self.counts(builder) { _, _ in true }
    var frequencies: [Int32: Double] = [:]
    for terms in counts.values { for term in terms.keys { frequencies[term, default: 0] += 1 } }
    self.frequencies = frequencies
  }

  static func counts(
    _ builder: FeatureBuilder, byUser: Bool = false, where isIncluded: (Int32, Int32) -> Bool
  ) -> [Int32: [Int32: Double]] {
    var counts: [Int32: [Int32: Double]] = [:]
    let all = builder.dataset.tagAssignments
    for row in all.users.indices where !builder.testItems.contains(user: all.users[row], item: all.items[row]) {
      guard isIncluded(all.users[row], all.items[row]) else { continue }
      for term in builder.tagVocabulary.rows(of: all.tags[row]) {
        counts[byUser ? all.users[row] : all.items[row], default: [:]][term, default: 0] += 1
      }
    }
    return counts
  }

  func weighted(_ terms: [Int32: Double]?) -> [Int32: Double] {
    var weighted: [Int32: Double] = [:]
    for (term, count) in terms ?? [:] {
      let inverse = logarithmForTests((1 + Double(builder.dataset.items.count)) / (1 + frequencies[term]!))
      weighted[term] = logarithmForTests(1 + count) * inverse
    }
    return weighted
  }

  func dot(_ a: [Int32: Double], _ b: [Int32: Double]) -> Double {
    a.reduce(0) { $0 + $1.value * (b[$1.key] ?? 0) }
  }

  func cosine(_ a: [Int32: Double], _ b: [Int32: Double]) -> Double {
    let squares = dot(a, a) * dot(b, b)
    return squares > 0 ? dot(a, b) / squares.squareRoot() : 0
  }

  func cosines(user: Int32, item: Int32) -> (items: Double, given: Double) {
    let others = Self.counts(builder) { $0 != user || $1 != item }
    let seen = weighted(others[item])
    var profile: [Int32: Double] = [:]
    for other in builder.trainingItems.items(of: user) where other != item {
      let vector = weighted(counts[other])
      let length = dot(vector, vector).squareRoot()
      for (term, value) in vector where length > 0 { profile[term, default: 0] += value / length }
    }
    let given = Self.counts(builder, byUser: true) { $0 == user && $1 != item }
    return (cosine(seen, profile), cosine(seen, weighted(given[user])))
  }
}
