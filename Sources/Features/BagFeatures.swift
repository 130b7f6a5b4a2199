import Datasets
import Kernels

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
    let bags = SparseRows(
      counting: users, indices: rows, rowCount: dataset.users.count, indexCount: userVocabulary.size).withWeights()
    return Feature(
      name: FeatureName.friends.rawValue, entity: .bags(bags, vocabularySize: userVocabulary.size))
  }

  func tags() throws -> Feature {
    Feature(name: FeatureName.tags.rawValue, entity: .bags(try itemTagBags(), vocabularySize: tagVocabulary.size))
  }

  /// The tags given to each item, weighted.
  func itemTagBags() throws -> SparseRows {
    let counts = try termCounts(
      of: assignments.items + dataset.itemTags.items, tags: assignments.tags + dataset.itemTags.tags,
      rowCount: dataset.items.count)
    return TermWeighter(settings.tagWeighting, counts, size: tagVocabulary.size).weighted(counts)
  }

  func userTags() throws -> Feature {
    let counts = try termCounts(of: assignments.users, tags: assignments.tags, rowCount: dataset.users.count)
    let weighter = TermWeighter(settings.tagWeighting, counts, size: tagVocabulary.size)
    let perRow = settings.leavesOwnTagsOut
      ? FeatureColumn.bags(weighter.weighted(try termCountsWithoutOwn(counts)), vocabularySize: tagVocabulary.size)
      : nil
    return Feature(
      name: FeatureName.userTags.rawValue,
      entity: .bags(weighter.weighted(counts), vocabularySize: tagVocabulary.size), perTrainingRow: perRow)
  }

  /// How often each owner (a user or an item per tag) has each term.
  private func termCounts(of owners: [Int32], tags: [Int32], rowCount: Int) throws -> SparseRows {
    let pairs = try termPairs(of: owners, tags: tags, in: tagVocabulary)
    return SparseRows(
      counting: pairs.owners, indices: pairs.terms, rowCount: rowCount, indexCount: tagVocabulary.size)
  }

  /// Each term of each tag beside the tag's owner; tags of an owner below 0 are left out.
  ///
  /// - Throws: `FeatureError.size` for more than sparse rows can number.
  func termPairs(
    of owners: [Int32], tags: [Int32], in vocabulary: TagVocabulary
  ) throws -> (owners: [Int32], terms: [Int32]) {
    let count = zip(owners, tags).reduce(0) { $0 + ($1.0 < 0 ? 0 : vocabulary.rows(of: $1.1).count) }
    try checkEntries(
      of: .tags, count, limit: IndexLists.maximumCount,
      advice: "set a higher minimum-tag-count or a lower maximum-tags")
    var pairs: (owners: [Int32], terms: [Int32]) = ([], [])
    pairs.owners.reserveCapacity(count)
    pairs.terms.reserveCapacity(count)
    for (owner, tag) in zip(owners, tags) where owner >= 0 {
      for row in vocabulary.rows(of: tag) {
        pairs.owners.append(owner)
        pairs.terms.append(row)
      }
    }
    return pairs
  }

  /// For each training row, how often its user gave each term to *other* items.
  private func termCountsWithoutOwn(_ counts: SparseRows) throws -> SparseRows {
    let users = trainingUsers
    try checkEntries(
      of: .userTags, users.reduce(0) { $0 + counts.range(of: Int($1)).count },
      advice: "set leave-own-tags-out: false or a lower maximum-tags")
    // How often each training row's user gave each term to the row's own item.
    let own = try termCounts(of: assignmentRows, tags: assignments.tags, rowCount: split.train.count)
    var result = SparseRows()
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

  func checkEntries(
    of name: FeatureName, _ count: Int, limit: Int = FeatureBuilder.maximumEntries, advice: String
  ) throws {
    guard count > limit else { return }
    throw FeatureError.size(feature: name.rawValue, entries: count, limit: limit, advice: advice)
  }
}

/// Turns how often a term occurs into its weight in a bag.
struct TermWeighter {
  private let weighting: FeatureSettings.TagWeighting
  private var inverseFrequency: [Float] = []

  /// - Parameter counts: the bags from which tf-idf takes in how many of them a term occurs.
  init(_ weighting: FeatureSettings.TagWeighting, _ counts: SparseRows, size: Int) {
    self.weighting = weighting
    guard weighting == .tfIdf || weighting == .logIdf else { return }
    var frequency = [Float](repeating: 0, count: size)
    for index in counts.indices { frequency[Int(index)] += 1 }
    let bagCount = Double((0..<counts.rowCount).count { !counts.range(of: $0).isEmpty })
    inverseFrequency = frequency.map { Float(logarithm((1 + bagCount) / (1 + Double($0))) + 1) }
  }

  func weighted(_ counts: SparseRows) -> SparseRows {
    guard weighting != .count else { return counts }
    return counts.withWeights(
      zip(counts.indices, counts.weights).map { term, count in
        switch weighting {
        case .count: count
        case .binary: 1
        case .sqrt: count.squareRoot()
        case .log: Float(logarithm(1 + Double(count)))
        case .tfIdf: count * inverseFrequency[Int(term)]
        case .logIdf: Float(logarithm(1 + Double(count))) * inverseFrequency[Int(term)]
        }
      })
  }
}
