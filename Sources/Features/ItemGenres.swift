import Datasets

/// The tags that people give most to each item: its genres, as far as a data set knows them.
public struct ItemGenres: Sendable, Equatable {
  /// An item has at most so many.
  public static let maximumPerItem = 5

  /// The tags that lead any item, each once.
  public let names: [String]
  /// List `item` has numbers of `names`, the tag given most first.
  private let offsets: [Int32]
  private let tags: [Int32]

  /// - Parameter lists: the tags of each item, the one given most first.
  public init(_ lists: [[String]]) {
    var table = IdentifierTable()
    var offsets: [Int32] = [0]
    var tags: [Int32] = []
    offsets.reserveCapacity(lists.count + 1)
    for list in lists {
      for name in list { tags.append(table.insert(name)) }
      offsets.append(Int32(tags.count))
    }
    names = table.identifiers
    self.offsets = offsets
    self.tags = tags
  }

  /// No tags for any of `itemCount` items.
  public init(itemCount: Int) { self.init(Array(repeating: [], count: itemCount)) }

  public var itemCount: Int { offsets.count - 1 }
  public var isEmpty: Bool { tags.isEmpty }

  /// The numbers of an item's tags in `names`, the tag given most first.
  public subscript(item: Int32) -> ArraySlice<Int32> { tags[Int(offsets[Int(item)])..<Int(offsets[Int(item) + 1])] }

  /// An item's tags, the one given most first.
  public func names(of item: Int32) -> [String] { self[item].map { names[Int($0)] } }
}

extension FeatureBuilder {
  /// Each item's tags, those of the catalogue among them, by how often they are given to it; of equals the one more
  /// common everywhere first. Assignments of held-out pairs do not count; tags that differ in letter case alone are one.
  public var itemGenres: ItemGenres {
    var counts = [Int32](repeating: 0, count: dataset.tagNames.count)
    let items = assignments.items + dataset.itemTags.items
    let tags = assignments.tags + dataset.itemTags.tags
    for tag in tags { counts[Int(tag)] += 1 }
    let vocabulary = TagVocabulary(
      tagNames: dataset.tagNames, assignmentCounts: counts, text: .whole, minimumCount: 1)
    var owners: [Int32] = []
    var rows: [Int32] = []
    for (item, tag) in zip(items, tags) {
      for row in vocabulary.rows(of: tag) {
        owners.append(item)
        rows.append(row)
      }
    }
    let bags = RaggedRows(
      counting: owners, indices: rows, rowCount: dataset.items.count, indexCount: vocabulary.size)
    return ItemGenres(
      (0..<dataset.items.count).map { item in
        // Rows of the vocabulary ascend from common to rare.
        bags.range(of: item).sorted { (-bags.weights[$0], bags.indices[$0]) < (-bags.weights[$1], bags.indices[$1]) }
          .prefix(ItemGenres.maximumPerItem).map { vocabulary.terms[Int(bags.indices[$0]) - 1] }
      })
  }
}
