import TwoTowerKernels

/// The tags of the items that a user is known to have, a bag over the table of tags.
///
/// Each item counts alike, whether few people tagged it or many: its tags' weights add up to 1. An item needs no
/// training row to have tags. A training row sees them without those of its own item, as a held-out pair does.
struct HistoryTagsFeature: UserFeature {
  static let name = FeatureName.historyTags
  static let vocabularyName: String? = "tags"

  /// Each item's tags, adding up to 1.
  private let itemTags: SparseRows
  private let vocabularySize: Int

  init(fitting builder: FeatureBuilder) throws {
    itemTags = try builder.itemTagBags().withRowsAddingUpToOne
    vocabularySize = builder.tagVocabulary.size
  }

  func encode(_ users: UserProfiles, labels: SparseRows) -> FeatureColumn {
    var bags = SparseRows()
    var sums = [Float](repeating: 0, count: vocabularySize)
    for user in 0..<users.count {
      var tags: [Int32] = []
      for item in users.history.indices[users.history.range(of: user)] where Int(item) < itemTags.rowCount {
        for entry in itemTags.range(of: Int(item)) {
          let tag = Int(itemTags.indices[entry])
          if sums[tag] == 0 { tags.append(Int32(tag)) }
          sums[tag] += itemTags.weights[entry]
        }
      }
      for tag in tags.sorted() {
        bags.append(tag, weight: sums[Int(tag)])
        sums[Int(tag)] = 0
      }
      bags.endRow()
    }
    return .bags(bags, vocabularySize: vocabularySize)
  }

  func trainingView(of entities: FeatureColumn, _ builder: FeatureBuilder) throws -> TrainingView {
    let items = builder.trainingRowItems
    try builder.checkEntries(
      of: Self.name, items.reduce(0) { $0 + itemTags.range(of: Int($1)).count },
      advice: "set a higher minimum-tag-count or a lower maximum-tags")
    return .withheld(itemTags.selecting(items))
  }

  static func remark(_ builder: FeatureBuilder) -> String? {
    builder.tagRemark(on: name, tagCount: builder.assignments.count + builder.dataset.itemTags.count)
  }

  var tables: FittedTables {
    var tables = FittedTables()
    tables.add(lists: itemTags.lists, as: "item-tags")
    tables.numbers["shares"] = itemTags.weights
    return tables
  }

  init(reading reader: FittedTablesReader, _ sizes: FittedSizes) throws {
    let tags = try reader.lists("item-tags", count: sizes.items)
    itemTags = SparseRows(tags, weights: try reader.numbers("shares", count: tags.indices.count, atLeast: 0))
    vocabularySize = try reader.vocabularySize("item-tags")
  }
}
