import Foundation
import Testing
import TestSupport
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerRecommenders
import TwoTowerRuns

/// Runs whose `data.safetensors` is a sound file with other content, under checksums that fit it.
struct StoredTowerDataTests {
  /// - Parameter name: the file that the error is about.
  private func error(
    in name: String = "data.safetensors", metadata change: ([String: String]) -> [String: String] = { $0 },
    tensors: [String: StoredTensor?]
  ) throws -> CheckpointError? {
    try withTemporaryFolder { folder in
      let run = "\(folder)/run"
      try runContents().write(to: run, replacing: false)
      let path = "\(run)/data.safetensors"
      let file = try SafetensorsFile(contentsOf: path)
      var all: [String: StoredTensor] = [:]
      for name in file.names { all[name] = try file.storedTensor(name) }
      for (name, tensor) in tensors { all[name] = tensor }
      try SafetensorsFile.write(all, metadata: change(file.metadata), to: path)
      try Manifest.write(in: run)
      let error = #expect(throws: CheckpointError.self) { _ = try RunFolder(opening: run).data() }
      #expect(error?.description.hasPrefix("\(run)/\(name)") == true && error?.description.contains("\n") == false)
      return error
    }
  }

  private func integers(_ values: Int32...) -> StoredTensor { StoredTensor(values) }
  private func numbers(_ values: Float...) -> StoredTensor { StoredTensor(Tensor([values.count], values)) }

  @Test func tensorsThatDoNotFitAreRefusedByName() throws {
    let cases: [(name: String, tensor: StoredTensor?)] = [
      ("training/users", integers(0, 0, 1, 5)), ("training/users", integers(0, -1, 1, 4)),
      ("training/items", integers(5, 0, 2, 6)), ("training/items", integers(5, 0, 2)),
      ("training/labels", numbers(1, 2, 3, .nan)), ("training/labels", numbers(1, 2)),
      ("training/labels", integers(1, 2, 3, 4)), ("training/users", nil), ("validation/items", integers(99)),
      ("test/users", integers(0)), ("given/weights", numbers(1)), ("given/weights", numbers(1, -1)),
      ("given/weights", numbers(1, .nan)), ("given/weights", nil), ("features/user-id/entity/indices", integers(1, 2, 3, 0, 5)),
      ("features/user-id/entity/indices", integers(1, 2, 3)), ("features/user-id/entity/indices", nil),
      ("features/user-id/entity/vocabulary-size", integers(0)), ("features/user-id/entity/vocabulary-size", integers(4)),
      ("features/user-id/entity/vocabulary-size", nil), ("features/user-id/entity/vocabulary-size", integers()),
      ("features/friends/entity/bag-offsets", integers(0, 2, 1, 3, 3, 3)),
      ("features/friends/entity/bag-offsets", integers(1, 2, 2, 3, 3, 3)),
      ("features/friends/entity/bag-offsets", integers(0, 2, 2, 2, 2, 2)),
      ("features/friends/entity/bag-offsets", integers(0, 2, 2, 9, 9, 9)),
      ("features/friends/entity/bag-offsets", integers(0, 2, 2, 3)),
      ("features/friends/entity/bag-offsets", integers(0, -2, 2, 3, 3, 3)),
      ("features/friends/entity/bag-indices", integers(1, 5, 0)), ("features/friends/entity/bag-weights", numbers(1, 2)),
      ("features/friends/entity/bag-weights", numbers(1, .infinity, 1)),
      ("features/history/withheld/bag-offsets", integers(0, 1, 1, 2)),
      ("features/history/withheld/bag-indices", integers(1, 3)),
      ("features/history/withheld/bag-weights", numbers(1, .nan)), ("features/history/withheld/bag-weights", nil),
      ("features/item-statistics/withheld/bag-offsets", integers(0, 0, 0, 0, 0)),
      ("features/friends/withheld/bag-offsets", integers(0, 0, 0, 0, 0)),
      ("features/item-statistics/entity/numbers", numbers(1, 2)),
      ("features/item-statistics/entity/numbers", StoredTensor(Tensor([3, 4], [Float](repeating: 1, count: 12)))),
      ("features/item-statistics/entity/numbers", StoredTensor(Tensor([6, 2], [Float](repeating: .nan, count: 12)))),
      ("features/item-statistics/training-row/numbers", StoredTensor(Tensor([6, 2], [Float](repeating: 1, count: 12)))),
    ]
    for (name, tensor) in cases {
      let place = name.split(separator: "/").dropLast().joined(separator: "/")
      let line = try error(tensors: [name: tensor])?.description ?? ""
      #expect(line.contains(place), "\(name): \(line)")
    }
  }

