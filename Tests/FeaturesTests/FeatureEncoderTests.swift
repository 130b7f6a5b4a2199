import Testing
import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerKernels

/// Users of the data, users held out whole and people known by likes are encoded by one function.
struct FeatureEncoderTests {
  private static let userFeatures = FeatureName.allCases.filter { $0.entity == .user }
  /// What is known of someone by what they have alone.
  private static let ofHistories: [UserStatistic] = [
    .trainingRows, .mean, .maximum, .minimum, .standardDeviation, .meanSquare, .meanLogLabel, .meanLogWeight,
    .standardDeviationOfLogWeight,
  ]

  /// Settings under which histories differ: rare items without a row, a limit, weights of tags.
  private static let settings: [FeatureSettings] = {
    var all = [FeatureSettings](repeating: FeatureSettings(), count: 4)
    for place in all.indices { all[place].minimumTagCount = 2 }
    all[1].minimumCount = 4
    all[2].historyLimit = 3
    all[3].minimumCount = 3
    all[3].historyLimit = 2
    all[3].tagWeighting = .logIdf
    all[3].tagText = .words
    all[3].imputation = .unknown
    return all
  }()

  private func encoder(_ builder: FeatureBuilder) throws -> FeatureEncoder {
    try builder.encoder(of: Self.userFeatures)
  }

