import Foundation
import Testing
import TestSupport

@Suite struct ExportTests {
  let run: SampleRun

  init() throws { run = try SampleRun.shared.get() }

  /// Top-k categorical accuracy and recall@20 by their definition, from the exported files and the split alone.
  @Test func exportedEmbeddingsScoreAsEvaluateSays() throws {
    let folder = try TemporaryFolder()
    let split = try SampleSplit(in: folder)
    expectSuccess(
      try twotower(
        ["fit"] + quickRetrieval + ["--train", split.train, "--test", split.test]
          + ["--output", folder("run")]))
    expectSuccess(try twotower("export", folder("run"), "--format", "npy", "--output", folder("npy")))
    #expect(
      try files(in: folder("npy")).keys.sorted()
        == ["candidate_embeddings.npy", "candidate_ids.txt", "query_embeddings.npy", "query_ids.txt"])
    let users = try lines(of: folder("npy/query_ids.txt"))
    let items = try lines(of: folder("npy/candidate_ids.txt"))
    let queries = try NpyMatrix(path: folder("npy/query_embeddings.npy"))
    let candidates = try NpyMatrix(path: folder("npy/candidate_embeddings.npy"))
    #expect(queries.rows == users.count)
    #expect(candidates.rows == items.count)
    #expect(queries.columns == candidates.columns)

    let itemPlaces = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1, $0) })
    var hits = 0
    var rows = 0
    var recalls: [Double] = []
    for (place, user) in users.enumerated() {
      guard let relevant = split.testItems[user] else { continue }
      var scores = items.indices.map { item in
        zip(queries.row(place), candidates.row(item)).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      }
      for item in split.trainingItems[user] ?? [] { scores[itemPlaces[item]!] = -.infinity }
      var found = 0
      for item in relevant {
        let own = itemPlaces[item]!
        let rank = scores.indices.count { $0 != own && scores[$0] >= scores[own] }
        rows += 1
        hits += rank < 10 ? 1 : 0
        found += rank < 20 ? 1 : 0
      }
      recalls.append(Double(found) / Double(relevant.count))
    }
    let json = try #require(try twotower("evaluate", folder("run"), "--json").json)
    let top10 = try figure(json, "retrieval", "seen_excluded", "top_k_categorical_accuracy", "10")
    let recall20 = try figure(json, "retrieval", "seen_excluded", "recall", "20")
    #expect(abs(top10 - Double(hits) / Double(rows)) <= 5e-4)
    #expect(abs(recall20 - recalls.reduce(0, +) / Double(recalls.count)) <= 5e-4)
  }

  @Test func aFolderWithContentIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    try folder.write("notes.txt", "mine")
    expectRefusal(try twotower("export", run.path, "--output", folder.path), status: 73, folder.path)
    #expect(folder.names == ["notes.txt"])
  }

  @Test func aRunWithoutEmbeddingsSaysSo() throws {
    let folder = try TemporaryFolder()
    expectSuccess(
      try twotower(
        "fit", "--data", Tool.sample, "--recipe", "ranking", "--epochs", "1", "--output", folder("run")))
    expectRefusal(
      try twotower("export", folder("run"), "--output", folder("npy")), status: 65, "no retrieval task")
    expectRefusal(
      try twotower("recommend", folder("run"), "--user", "2"), status: 65, "no retrieval task")
    #expect(folder.names == ["run"])
    let json = try #require(try twotower("evaluate", folder("run"), "--json").json)
    #expect(Set(json.keys) == ["ranking", "warnings"])
    expectSuccess(try twotower("rank", folder("run"), "--user", "2", "--artists", "1,2"))
  }
}

/// A matrix of 32-bit floats in NumPy's format 1.0, read without the code that wrote it.
struct NpyMatrix {
  let rows: Int
  let columns: Int
  private let values: [Float]

  init(path: String) throws {
    let file = Array(try contents(of: path))
    try #require(Array(file.prefix(8)) == [0x93] + Array("NUMPY".utf8) + [1, 0])
    let start = 10 + Int(file[8]) + Int(file[9]) << 8
    let header = String(decoding: file[10..<start], as: UTF8.self)
    try #require(header.contains("'descr': '<f4'") && header.contains("'fortran_order': False"))
    let match = try #require(header.firstMatch(of: /\((\d+), (\d+)\)/))
    rows = try #require(Int(match.1))
    columns = try #require(Int(match.2))
    try #require(file.count == start + 4 * rows * columns)
    values = stride(from: start, to: file.count, by: 4).map { place in
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(file[place + $1]) << (8 * UInt32($1)) })
    }
  }

  func row(_ index: Int) -> ArraySlice<Float> { values[(index * columns)..<((index + 1) * columns)] }
}

func lines(of path: String) throws -> [String] {
  String(decoding: try contents(of: path), as: UTF8.self).split(separator: "\n").map(String.init)
}