  /// A vocabulary of 2³⁰ rows would take gigabytes of embeddings: it is refused before a table is made.
  @Test(arguments: ["user-id", "friends", "history", "item-id"]) func giganticVocabulariesAreRefused(feature: String) throws {
    let size = integers(1 << 30)
    if feature != "item-id" {
      // The encoder knows how many rows there are.
      var tensors: [String: StoredTensor?] = ["features/\(feature)/entity/vocabulary-size": size]
      if feature == "friends" { tensors["features/friends/training-row/vocabulary-size"] = size }
      let line = try withoutLargeAllocation { try error(in: "encoder.safetensors", tensors: tensors)?.description ?? "" }
      #expect(line.contains("\(feature): found") && line.contains("a table of \(1 << 30), as in the data"), "\(line)")
      return
    }
    // Nothing but the weights knows how many rows the items have.
    try withTemporaryFolder { folder in
      var contents = try runContents()
      contents.data.features.append(
        Feature(name: "item-id", entity: .indices([1, 2, 3, 4, 5, 6], vocabularySize: 1 << 30)))
      var retrieval = RetrievalSettings()
      retrieval.queryTower = TowerSettings(features: [InputSettings(feature: .userIdentifier, dimension: 4)])
      retrieval.candidateTower = TowerSettings(features: [InputSettings(feature: .itemIdentifier, dimension: 4)])
      (contents.settings.baseline, contents.settings.retrieval) = (nil, retrieval)
      contents.parameters = [
        "retrieval/embedding/user-id": Tensor(zeros: [5, 4]), "retrieval/embedding/item-id": Tensor(zeros: [7, 4]),
      ]
      try contents.write(to: "\(folder)/run", replacing: false)
      let run = try RunFolder(opening: "\(folder)/run")
      let error = try withoutLargeAllocation {
        #expect(throws: TowerError.self) {
          try ModelSet(run.settings(), data: run.data()) { try run.shape(ofWeights: $0) }
        }
      }
      #expect(error?.description.contains("retrieval/embedding/item-id: found shape [7, 4]") == true)
      #expect(error?.description.contains("\n") == false)
    }
  }

  /// What `body` gives; expects that the process did not grow by a gigabyte meanwhile.
  private func withoutLargeAllocation<Result>(_ body: () throws -> Result) throws -> Result {
    func peakKilobytes() throws -> Int {
      let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmPeak:") })
      return try #require(line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) })
    }
    let before = try peakKilobytes()
    let result = try body()
    #expect(try peakKilobytes() - before < 1 << 20)
    return result
  }

  @Test func pairTablesThatDoNotFitAreRefused() throws {
    let cases: [(name: String, tensor: StoredTensor?)] = [
      ("integers/sizes", integers(7, 3)), ("integers/sizes", integers(-6, 3)), ("integers/sizes", nil),
      ("integers/training-offsets", integers(0, 2, 3, 3, 4)), ("integers/training-items", integers(0, 6, 2, 3)),
      ("integers/training-items", integers(5, 0, 2, 3)), ("integers/friends", integers(1, 5)),
      ("integers/term-offsets", integers(0, 2)), ("integers/tagged-flags", integers(2)),
      ("numbers/scales", numbers(1)), ("numbers/mean-label", numbers(.nan)), ("numbers/training-labels", nil),
    ]
    for (name, tensor) in cases {
      let line = try error(tensors: ["pairs/\(name)": tensor])?.description ?? ""
      #expect(line.contains("pairs"), "\(name): \(line)")
    }
  }

  @Test func whatTrainingRowsSeeMustBeOfTheEntitysKindAndSize() throws {
    for size: Int32 in [4, 6] {
      let line = try error(tensors: ["features/friends/training-row/vocabulary-size": integers(size)])?.description
      #expect(line?.contains("features/friends/training-row") == true, "\(line ?? "")")
    }
    let wider = StoredTensor(Tensor([4, 3], [Float](repeating: 1, count: 12)))
    #expect(try error(tensors: ["features/item-statistics/training-row/numbers": wider]) != nil)
    #expect(try error(tensors: ["features/user-id/training-row/numbers": wider]) != nil)
  }

  @Test func namesThatMeanNothingAreRefused() throws {
    func metadata(_ key: String, _ value: String) throws -> String {
      try error(metadata: { $0.merging([key: value]) { $1 } }, tensors: [:])?.description ?? ""
    }
    #expect(try metadata("features", "user-id,friends,history,item-statistics,shoe-size").contains("'shoe-size'"))
    #expect(try metadata("features", "user-id,friends,history,item-statistics,friends").contains("'friends'"))
    #expect(try metadata("features", "tags").contains("features/tags"))
    #expect(try metadata("validation", "yesterday").contains("'yesterday'"))
    #expect(try metadata("pair-statistics", "tagged,luck").contains("'luck'"))
    #expect(try metadata("pair-statistics", "tagged,tagged,tag-cosine").contains("pairs"))
  }
}
