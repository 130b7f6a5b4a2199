import Foundation
import Testing
import TestSupport
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerRuns

struct RunFolderTests {
  private func withRun(_ contents: RunContents? = nil, _ body: (_ path: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/run"
      try (contents ?? runContents()).write(to: path, replacing: false)
      try body(path)
    }
  }

  @Test func whatIsWrittenIsReadBack() throws {
    try withRun { path in
      let folder = try RunFolder(opening: path)
      let (written, data) = (try runContents(), try folder.data())
      #expect(try folder.record() == written.record)
      #expect(try folder.recipe() == written.recipe)
      #expect(data.userIdentifiers.map { Array($0.unicodeScalars) } == written.data.userIdentifiers.map { Array($0.unicodeScalars) })
      #expect(data.itemIdentifiers.map { Array($0.unicodeScalars) } == written.data.itemIdentifiers.map { Array($0.unicodeScalars) })
      #expect(data.itemNames == written.data.itemNames)
      #expect(data.training == written.data.training && data.validation == written.data.validation)
      #expect(data.test == written.data.test && data.validationKind == .temporal)
      #expect(data.features == written.data.features)
      #expect(try folder.settings() == written.settings)
      #expect(data.pairFeatures?.tables == written.data.pairFeatures?.tables)
      #expect(data.given == written.data.given && data.hidden == written.data.hidden)
      #expect(data.givenHistory == written.data.givenHistory)
      #expect(data.encoder == written.data.encoder)
      #expect(try folder.encoder() == written.data.encoder)
    }
  }

  @Test func aRunWithoutPairFeaturesHasNone() throws {
    var contents = try runContents()
    contents.data.pairFeatures = nil
    contents.data.features = []
    try withRun(contents) { path in
      let data = try RunFolder(opening: path).data()
      #expect(data.pairFeatures == nil && data.features.isEmpty)
    }
  }

