import Autodiff
import Features
import Foundation
import Recommenders
import Runs
import Testing

struct StoredBaselineTests {
  static let settings: [BaselineSettings] = BaselineSettings.Kind.allCases.map { BaselineSettings(kind: $0) } + [
    { var weighted = BaselineSettings(kind: .ease); weighted.weights = .labels; return weighted }()
  ]

  /// 5 users and 6 items, the last of each without a row.
  private let data = TowerData(
    userIdentifiers: (0..<5).map { "u\($0)" }, itemIdentifiers: (0..<6).map { "i\($0)" },
    itemNames: (0..<6).map { "item \($0)" },
    training: LabeledPairs(
      users: [0, 0, 1, 1, 1, 2, 3, 3], items: [0, 1, 0, 2, 3, 4, 1, 4], labels: [1, 0.5, 1, 2, 1, 3, 1, 0.25]),
    validation: LabeledPairs(), test: LabeledPairs(users: [2], items: [0], labels: [1]), features: [], pairFeatures: nil)

  private func run(_ baseline: BaselineModel, in path: String) throws {
    var contents = RunContents(
      record: RunRecord(isFinished: true, dataset: "d", files: [], seed: 1, counts: ["users": 5, "items": 6]),
      recipe: "name: x\n", data: data, parameters: [:], history: "phase\n")
    contents.baseline = baseline
    try contents.write(to: path, replacing: false)
  }

  private func scores(_ model: BaselineModel) -> [UInt32] {
    (0..<Int32(5)).flatMap { user in model.scorer.scores(of: user, items: Array(0..<6)).map(\.score.bitPattern) }
  }

  @Test(arguments: settings) func whatIsLoadedScoresBitForBit(settings: BaselineSettings) throws {
    try withTemporaryFolder { folder in
      let fitted = try BaselineModel(fitting: data, settings: settings, seed: 1)
      try run(fitted, in: "\(folder)/run")
      let opened = try RunFolder(opening: "\(folder)/run")
      let loaded = try opened.baseline(settings, data: try opened.data())
      #expect(scores(loaded) == scores(fitted))
      #expect(Set(scores(fitted)).count > 2, "scores differ")
      #expect(loaded.parameterCount == fitted.parameterCount)
      #expect((loaded.embeddings == nil) == (settings.kind != .implicitALS))
    }
  }

  @Test(arguments: settings) func anotherKindOrSizeIsRefused(settings: BaselineSettings) throws {
    try withTemporaryFolder { folder in
      try run(try BaselineModel(fitting: data, settings: settings, seed: 1), in: "\(folder)/run")
      let opened = try RunFolder(opening: "\(folder)/run")
      for kind in BaselineSettings.Kind.allCases where kind != settings.kind {
        #expect(throws: CheckpointError.self) { try opened.baseline(BaselineSettings(kind: kind), data: data) }
      }
      var larger = data
      larger.userIdentifiers.append("u5")
      larger.itemIdentifiers.append("i6")
      larger.itemNames.append("item 6")
      #expect(throws: CheckpointError.self) { try opened.baseline(settings, data: larger) }
    }
  }

  /// Tensors that are there, of the right shape, and cannot be.
  @Test(arguments: [
    (.popularity, "baseline/totals", StoredTensor(Tensor([6], [1, 2, .nan, 4, 5, 6]))),
    (.ease, "baseline/residuals", StoredTensor(Tensor([6], [1, 1, 0, 1, 1, 1]))),
    (.ease, "baseline/inverse-gram", StoredTensor(Tensor([5, 5], [Float](repeating: .infinity, count: 25)))),
    (.itemNeighbors, "baseline/neighbor-offsets", StoredTensor([Int32](repeating: 0, count: 7))),
    (.itemNeighbors, "baseline/neighbor-offsets", StoredTensor([Int32.min, 0, 0, 0, 0, 0, 0])),
    (.itemNeighbors, "baseline/neighbor-items", StoredTensor([Int32](repeating: 6, count: 10))),
    (.itemNeighbors, "baseline/neighbor-items", StoredTensor([Int32](repeating: -1, count: 10))),
    (.implicitALS, "baseline/items", StoredTensor(Tensor([6, 32], [Float](repeating: .nan, count: 192)))),
  ] as [(BaselineSettings.Kind, String, StoredTensor)])
  func damageIsRefused(kind: BaselineSettings.Kind, name: String, damage: StoredTensor) throws {
    try withTemporaryFolder { folder in
      let settings = BaselineSettings(kind: kind)
      try run(try BaselineModel(fitting: data, settings: settings, seed: 1), in: "\(folder)/run")
      let path = "\(folder)/run/model.safetensors"
      let file = try SafetensorsFile(bytes: try Data(contentsOf: URL(fileURLWithPath: path)), path: path)
      var tensors: [String: StoredTensor] = [:]
      for name in file.names { tensors[name] = try file.storedTensor(name) }
      #expect(tensors[name] != nil, "\(file.names)")
      tensors[name] = damage
      try SafetensorsFile.write(tensors, to: path)
      try Manifest.write(in: "\(folder)/run")
      let error = #expect(throws: CheckpointError.self) {
        try RunFolder(opening: "\(folder)/run").baseline(settings, data: data)
      }
      #expect(error?.description.contains("baseline/") == true, "\(String(describing: error))")
    }
  }
}
