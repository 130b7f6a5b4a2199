import Foundation
import Testing
import TestSupport
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders
import TwoTowerRuns

struct StoredBaselineTests {
  /// Every kind, and interactions that weigh their labels.
  static let settings: [BaselineSettings] = baselineTypes.map { BaselineSettings(kind: $0.kind)! } + [
    nearest,
    { var weighted = BaselineSettings(EASE.self); weighted.weights = .labels; return weighted }()
  ]

  private static let nearest = BaselineSettings(ItemNeighbors.self, .init(neighbors: 3))

  /// 5 users and 6 items, the last of each without a row.
  private let data = TowerData(
    userIdentifiers: (0..<5).map { "u\($0)" }, itemIdentifiers: (0..<6).map { "i\($0)" },
    itemNames: (0..<6).map { "item \($0)" },
    training: LabeledPairs(
      users: [0, 0, 1, 1, 1, 2, 3, 3], items: [0, 1, 0, 2, 3, 4, 1, 4], labels: [1, 0.5, 1, 2, 1, 3, 1, 0.25]),
    validation: LabeledPairs(), test: LabeledPairs(users: [2], items: [0], labels: [1]), features: [], pairFeatures: nil)

  private func models(_ baseline: BaselineSettings) -> ModelSettings {
    var settings = ModelSettings()
    settings.baseline = baseline
    return settings
  }

  /// Fits on the data and writes the run.
  private func run(_ settings: BaselineSettings, in path: String) throws -> any Recommender {
    let fitted = try settings.fit(on: data, seed: 1)
    var contents = RunContents(
      record: RunRecord(
        isFinished: true, dataset: "d", files: [], seed: 1,
        counts: ["users": 5, "items": 6, "recommender_parameters": fitted.parameterCount]),
      recipe: "name: x\n", settings: models(settings), data: data, parameters: [:], history: "phase\n")
    contents.recommender = fitted
    try contents.write(to: path, replacing: false)
    return fitted
  }

  private func scores(_ model: any Recommender) -> [UInt32] {
    (0..<Int32(5)).flatMap { user in model.scorer.scores(of: user, items: Array(0..<6)).map(\.score.bitPattern) }
  }

  @Test(arguments: settings) func whatIsLoadedScoresBitForBit(settings: BaselineSettings) throws {
    try withTemporaryFolder { folder in
      let fitted = try run(settings, in: "\(folder)/run")
      let opened = try RunFolder(opening: "\(folder)/run")
      let loaded = try #require(try opened.recommender(try opened.settings()) { try opened.data() })
      #expect(scores(loaded) == scores(fitted))
      #expect(Set(scores(fitted)).count > 2, "scores differ")
      #expect(loaded.parameterCount == fitted.parameterCount)
      #expect((loaded.vectors == nil) == (settings.kind != ImplicitALS.kind))
    }
  }

  @Test(arguments: settings) func anotherKindOrSizeIsRefused(settings: BaselineSettings) throws {
    try withTemporaryFolder { folder in
      _ = try run(settings, in: "\(folder)/run")
      let opened = try RunFolder(opening: "\(folder)/run")
      for other in Self.settings where other.kind != settings.kind {
        #expect(throws: CheckpointError.self) { try opened.recommender(models(other)) { data } }
      }
    }
    // A run whose catalogue has other sizes than the model.
    try withTemporaryFolder { folder in
      let fitted = try settings.fit(on: data, seed: 1)
      var larger = data
      larger.userIdentifiers.append("u5")
      larger.itemIdentifiers.append("i6")
      larger.itemNames.append("item 6")
      larger.givenHistory = SparseRows(emptyRows: 6)
      larger.itemGenres = ItemGenres(itemCount: 7)
      var contents = RunContents(
        record: RunRecord(isFinished: true, dataset: "d", files: [], seed: 1, counts: ["users": 6, "items": 7]),
        recipe: "name: x\n", settings: models(settings), data: larger, parameters: [:], history: "phase\n")
      contents.recommender = fitted
      try contents.write(to: "\(folder)/run", replacing: false)
      let opened = try RunFolder(opening: "\(folder)/run")
      #expect(throws: CheckpointError.self) { try opened.recommender(models(settings)) { try opened.data() } }
    }
  }

  /// Tensors that are there, of the right shape, and cannot be.
  @Test(arguments: [
    ("popularity", "baseline/totals", StoredTensor(Tensor([6], [1, 2, .nan, 4, 5, 6]))),
    ("ease", "baseline/residuals", StoredTensor(Tensor([6], [1, 1, 0, 1, 1, 1]))),
    ("ease", "baseline/inverse-gram", StoredTensor(Tensor([5, 5], [Float](repeating: .infinity, count: 25)))),
    ("item-neighbors", "baseline/neighbor-offsets", StoredTensor([Int32](repeating: 0, count: 7))),
    ("item-neighbors", "baseline/neighbor-offsets", StoredTensor([Int32.min, 0, 0, 0, 0, 0, 0])),
    ("item-neighbors", "baseline/neighbor-items", StoredTensor([Int32](repeating: 6, count: 10))),
    ("item-neighbors", "baseline/neighbor-items", StoredTensor([Int32](repeating: -1, count: 10))),
    ("implicit-als", "baseline/items", StoredTensor(Tensor([6, 128], [Float](repeating: .nan, count: 768)))),
  ] as [(String, String, StoredTensor)])
  func damageIsRefused(kind: String, name: String, damage: StoredTensor) throws {
    try withTemporaryFolder { folder in
      let settings = try #require(Self.settings.last { $0.kind == kind })
      _ = try run(settings, in: "\(folder)/run")
      let path = "\(folder)/run/model.safetensors"
      let file = try SafetensorsFile(bytes: try Data(contentsOf: URL(fileURLWithPath: path)), path: path)
      var tensors: [String: StoredTensor] = [:]
      for name in file.names { tensors[name] = try file.storedTensor(name) }
      #expect(tensors[name] != nil, "\(file.names)")
      tensors[name] = damage
      try SafetensorsFile.write(tensors, to: path)
      try Manifest.write(in: "\(folder)/run")
      let error = #expect(throws: CheckpointError.self) {
        try RunFolder(opening: "\(folder)/run").recommender(models(settings)) { data }
      }
      #expect(error?.description.contains("baseline/") == true, "\(String(describing: error))")
    }
  }
}