  @Test func writingTwiceGivesTheSameBytes() throws {
    try withRun { first in
      try withRun { second in
        for name in try names(in: first) { #expect(try contents(of: "\(first)/\(name)") == contents(of: "\(second)/\(name)")) }
      }
    }
  }

  @Test func parametersAreRestoredBitForBit() throws {
    try withRun { path in
      let folder = try RunFolder(opening: path)
      let parameter = Parameter(name: "a/b", value: Tensor(zeros: [2, 2]))
      try folder.restore([parameter])
      #expect(
        parameter.value.array.map(\.bitPattern) == [Float(1), .nan, -0.0, .infinity].map(\.bitPattern))
      for (name, shape) in [("a/b", [4]), ("missing", [2, 2])] as [(String, Shape)] {
        let error = #expect(throws: CheckpointError.self) {
          try folder.restore([Parameter(name: name, value: Tensor(zeros: shape))])
        }
        #expect(error?.description.contains("\"\(name)\"") == true)
      }
    }
  }

  @Test func embeddingsAndFiguresAreThereAtTheEndOnly() throws {
    var contents = try runContents()
    try withRun(contents) { path in
      #expect(throws: CheckpointError.self) { try RunFolder(opening: path).vectors() }
    }
    contents.vectors = RetrievalVectors(
      queries: Tensor([5, 1], [1, 2, 3, 4, 5]), candidates: Tensor([6, 1], [1, 2, 3, 4, 5, 6]))
    contents.metrics = "{}\n"
    try withRun(contents) { path in
      let vectors = try RunFolder(opening: path).vectors()
      #expect(vectors.queries.array == [1, 2, 3, 4, 5] && vectors.candidates.shape == [6, 1])
      #expect(throws: CheckpointError.self) { try RunFolder(opening: path).trainingState() }
    }
    contents.vectors = RetrievalVectors(
      queries: Tensor([4, 1], [1, 2, 3, 4]), candidates: Tensor([6, 1], [1, 2, 3, 4, 5, 6]))
    try withRun(contents) { path in
      #expect(throws: CheckpointError.self) { try RunFolder(opening: path).vectors() }
    }
  }

  // MARK: - Damage

  @Test func anyFileThatIsChangedTruncatedOrMissingIsNamed() throws {
    try withRun { path in
      for name in try names(in: path) where name != Manifest.fileName {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        let whole = try Data(contentsOf: file)
        var altered = whole
        altered[whole.count / 2] ^= 1
        for damaged in [altered, whole.dropLast(), whole + [10], Data()] {
          try damaged.write(to: file)
          let error = #expect(throws: CheckpointError.self) { try RunFolder(opening: path).verify() }
          guard case .altered(let place, _, _) = error else {
            Issue.record("\(String(describing: error))")
            continue
          }
          #expect(place == file.path)
        }
        try FileManager.default.removeItem(at: file)
        #expect(throws: CheckpointError.altered(path: file.path, found: "no file", expected: "one")) {
          try RunFolder(opening: path)
        }
        try whole.write(to: file)
      }
      try Data("x".utf8).write(to: URL(fileURLWithPath: "\(path)/extra.txt"))
      let error = #expect(throws: CheckpointError.self) { try RunFolder(opening: path) }
      #expect(error?.description.contains("extra.txt") == true)
    }
  }

  @Test func filesThatNothingAsksForAreNotRead() throws {
    try withRun { path in
      try Data("altered".utf8).write(to: URL(fileURLWithPath: "\(path)/data.safetensors"))
      let folder = try RunFolder(opening: path)
      #expect(try folder.catalogue().userIdentifiers.count == runContents().data.userCount)
      let error = #expect(throws: CheckpointError.self) { try folder.data() }
      #expect(error?.description.contains("data.safetensors: found SHA-256") == true)
    }
  }

  @Test func seenItemsAreThoseOfTrainingAndValidation() throws {
    try withRun { path in
      let (folder, data) = (try RunFolder(opening: path), try runContents().data)
      for user in 0..<Int32(data.userCount) {
        let seen = [data.training, data.validation, data.given].flatMap { pairs in
          zip(pairs.users, pairs.items).filter { $0.0 == user }.map(\.1)
        }
        #expect(try folder.seenItems()[Int(user)].elementsEqual(seen.sorted()))
      }
    }
  }

  @Test func aRunOfAnotherVersionIsRefused() throws {
    var contents = try runContents()
    contents.record.format = 1
    try withRun(contents) { path in
      let error = #expect(throws: CheckpointError.self) { try RunFolder(opening: path).record() }
      let words = "format: found 1, expected \(RunRecord.currentFormat): the run was written by another version: fit it again"
      #expect(error?.description.contains(words) == true)
    }
  }

  @Test(arguments: [
    ("users.txt", "plain\n"), ("users.txt", ""), ("items.tsv", "a\tb\n"), ("items.tsv", "a\nb\nc\nd\ne\nf\n"),
    ("items.tsv", "a\tb\tc\n"), ("run.json", "{}"), ("run.json", "not json"),
  ])
  func textThatDoesNotFitTheRunIsRefused(name: String, text: String) throws {
    try withRun { path in
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
      try Manifest.write(in: path)
      #expect(throws: CheckpointError.self) {
        let folder = try RunFolder(opening: path)
        _ = try folder.record()
        _ = try folder.catalogue()
      }
    }
  }

  @Test func bytesThatAreNotUTF8AreRefused() throws {
    try withRun { path in
      try Data([0x61, 0xFF, 0x0A]).write(to: URL(fileURLWithPath: "\(path)/users.txt"))
      try Manifest.write(in: path)
      let error = #expect(throws: CheckpointError.self) { try RunFolder(opening: path).catalogue() }
      #expect(error?.description.contains("users.txt") == true)
    }
  }

  // MARK: - Writing

  @Test func onlyARunIsReplacedAndOnlyWhenAsked() throws {
    try withTemporaryFolder { folder in
      let contents = try runContents()
      try FileManager.default.createDirectory(atPath: "\(folder)/mine", withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder)/mine/notes.txt"))
      for replacing in [false, true] {
        #expect(throws: FileError.self) { try contents.write(to: "\(folder)/mine", replacing: replacing) }
        #expect(throws: FileError.self) { try checkRunFolder("\(folder)/mine", replacing: replacing) }
      }
      #expect(try names(in: "\(folder)/mine") == ["notes.txt"])

      try contents.write(to: "\(folder)/run", replacing: true)
      #expect(throws: FileError.self) { try contents.write(to: "\(folder)/run", replacing: false) }
      var other = contents
      other.recipe = "name: y\n"
      try other.write(to: "\(folder)/run", replacing: true)
      #expect(try RunFolder(opening: "\(folder)/run").recipe() == "name: y\n")
      #expect(try names(in: folder) == ["mine", "run"])
      #expect(throws: FileError.self) { try contents.write(to: "\(folder)/mine/notes.txt", replacing: true) }
    }
  }

  @Test func identifiersAreExportedALineEachOrNotAtAll() throws {
    try withTemporaryFolder { folder in
      let (queries, candidates) = (Tensor([2, 1], [1, 2]), Tensor([1, 1], [3]))
      try exportEmbeddings(
        queries: queries, queryIdentifiers: ["a b", "ü\\"], candidates: candidates, candidateIdentifiers: ["\tc"],
        to: "\(folder)/npy")
      #expect(try contents(of: "\(folder)/npy/query_ids.txt") == Data("a b\nü\\\n".utf8))
      #expect(try contents(of: "\(folder)/npy/candidate_ids.txt") == Data("\tc\n".utf8))
      for bad in ["a\nb", "a\r\nb", "a\rb", "\u{2028}", "\u{85}", "\u{0B}"] {
        let error = #expect(throws: CheckpointError.self) {
          try exportEmbeddings(
            queries: queries, queryIdentifiers: ["a", bad], candidates: candidates, candidateIdentifiers: ["c"],
            to: "\(folder)/bad")
        }
        #expect(error?.description.contains("query_ids.txt") == true && error?.description.contains("\n") == false)
      }
      #expect(try names(in: folder) == ["npy"])
    }
  }
}
