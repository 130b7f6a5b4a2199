import TwoTowerDatasets
import TwoTowerKernels

/// The tags that people give most to each item: its genres, as far as a data set knows them.
package struct ItemGenres: Sendable, Equatable {
  /// An item has at most so many.
  package static let maximumPerItem = 5

  /// The tags that lead any item, each once.
  package let names: [String]
  /// List `item` has numbers of `names`, the tag given most first.
  private let tags: IndexLists

  /// - Parameter lists: the tags of each item, the one given most first.
  package init(_ lists: [[String]]) {
    var table = IdentifierTable()
    var tags = IndexLists()
    tags.reserveCapacity(lists: lists.count, indices: lists.count)
    for list in lists {
      for name in list { tags.append(table.insert(name)) }
      tags.endList()
    }
    names = table.identifiers
    self.tags = tags
  }

  /// No tags for any of `itemCount` items.
  package init(itemCount: Int) { self.init(Array(repeating: [], count: itemCount)) }

  package var itemCount: Int { tags.count }
  package var isEmpty: Bool { tags.indices.isEmpty }

  /// Whether each item has a tag.
  package var hasTags: [Bool] { (0..<itemCount).map { !tags.range(of: $0).isEmpty } }

  /// The numbers of an item's tags in `names`, the tag given most first.
  package subscript(item: Int32) -> ArraySlice<Int32> { tags[Int(item)] }

  /// An item's tags, the one given most first.
  package func names(of item: Int32) -> [String] { self[item].map { names[Int($0)] } }
}

extension FeatureBuilder {
  /// Each item's tags, those of the catalogue among them, by how often they are given to it; of equals the one more
  /// common everywhere first.
  ///
  /// Assignments of held-out pairs do not count; tags that differ in letter case alone are one.
  ///
  /// - Throws: `FeatureError.size`.
  package func itemGenres() throws -> ItemGenres {
    var counts = [Int32](repeating: 0, count: dataset.tagNames.count)
    let items = assignments.items + dataset.itemTags.items
    let tags = assignments.tags + dataset.itemTags.tags
    for tag in tags { counts[Int(tag)] += 1 }
    let vocabulary = TagVocabulary(
      tagNames: dataset.tagNames, assignmentCounts: counts, text: .whole, minimumCount: 1)
    let pairs = try termPairs(of: items, tags: tags, in: vocabulary)
    let bags = SparseRows(
      counting: pairs.owners, indices: pairs.terms, rowCount: dataset.items.count, indexCount: vocabulary.size)
    return ItemGenres(
      (0..<dataset.items.count).map { item in
        // Rows of the vocabulary ascend from common to rare.
        bags.range(of: item).sorted { (-bags.weights[$0], bags.indices[$0]) < (-bags.weights[$1], bags.indices[$1]) }
          .prefix(ItemGenres.maximumPerItem).map { vocabulary.terms[Int(bags.indices[$0]) - 1] }
      })
  }
}
