import Datasets
import Kernels

/// What the items that a user is known to have say of the user: training items, and what is given of users held out
/// whole. A training row sees them without its own item, as a held-out pair does.
extension FeatureBuilder {
  func history() -> Feature {
    let limit = settings.historyLimit ?? Int.max
    var bags = SparseRows()
    for user in 0..<Int32(dataset.users.count) {
      for row in knownRows(of: user, limit: limit) { bags.append(row, weight: 1) }
      bags.endRow()
    }
    var withheld = SparseRows()
    for (user, item) in zip(trainingUsers, trainingRowItems) {
      let row = itemVocabulary.rows[Int(item)]
      if bags.entry(row: Int(user), index: row) != nil { withheld.append(row, weight: 1) }
      withheld.endRow()
    }
    return Feature(
      name: FeatureName.history.rawValue, entity: .bags(bags, vocabularySize: itemVocabulary.size), withheld: withheld)
  }

  /// Rows of the user's items that the vocabulary knows, ascending: all of them, or the `limit` of the largest weights.
  private func knownRows(of user: Int32, limit: Int) -> [Int32] {
    let known = knownItems.lists.range(of: Int(user)).compactMap { entry -> (row: Int32, weight: Float)? in
      let row = itemVocabulary.rows[Int(knownItems.lists.indices[entry])]
      return row > 0 ? (row, knownItems.lists.weights[entry]) : nil
    }
    guard known.count > limit else { return known.map(\.row) }
    return known.sorted { (-$0.weight, $0.row) < (-$1.weight, $1.row) }.prefix(limit).map(\.row).sorted()
  }

  /// Each item counts alike, whether few people tagged it or many: its tags' weights add up to 1.
  func historyTags() throws -> Feature {
    let itemTags = try itemTagBags().withRowsAddingUpToOne
    let items = trainingRowItems
    try checkEntries(
      of: .historyTags, items.reduce(0) { $0 + itemTags.range(of: Int($1)).count },
      advice: "set a higher minimum-tag-count or a lower maximum-tags")
    var withheld = SparseRows()
    for item in items {
      withheld.append(entries: itemTags.range(of: Int(item)), of: itemTags)
      withheld.endRow()
    }
    var bags = SparseRows()
    var sums = [Float](repeating: 0, count: tagVocabulary.size)
    for user in 0..<Int32(dataset.users.count) {
      var tags: [Int32] = []
      for entry in knownItems.items(of: user).flatMap({ itemTags.range(of: Int($0)) }) {
        let tag = Int(itemTags.indices[entry])
        if sums[tag] == 0 { tags.append(Int32(tag)) }
        sums[tag] += itemTags.weights[entry]
      }
      for tag in tags.sorted() {
        bags.append(tag, weight: sums[Int(tag)])
        sums[Int(tag)] = 0
      }
      bags.endRow()
    }
    return Feature(
      name: FeatureName.historyTags.rawValue, entity: .bags(bags, vocabularySize: tagVocabulary.size),
      withheld: withheld)
  }
}
