import TwoTowerDatasets
import TwoTowerFeatures

/// A data set of a few rows, written as tuples.
struct SmallData {
  var interactions: [(user: Int32, item: Int32, weight: Float)]
  var tags: [(user: Int32, item: Int32, tag: Int32, time: Int64)] = []
  var itemTags: [(item: Int32, tag: Int32)] = []
  var friends: [(Int32, Int32)] = []
  var tagNames = ["rock", "Pop ", "indie rock", "rare"]
  var userCount = 4
  var itemCount = 5
  var labels = LabelScaling.none
  var train: [Int32]
  var test: [Int32] = []
  var settings = FeatureSettings()

  var dataset: Dataset {
    Dataset(
      name: "small", users: IdentifierTable((0..<userCount).map { "u\($0)" }),
      items: IdentifierTable((0..<itemCount).map { "i\($0)" }), itemNames: (0..<itemCount).map { "item \($0)" },
      interactions: Interactions(
        users: interactions.map(\.user), items: interactions.map(\.item), weights: interactions.map(\.weight)),
      tagNames: tagNames,
      tagAssignments: TagAssignments(
        users: tags.map(\.user), items: tags.map(\.item), tags: tags.map(\.tag), timestamps: tags.map(\.time)),
      itemTags: ItemTags(items: itemTags.map(\.item), tags: itemTags.map(\.tag)),
      friendships: Friendships(users: friends.map(\.0), friends: friends.map(\.1)))
  }

  func builder() throws -> FeatureBuilder {
    try FeatureBuilder(
      dataset: dataset, split: Split(train: train, test: test), labels: labels, settings: settings)
  }

  /// Users 0–2 with training rows, user 3 with a held-out row alone; item 3 held out alone, item 4 never seen.
  static var standard: SmallData {
    var data = SmallData(
      interactions: [(0, 0, 4), (0, 1, 2), (0, 2, 1), (1, 0, 3), (1, 2, 5), (2, 1, 7), (3, 0, 1), (1, 3, 9)],
      tags: [
        (0, 0, 0, 1000), (0, 0, 1, 3000), (1, 0, 0, 2000), (1, 2, 2, 5000), (2, 4, 0, 500),
        (1, 3, 3, 9999), (3, 0, 3, 8888), (2, 1, 1, Int64.min),
      ],
      friends: [(0, 1), (1, 0), (0, 3), (3, 0), (1, 2), (2, 1)], train: [0, 1, 2, 3, 4, 5], test: [6, 7])
    data.settings.minimumTagCount = 1
    return data
  }
}

extension Feature {
  /// What training rows do not see, as lists of (index, weight).
  var withheldLists: [[(Int32, Float)]] { withheld.map { FeatureColumn.bags($0, vocabularySize: 1).lists } ?? [] }
}

extension FeatureColumn {
  /// Bags as lists of (index, weight), to compare with literals.
  var lists: [[(Int32, Float)]] {
    guard case .bags(let rows, _) = self else { return [] }
    return (0..<rows.rowCount).map { row in rows.range(of: row).map { (rows.indices[$0], rows.weights[$0]) } }
  }

  var bagIndices: [[Int32]] { lists.map { $0.map(\.0) } }
  var bagWeights: [[Float]] { lists.map { $0.map(\.1) } }

  var denseValues: [Float] {
    guard case .dense(let values, _) = self else { return [] }
    return values
  }
}
