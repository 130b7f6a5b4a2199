import Foundation
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders
import TwoTowerRuns

/// What a run may hold at its worst: identifiers with every character that a line cannot hold, every kind of column.
func runData() throws -> TowerData {
  let users = ["plain", "tab\there", "", "line\nbreak", "\\n is no line break"]
  let items = ["cr\r\nlf", "back\\slash\\", "\u{301}accent first", "ünïcode 😀", "\u{85}\u{2028}", "\ttab first"]
  let pairs = LabeledPairs(users: [0, 0, 1, 4], items: [5, 0, 2, 3], labels: [0.5, -0.0, .leastNonzeroMagnitude, 1])
  var data = TowerData(
    userIdentifiers: users, itemIdentifiers: items, itemNames: items.map { "name of \($0)" }, training: pairs,
    validation: LabeledPairs(users: [3], items: [1], labels: [2]), test: LabeledPairs(),
    features: [
      Feature(name: "user-id", entity: .indices([1, 2, 3, 0, 4], vocabularySize: 5)),
      Feature(
        name: "friends",
        entity: .bags(
          SparseRows(offsets: [0, 2, 2, 3, 3, 3], indices: [1, 4, 0], weights: [1, 0.5, 3]), vocabularySize: 5),
        perTrainingRow: .bags(SparseRows(offsets: [0, 0, 1, 1, 1], indices: [2], weights: [1]), vocabularySize: 5)),
      Feature(
        name: "history",
        entity: .bags(SparseRows(offsets: [0, 1, 2, 2, 2, 2], indices: [1, 2], weights: [1, 0.5]), vocabularySize: 3),
        withheld: SparseRows(offsets: [0, 1, 1, 2, 2], indices: [1, 2], weights: [1, 0.25])),
      Feature(
        name: "item-statistics", entity: .dense((0..<12).map(Float.init), width: 2),
        perTrainingRow: .dense((0..<8).map { -Float($0) }, width: 2)),
    ],
    pairFeatures: PairFeatures(
      try PairTables(
        statistics: [.tagged, .tagCosine],
        integers: [
          "sizes": [6, 3], "label-scaling": [5], "training-offsets": [0, 2, 3, 3, 3, 4], "training-items": [0, 5, 2, 3],
          "friend-offsets": [0, 1, 2, 2, 2, 2], "friends": [1, 0], "tagged-offsets": [0, 1, 1, 1, 1, 2],
          "tagged-items": [5, 3], "tagged-flags": [2, 1], "term-offsets": [0, 2, 2], "terms": [1, 2],
        ],
        numbers: [
          "training-labels": [0.1, 0.2, 0.3, 0.4], "mean-label": [0.25], "tagged-counts": [2, 1],
          "tagged-times": [0.7, 0], "term-counts": [1, 1], "means": [0.5, 0.1], "scales": [2, 3],
        ])))
  data.validationKind = .temporal
  data.given = LabeledPairs(users: [2, 2], items: [4, 1], labels: [1, 0.25])
  data.givenHistory = SparseRows(offsets: [0, 0, 0, 2, 2, 2], indices: [1, 4], weights: [10, 40])
  data.hidden = LabeledPairs(users: [2], items: [0], labels: [0.5])
  data.encoder = try FeatureEncoder(tables: encoderTables, userCount: users.count, itemCount: items.count)
  return data
}

/// What makes the columns of `runData` for users.
private var encoderTables: FittedTables {
  var tables = FittedTables()
  tables.words = ["features": "user-id,friends,history", "label-scaler/scaling": "per-user-maximum"]
  tables.numbers = ["label-scaler/user-scales": [0.1, 3, 0, 0, 7], "label-scaler/range": [0.1, 7]]
  tables.integers = [
    "user-id/user-rows": [1, 2, 3, 0, 4], "friends/user-rows": [1, 2, 3, 0, 4], "history/item-rows": [1, 0, 2, 0, 0, 0],
    "history/limit": [9],
  ]
  return tables
}

func runContents() throws -> RunContents {
  let data = try runData()
  var settings = ModelSettings()
  settings.baseline = BaselineSettings(Popularity.self)
  return RunContents(
    record: RunRecord(
      isFinished: true, dataset: "made up", files: [], seed: .max,
      counts: ["users": data.userCount, "items": data.itemCount]),
    recipe: "name: x\n", settings: settings, data: data,
    parameters: ["a/b": Tensor([2, 2], [1, .nan, -0.0, .infinity]), "c": Tensor([1], [3])], history: "phase\tepoch\n")
}
