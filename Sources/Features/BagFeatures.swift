import Datasets

extension FeatureBuilder {
  /// Entries of a column beyond which what training rows see is refused instead of filling the memory (2 GB).
  static let maximumEntries = 1 << 28

  var friends: Feature {
    var users: [Int32] = []
    var rows: [Int32] = []
    for (user, friend) in zip(dataset.friendships.users, dataset.friendships.friends) where user != friend {
      let row = userVocabulary.rows[Int(friend)]
      if row > 0 {
        users.append(user)
        rows.append(row)
      }
    }
    var bags = RaggedRows(
      counting: users, indices: rows, rowCount: dataset.users.count, indexCount: userVocabulary.size)
    bags.weights = bags.weights.map { _ in 1 }
    return Feature(
      name: FeatureName.friends.rawValue, entity: .bags(bags, vocabularySize: userVocabulary.size))
  }

  var tags: Feature {
    Feature(name: FeatureName.tags.rawValue, entity: .bags(itemTagBags, vocabularySize: tagVocabulary.size))
  }

  /// The tags given to each item, weighted.
  var itemTagBags: RaggedRows {
    let counts = termCounts(
      of: assignments.items + dataset.itemTags.items, tags: assignments.tags + dataset.itemTags.tags,
      rowCount: dataset.items.count)
    return TermWeighter(settings.tagWeighting, counts, size: tagVocabulary.size).weighted(counts)
  }

  func userTags() throws -> Feature {
    let counts = termCounts(of: assignments.users, tags: assignments.tags, rowCount: dataset.users.count)
    let weighter = TermWeighter(settings.tagWeighting, counts, size: tagVocabulary.size)
    let perRow = settings.leavesOwnTagsOut
      ? FeatureColumn.bags(weighter.weighted(try termCountsWithoutOwn(counts)), vocabularySize: tagVocabulary.size)
      : nil
    return Feature(
      name: FeatureName.userTags.rawValue,
      entity: .bags(weighter.weighted(counts), vocabularySize: tagVocabulary.size), perTrainingRow: perRow)
  }

  /// How often each owner (a user or an item per tag) has each term.
  private func termCounts(of owners: [Int32], tags: [Int32], rowCount: Int) -> RaggedRows {
    var ownerOfTerm: [Int32] = []
    var terms: [Int32] = []
    for (owner, tag) in zip(owners, tags) {
      for row in tagVocabulary.rows(of: tag) {
        ownerOfTerm.append(owner)
        terms.append(row)
      }
    }
    return RaggedRows(counting: ownerOfTerm, indices: terms, rowCount: rowCount, indexCount: tagVocabulary.size)
  }

  /// For each training row, how often its user gave each term to *other* items.
  private func termCountsWithoutOwn(_ counts: RaggedRows) throws -> RaggedRows {
    let users = trainingUsers
    try checkEntries(
      of: .userTags, users.reduce(0) { $0 + counts.range(of: Int($1)).count },
      advice: "set leave-own-tags-out: false or a lower maximum-tags")
    let own = rowsWithTerms()
    var result = RaggedRows()
    for (row, user) in users.enumerated() {
      var ownEntries = own.range(of: row)
      for entry in counts.range(of: Int(user)) {
        var count = counts.weights[entry]
        if let next = ownEntries.first, own.indices[next] == counts.indices[entry] {
          count -= own.weights[next]
          ownEntries = ownEntries.dropFirst()
        }
        if count > 0 { result.append(counts.indices[entry], weight: count) }
      }
      result.endRow()
    }
    return result
  }

  /// How often each training row's user gave each term to the row's own item.
  private func rowsWithTerms() -> RaggedRows {
    var rows: [Int32] = []
    var terms: [Int32] = []
    for assignment in assignmentRows.indices where assignmentRows[assignment] >= 0 {
      for term in tagVocabulary.rows(of: assignments.tags[assignment]) {
        rows.append(assignmentRows[assignment])
        terms.append(term)
      }
    }
    return RaggedRows(counting: rows, indices: terms, rowCount: split.train.count, indexCount: tagVocabulary.size)
  }

  func checkEntries(of name: FeatureName, _ count: Int, advice: String) throws {
    guard count > Self.maximumEntries else { return }
    throw FeatureError.size(feature: name.rawValue, entries: count, limit: Self.maximumEntries, advice: advice)
  }
}

/// Turns how often a term occurs into its weight in a bag.
struct TermWeighter {
  private let weighting: FeatureSettings.TagWeighting
  private var inverseFrequency: [Float] = []

  /// - Parameter counts: the bags from which tf-idf takes in how many of them a term occurs.
  init(_ weighting: FeatureSettings.TagWeighting, _ counts: RaggedRows, size: Int) {
    self.weighting = weighting
    guard weighting == .tfIdf || weighting == .logIdf else { return }
    var frequency = [Float](repeating: 0, count: size)
    for index in counts.indices { frequency[Int(index)] += 1 }
    let bagCount = Double((0..<counts.rowCount).count { !counts.range(of: $0).isEmpty })
    inverseFrequency = frequency.map { Float(logarithm((1 + bagCount) / (1 + Double($0))) + 1) }
  }

  func weighted(_ counts: RaggedRows) -> RaggedRows {
    var bags = counts
    for entry in bags.weights.indices {
      let count = counts.weights[entry]
      switch weighting {
      case .count: break
      case .binary: bags.weights[entry] = 1
      case .sqrt: bags.weights[entry] = count.squareRoot()
      case .log: bags.weights[entry] = Float(logarithm(1 + Double(count)))
      case .tfIdf: bags.weights[entry] = count * inverseFrequency[Int(counts.indices[entry])]
      case .logIdf:
        bags.weights[entry] = Float(logarithm(1 + Double(count))) * inverseFrequency[Int(counts.indices[entry])]
      }
    }
    return bags
  }
}

extension RaggedRows {
  /// Adds an entry to the row under construction.
  mutating func append(_ index: Int32, weight: Float) {
    indices.append(index)
    weights.append(weight)
  }

  /// Closes the row under construction.
  mutating func endRow() { offsets.append(Int32(indices.count)) }
}
