import Datasets

/// What a user's training items say of the user. A training row sees them without its own item, as a held-out pair does.
extension FeatureBuilder {
  func history() -> Feature {
    let limit = settings.historyLimit ?? Int.max
    var bags = RaggedRows()
    for user in 0..<Int32(dataset.users.count) {
      for row in knownItems(of: user, limit: limit) { bags.append(row, weight: 1) }
      bags.endRow()
    }
    var withheld = RaggedRows()
    for (user, item) in zip(trainingUsers, trainingRowItems) {
      let row = itemVocabulary.rows[Int(item)]
      if bags.entry(row: Int(user), index: row) != nil { withheld.append(row, weight: 1) }
      withheld.endRow()
    }
    return Feature(
      name: FeatureName.history.rawValue, entity: .bags(bags, vocabularySize: itemVocabulary.size), withheld: withheld)
  }

  /// Rows of the user's known training items, ascending: all of them, or the `limit` of the largest weights.
  private func knownItems(of user: Int32, limit: Int) -> [Int32] {
    let known = trainingItems.lists.range(of: Int(user)).compactMap { entry -> (row: Int32, weight: Float)? in
      let row = itemVocabulary.rows[Int(trainingItems.lists.indices[entry])]
      return row > 0 ? (row, trainingItems.lists.weights[entry]) : nil
    }
    guard known.count > limit else { return known.map(\.row) }
    return known.sorted { (-$0.weight, $0.row) < (-$1.weight, $1.row) }.prefix(limit).map(\.row).sorted()
  }

  /// Each item counts alike, whether few people tagged it or many: its tags' weights add up to 1.
  func historyTags() throws -> Feature {
    let itemTags = itemTagBags.withRowsAddingUpToOne
    let items = trainingRowItems
    try checkEntries(
      of: .historyTags, items.reduce(0) { $0 + itemTags.range(of: Int($1)).count },
      advice: "set a higher minimum-tag-count or a lower maximum-tags")
    var withheld = RaggedRows()
    for item in items {
      for entry in itemTags.range(of: Int(item)) { withheld.append(itemTags.indices[entry], weight: itemTags.weights[entry]) }
      withheld.endRow()
    }
    var owners: [Int32] = []
    for (row, user) in trainingUsers.enumerated() {
      owners += [Int32](repeating: user, count: withheld.range(of: row).count)
    }
    let bags = RaggedRows(
      summing: owners, indices: withheld.indices, weights: withheld.weights, rowCount: dataset.users.count,
      indexCount: tagVocabulary.size)
    return Feature(
      name: FeatureName.historyTags.rawValue, entity: .bags(bags, vocabularySize: tagVocabulary.size),
      withheld: withheld)
  }
}

extension RaggedRows {
  /// The rows with their weights divided by the row's sum.
  fileprivate var withRowsAddingUpToOne: RaggedRows {
    var rows = self
    for row in 0..<rowCount {
      let sum = range(of: row).reduce(Float(0)) { $0 + weights[$1] }
      guard sum > 0 else { continue }
      for entry in range(of: row) { rows.weights[entry] /= sum }
    }
    return rows
  }
}