  private func expectClose(_ values: [Float], _ others: [Float], _ comment: Comment) {
    #expect(values.count == others.count && !values.isEmpty, comment)
    for (value, other) in zip(values, others) { #expect(abs(value - other) < 1e-5, comment) }
  }

  // MARK: - Users of the data

  @Test func everyFeatureIsMadeUnderItsOwnName() throws {
    let builder = try SmallData.standard.builder()
    #expect(try builder.encoder(of: FeatureName.allCases).featureNames == Self.userFeatures)
    for name in FeatureName.allCases { #expect(try builder.feature(named: name).name == name.rawValue) }
  }

  @Test(arguments: settings) func usersOfTheDataAreEncodedAsTheirColumns(settings: FeatureSettings) throws {
    var data = RandomData.make(seed: 21)
    data.settings = settings
    let builder = try data.builder()
    let encoder = try self.encoder(builder)
    let users = encoder.encode(builder.userProfiles)
    #expect(users.count == data.userCount && users.features.count == Self.userFeatures.count)
    for feature in try builder.features(FeatureName.allCases, encoder: encoder) {
      #expect(try builder.feature(named: FeatureName(rawValue: feature.name)!) == feature, "fitted once or twice")
      guard let column = users.features[feature.name] else { continue }
      #expect(column == feature.entity, "\(feature.name)")
    }
  }

  @Test(arguments: LabelScaling.allCases) func labelsOfUsersAreThoseOfTheirTrainingRows(_ labels: LabelScaling) throws {
    var data = RandomData.make(seed: 22)
    data.labels = labels
    let builder = try data.builder()
    let users = try encoder(builder).encode(builder.userProfiles)
    #expect(users.history == builder.trainingItems.lists)
    for (position, row) in data.train.enumerated() {
      let (user, item, _) = data.interactions[Int(row)]
      let entry = try #require(users.labels.entry(row: Int(user), index: item))
      #expect(abs(users.labels.weights[entry] - builder.labels[position]) <= 1e-6 * abs(builder.labels[position]))
    }
  }

  @Test(arguments: LabelScaling.allCases) func statisticsOfUsersAreThoseOfTheirTrainingRows(_ labels: LabelScaling) throws {
    var data = RandomData.make(seed: 23)
    data.labels = labels
    data.settings.userStatistics = [.mean, .maximum, .meanLogWeight, .taggedShare]
    let builder = try data.builder()
    let values = builder.userStatistics(StatisticsInputs(builder)).perEntity
    let prior = builder.labels.reduce(0.0) { $0 + Double($1) } / Double(builder.labels.count)
    let logWeights = data.train.map { logarithmForTests(1 + Double(data.interactions[Int($0)].weight)) }
    let logPrior = logWeights.reduce(0, +) / Double(logWeights.count)
    for user in 0..<data.userCount {
      let rows = data.train.indices.filter { data.interactions[Int(data.train[$0])].user == user }
      let own = rows.map { Double(builder.labels[$0]) }
      let tagged = rows.count { row in
        let (user, item, _) = data.interactions[Int(data.train[row])]
        return data.tags.contains { $0.user == user && $0.item == item }
      }
      let count = Double(rows.count) + 2
      let expected = [
        (own.reduce(0, +) + 2 * prior) / count, own.max() ?? prior,
        (rows.map { logWeights[$0] }.reduce(0, +) + 2 * logPrior) / count, (Double(tagged) + 0.5) / count,
      ]
      for (value, wanted) in zip(values[user * 4..<user * 4 + 4], expected) {
        #expect(abs(Double(value) - wanted) <= 1e-5 * max(1, abs(wanted)), "\(labels.rawValue), user \(user)")
      }
    }
  }

  // MARK: - People

  @Test(arguments: settings, LabelScaling.allCases)
  func someoneWhoLikesWhatAUserHasIsEncodedAlike(_ settings: FeatureSettings, _ labels: LabelScaling) throws {
    var data = RandomData.make(seed: 24)
    data.settings = settings
    data.settings.userStatistics = Self.ofHistories
    data.labels = labels
    let builder = try data.builder()
    let encoder = try self.encoder(builder)
    let users = encoder.encode(builder.userProfiles)
    let people = encoder.encode(histories: users.history)
    #expect(people.history == users.history && people.labels == users.labels)
    for name in [FeatureName.history, .historyTags, .timestamp, .timestampBucket, .userStatistics] {
      #expect(people.features[name.rawValue] == users.features[name.rawValue], "\(name.rawValue)")
    }
    #expect(users.features["history"]?.bagIndices.contains { $0.count > 1 } == true)
  }

  @Test func peopleHaveNoIdentifierFriendsOrTags() throws {
    let data = RandomData.make(seed: 25)
    let builder = try data.builder()
    let people = try encoder(builder).encode(histories: builder.trainingItems.lists).features
    let size = builder.userVocabulary.size
    let nobody = [Int32](repeating: 0, count: data.userCount)
    #expect(people["user-id"] == .indices(nobody, vocabularySize: size))
    #expect(people["friends"] == .bags(SparseRows(emptyRows: data.userCount), vocabularySize: size))
    #expect(
      people["user-tags"]
        == .bags(SparseRows(emptyRows: data.userCount), vocabularySize: builder.tagVocabulary.size))
  }

  @Test func anItemWithoutARowStillHasTags() throws {
    // Item 4 has no training row, item 3 a held-out one alone; item 4 is tagged "rock" by a user, 3 by the catalogue.
    var data = SmallData.standard
    data.itemTags = [(3, 2)]
    let encoder = try self.encoder(data.builder())
    let people = encoder.encode(histories: SparseRows(offsets: [0, 2, 3], indices: [3, 4, 4], weights: [1, 2, 5]))
    #expect(people.features["history"]?.bagIndices == [[], []])
    let rock = try #require(try data.builder().tagVocabulary.terms.firstIndex(of: "rock"))
    #expect(people.features["history-tags"]?.bagWeights == [[1, 1], [1]])
    #expect(people.features["history-tags"]?.bagIndices[1] == [Int32(rock) + 1])
    data.settings.minimumCount = 2
    let rare = try self.encoder(data.builder()).encode(histories: SparseRows(offsets: [0, 1], indices: [1], weights: [1]))
    #expect(rare.features["history"]?.bagIndices == [[2]], "two rows are enough")
    data.settings.minimumCount = 3
    let rarer = try self.encoder(data.builder()).encode(histories: SparseRows(offsets: [0, 1], indices: [1], weights: [1]))
    #expect(rarer.features["history"]?.bagIndices == [[]])
    #expect(rarer.features["history-tags"]?.bagIndices[0].isEmpty == false)
  }

  @Test func aLimitKeepsTheLargestWeightsAndOfEqualsTheFirstRows() throws {
    var data = SmallData.standard
    data.settings.historyLimit = 2
    let encoder = try self.encoder(data.builder())
    func rows(_ likes: [(item: Int32, weight: Float)]) -> [Int32] {
      let people = encoder.encode(
        histories: SparseRows(
          offsets: [0, Int32(likes.count)], indices: likes.map(\.item), weights: likes.map(\.weight)))
      return people.features["history"]!.bagIndices[0]
    }
    #expect(rows([(0, 1), (1, 3), (2, 2)]) == [2, 3])
    #expect(rows([(0, 3), (1, 1), (2, 2)]) == [1, 3])
    #expect(rows([(0, 1), (1, 1), (2, 1)]) == [1, 2])
    #expect(rows([(0, 1), (1, 1), (2, 9)]) == [1, 3])
    #expect(rows([(0, 1), (1, 2), (4, 99)]) == [1, 2], "what has no row takes no place")
  }

  @Test func itemsBeyondTheCatalogueAreUnknown() throws {
    let encoder = try self.encoder(SmallData.standard.builder())
    let people = encoder.encode(
      histories: SparseRows(offsets: [0, 2, 3], indices: [1, 99, 1], weights: [1, 5, 1])).features
    for name in ["history", "history-tags"] {
      let column = try #require(people[name])
      #expect(column.lists[0].elementsEqual(column.lists[1], by: ==) && !column.lists[1].isEmpty, "\(name)")
    }
  }

  @Test func usersHeldOutWholeAreKnownByWhatIsGiven() throws {
    var data = RandomData.make(seed: 26)
    data.settings.userStatistics = Self.ofHistories
    let heldOut: Set<Int32> = [3, 8, 20]
    let rows = data.interactions.indices.map { Int32($0) }
    let own = rows.filter { heldOut.contains(data.interactions[Int($0)].user) }
    let split = Split(
      train: data.train.filter { !heldOut.contains(data.interactions[Int($0)].user) }, test: [],
      given: own.filter { $0 % 2 == 0 }, hidden: own.filter { $0 % 2 == 1 })
    let builder = try FeatureBuilder(
      dataset: data.dataset.withoutTagsAndFriends(of: heldOut), split: split, labels: .perUserL2, settings: data.settings)
    let encoder = try self.encoder(builder)
    for user in heldOut {
      let given = split.given.map { data.interactions[Int($0)] }.filter { $0.user == user }
      let person = encoder.encode(
        histories: SparseRows(
          offsets: [0, Int32(given.count)], indices: given.map(\.item), weights: given.map(\.weight)))
      for name in Self.userFeatures {
        let column = try #require(person.features[name.rawValue])
        let entity = try builder.feature(named: name).entity
        switch (entity, column) {
        case (.indices(let all, _), .indices(let own, _)): #expect(all[Int(user)] == own[0], "\(name)")
        case (.bags(let all, _), .bags(let own, _)): #expect(all.selecting([user]) == own, "\(name)")
        case (.dense(let all, let width), .dense(let own, _)):
          #expect(Array(all[Int(user) * width..<(Int(user) + 1) * width]) == own, "\(name)")
        default: Issue.record("\(name) is another kind of column")
        }
      }
      #expect(person.features["history"]?.lists[0].isEmpty == false)
    }
  }

  // MARK: - Saving

  @Test(arguments: settings, LabelScaling.allCases)
  func whatIsReadBackIsTheSameBitForBit(_ settings: FeatureSettings, _ labels: LabelScaling) throws {
    var data = RandomData.make(seed: 27)
    data.settings = settings
    data.labels = labels
    let builder = try data.builder()
    let encoder = try self.encoder(builder)
    let copy = try FeatureEncoder(tables: encoder.tables, userCount: data.userCount, itemCount: data.itemCount)
    #expect(copy == encoder && copy.labelScaler == encoder.labelScaler && copy.featureNames == encoder.featureNames)
    for profiles in [builder.userProfiles, UserProfiles(histories: builder.trainingItems.lists)] {
      let (users, copies) = (encoder.encode(profiles), copy.encode(profiles))
      #expect(users.features == copies.features && users.labels == copies.labels)
    }
  }

  @Test func withoutDataThereIsStillAnEncoder() throws {
    var data = SmallData.standard
    (data.tags, data.friends, data.train) = ([], [], [])
    let encoder = try self.encoder(data.builder())
    #expect(try FeatureEncoder(tables: encoder.tables, userCount: 4, itemCount: 5) == encoder)
    let people = encoder.encode(histories: SparseRows(offsets: [0, 1], indices: [0], weights: [1]))
    #expect(people.features["history"]?.bagIndices == [[]])
    #expect(encoder.encode(histories: SparseRows()).count == 0)
  }
}
