import TwoTowerDatasets

/// Makes the inputs of the towers from a data set, fitted on the training rows only.
///
/// Nothing about a held-out (user, item) pair reaches any of them: the pair's interaction is not looked at and its
/// tag assignments are dropped before vocabularies, bags, statistics and bucket edges are computed.
package struct FeatureBuilder: Sendable {
  package let dataset: Dataset
  package let split: Split
  /// How weights become labels, by the training rows.
  package let labelScaler: LabelScaler
  /// What a ranking model learns of each training row.
  package let labels: [Float]
  package let settings: FeatureSettings

  /// Each user's training items.
  package let trainingItems: UserItems
  /// What each user is known to have when asking: training items, and of users held out whole those that are given.
  package let knownItems: UserItems
  /// Each user's held-out items, to evaluate against; no feature looks at them.
  package let testItems: UserItems
  package let userVocabulary: Vocabulary
  package let itemVocabulary: Vocabulary
  package let tagVocabulary: TagVocabulary
  /// How times become buckets and numbers; nil when no training row has a time.
  package let timeScale: TimeScale?
  /// All users of the data: what they are known to have, their friends, and their tags outside held-out pairs.
  package let userProfiles: UserProfiles

  /// Tag assignments without those of held-out pairs.
  package let assignments: TagAssignments
  /// The training row (a position in `split.train`) of each assignment's pair, or -1.
  package let assignmentRows: [Int32]
  /// The time of each training row, `TimeScale.missing` where it has none.
  package let trainingTimes: [Int64]
  /// Training pairs, with their positions in `split.train`.
  package let trainingPairs: PairTable

  /// - Precondition: the rows of the split exist.
  /// - Throws: `FeatureError.setting` for settings that make no sense.
  package init(
    dataset: Dataset, split: Split, labels scaling: LabelScaling, settings: FeatureSettings = FeatureSettings()
  ) throws {
    let interactions = dataset.interactions
    precondition(
      (split.train + split.test + split.given).allSatisfy { interactions.users.indices.contains(Int($0)) },
      "FeatureBuilder: the split has rows beyond the \(interactions.count) interactions")
    try settings.validate()
    self.dataset = dataset
    self.split = split
    let trainingUsers = split.train.map { interactions.users[Int($0)] }
    let trainingWeights = split.train.map { interactions.weights[Int($0)] }
    labelScaler = LabelScaler(
      scaling, fittingUsers: trainingUsers, weights: trainingWeights, userCount: dataset.users.count)
    labels = labelScaler.labels(users: trainingUsers, weights: trainingWeights)
    self.settings = settings

    let userCount = dataset.users.count
    let itemCount = dataset.items.count
    func items(of rows: [Int32]) -> UserItems {
      UserItems(rows: rows, interactions: interactions, userCount: userCount, itemCount: itemCount)
    }
    trainingItems = items(of: split.train)
    knownItems = split.given.isEmpty ? trainingItems : items(of: split.train + split.given)
    testItems = items(of: split.test)
    let pairs = PairTable(
      users: trainingUsers, items: split.train.map { interactions.items[Int($0)] },
      userCount: userCount, itemCount: itemCount)
    trainingPairs = pairs

    userVocabulary = Vocabulary(
      counts: (0..<userCount).map { Int32(pairs.range(of: $0).count) }, minimumCount: settings.minimumCount)
    itemVocabulary = Vocabulary(counts: trainingItems.itemCounts, minimumCount: settings.minimumCount)

    assignments = dataset.tagAssignments.withoutPairs(of: testItems)
    assignmentRows = Self.rows(of: assignments, in: trainingPairs)
    var tagCounts = [Int32](repeating: 0, count: dataset.tagNames.count)
    for tag in assignments.tags + dataset.itemTags.tags { tagCounts[Int(tag)] += 1 }
    tagVocabulary = TagVocabulary(
      tagNames: dataset.tagNames, assignmentCounts: tagCounts, text: settings.tagText,
      minimumCount: settings.minimumTagCount, maximumTerms: settings.maximumTags)

    trainingTimes = Self.times(
      rows: split.train, interactions: interactions, assignments: assignments, assignmentRows: assignmentRows)
    timeScale = TimeScale(
      times: trainingTimes, bucketCount: settings.bucketCount, imputation: settings.imputation)
    userProfiles = UserProfiles(of: dataset, histories: knownItems.lists, assignments: assignments)
  }

  /// How many training rows each of `items` has.
  package func trainingCounts(_ items: [Int32]) -> [Int32] { items.map { trainingItems.itemCounts[Int($0)] } }

  /// The user of each training row.
  package var trainingUsers: [Int32] { split.train.map { dataset.interactions.users[Int($0)] } }
  /// The item of each training row.
  package var trainingRowItems: [Int32] { split.train.map { dataset.interactions.items[Int($0)] } }

  private static func rows(of assignments: TagAssignments, in pairs: PairTable) -> [Int32] {
    zip(assignments.users, assignments.items).map { user, item in Int32(pairs.position(user: user, item: item) ?? -1) }
  }

  /// The interactions' own times where the data has them, else the newest tag of the row's user on its item.
  private static func times(
    rows: [Int32], interactions: Interactions, assignments: TagAssignments, assignmentRows: [Int32]
  ) -> [Int64] {
    guard interactions.timestamps.isEmpty else { return rows.map { interactions.timestamps[Int($0)] } }
    var times = [Int64](repeating: TimeScale.missing, count: rows.count)
    for (assignment, row) in assignmentRows.enumerated() where row >= 0 {
      times[Int(row)] = max(times[Int(row)], assignments.timestamps[assignment])
    }
    return times
  }

  /// What there is to remark on a feature of times.
  func timeRemark(on name: FeatureName) -> String? {
    timeScale == nil ? "\(name.rawValue): no training row has a time, so it is the same everywhere" : nil
  }
}

extension TagAssignments {
  /// The assignments whose (user, item) is not listed in `pairs`.
  func withoutPairs(of pairs: UserItems) -> TagAssignments {
    var kept = TagAssignments()
    for assignment in users.indices
    where !pairs.contains(user: users[assignment], item: items[assignment]) {
      kept.users.append(users[assignment])
      kept.items.append(items[assignment])
      kept.tags.append(tags[assignment])
      kept.timestamps.append(timestamps[assignment])
    }
    return kept
  }
}
