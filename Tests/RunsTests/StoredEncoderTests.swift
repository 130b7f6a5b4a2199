import Testing
import TestSupport
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerRuns

/// Runs whose `encoder.safetensors` is a sound file with other content, under checksums that fit it.
struct StoredEncoderTests {
  /// What is said of a run with other tensors, where nil takes one away, or other words.
  private func error(
    tensors: [String: StoredTensor?] = [:], words: [String: String] = [:]
  ) throws -> String {
    try withTemporaryFolder { folder in
      let run = "\(folder)/run"
      try runContents().write(to: run, replacing: false)
      let path = "\(run)/encoder.safetensors"
      let file = try SafetensorsFile(contentsOf: path)
      var all: [String: StoredTensor] = [:]
      for name in file.names { all[name] = try file.storedTensor(name) }
      for (name, tensor) in tensors { all[name] = tensor }
      try SafetensorsFile.write(all, metadata: file.metadata.merging(words) { $1 }, to: path)
      try Manifest.write(in: run)
      let error = #expect(throws: CheckpointError.self) { _ = try RunFolder(opening: run).data() }
      #expect(error?.description.hasPrefix(path) == true && error?.description.contains("\n") == false)
      return error?.description ?? ""
    }
  }

  private func integers(_ values: Int32...) -> StoredTensor { StoredTensor(values) }
  private func numbers(_ values: Float...) -> StoredTensor { StoredTensor(Tensor([values.count], values)) }

  @Test func tablesThatDoNotFitAreRefusedByName() throws {
    let cases: [(name: String, tensor: StoredTensor?)] = [
      ("user-id/user-rows", integers(1, 2, 3, 0)), ("user-id/user-rows", integers(1, 2, 3, 0, 5)),
      ("user-id/user-rows", nil), ("user-id/user-rows", numbers(1, 2, 3, 0, 4)),
      ("history/limit", integers(0)), ("history/limit", StoredTensor([Int64(9)])),
      ("label-scaler/user-scales", numbers(1, 2)), ("label-scaler/user-scales", numbers(.nan, 3, 0, 0, 7)),
      ("label-scaler/range", integers(0, 1)), ("label-scaler/range", nil),
    ]
    for (name, tensor) in cases {
      let line = try error(tensors: [name: tensor])
      #expect(line.contains(name), "\(name): \(line)")
    }
    #expect(try error(words: ["features": "user-id,friends,shoe-size"]).contains("'shoe-size'"))
    #expect(try error(words: ["label-scaler/scaling": "luck"]).contains("label-scaler/scaling"))
  }

  @Test(arguments: ["user-id/user-rows", "friends/user-rows", "history/item-rows"])
  func giganticRowsAreRefused(name: String) throws {
    let rows: [Int32] = name.hasPrefix("history") ? [1, 0, 1 << 30, 0, 0, 0] : [1, 2, 3, 0, 1 << 30]
    let line = try error(tensors: [name: StoredTensor(rows)])
    #expect(line.contains("\(name): found row \(1 << 30)"), "\(line)")
  }

  @Test func columnsThatAreNotThoseOfTheDataAreRefused() throws {
    #expect(try error(words: ["features": "user-id,history"]).contains("friends: found no such feature"))
    let line = try error(tensors: ["history/item-rows": integers(1, 0, 2, 3, 0, 0)])
    #expect(line.contains("history: found bags of rows of a table of 4, expected bags of rows of a table of 3"))
  }
}
