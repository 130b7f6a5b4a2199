import TwoTowerDatasets
import TwoTowerKernels

extension FeatureBuilder {
  /// Entries of a column beyond which what training rows see is refused instead of filling the memory (2 GB).
  static let maximumEntries = 1 << 28

  /// The tags given to each item, weighted.
  func itemTagBags() throws -> SparseRows {
    let counts = try termCounts(
      of: assignments.items + dataset.itemTags.items, tags: assignments.tags + dataset.itemTags.tags,
      rowCount: dataset.items.count)
    return TermWeighter(settings.tagWeighting, counts, size: tagVocabulary.size).weighted(counts)
  }

  /// How often each owner (a user or an item per tag) has each term.
  func termCounts(of owners: [Int32], tags: [Int32], rowCount: Int) throws -> SparseRows {
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

  func checkEntries(
    of name: FeatureName, _ count: Int, limit: Int = FeatureBuilder.maximumEntries, advice: String
  ) throws {
    guard count > limit else { return }
    throw FeatureError.size(feature: name.rawValue, entries: count, limit: limit, advice: advice)
  }

  /// What there is to remark on a feature of tags, `tagCount` of which were given.
  func tagRemark(on name: FeatureName, tagCount: Int) -> String? {
    if tagCount == 0 {
      return "\(name.rawValue): the data set has no tags outside the held-out pairs, so every bag is empty"
    }
    if tagVocabulary.terms.isEmpty {
      return "\(name.rawValue): no tag is given \(settings.minimumTagCount) times, so every bag is empty"
    }
    return nil
  }
}
