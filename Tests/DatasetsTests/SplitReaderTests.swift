import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerFiles

@Suite struct SplitReaderTests {
  private let folder: TemporaryFolder
  private let data: Dataset

  init() throws {
    folder = try smallHetRec()
    data = try readHetRec(folder: folder.path)
  }

  private func split(_ train: String, _ test: String) throws -> Split {
    try readSplit(
      train: folder.write("train.tsv", "userID\tartistID\tweight\n" + train),
      test: folder.write("test.tsv", "artistID\tuserID\n" + test), dataset: data)
  }

  @Test func rowsAreMatchedByUserAndItem() throws {
    let split = try split("8\t12\t352698\n2\t7\t10\n", "7\t4\n")
    #expect(split.train == [3, 0])
    #expect(split.test == [2])
  }

  @Test(arguments: [
    ("2\t12\t1\n", "7\t4\n", "train.tsv:2: user \"2\" and item \"12\" are no interaction of the data"),
    ("2\t7\t10\n", "7\t4\n70\t2\n", "test.tsv:3: user \"2\" and item \"70\" are no interaction of the data"),
    ("2\t7\t11\n", "7\t4\n", "train.tsv:2: weight of user \"2\" and item \"7\" is 11.0, expected 10.0 as in the data"),
    ("2\t7\t10\n2\t7\t10\n", "7\t4\n", "train.tsv:3: user \"2\" and item \"7\" are already on line 2"),
    ("2\t7\t10\n", "7\t4\n\n7\t4\n", "test.tsv:4: user \"4\" and item \"7\" are already on line 2"),
    ("2\t9\t5\n2\t7\t10\n", "7\t2\n", "test.tsv:2: user \"2\" and item \"7\" are also on "),
    ("2\t7\t10\n", "", "test.tsv: the file has a header but no rows"),
    ("2\t7\tx\n", "7\t4\n", "train.tsv:2: weight is \"x\""),
  ])
  func filesThatDoNotFitAreRefused(train: String, test: String, message: String) throws {
    let error = #expect(throws: DatasetError.self) { try split(train, test) }
    #expect(error?.description.hasPrefix("\(folder.path)/\(message)") == true, "\(error?.description ?? "")")
    #expect(error?.exitStatus == .badData)
  }

  @Test func pairsInBothFilesNameBothPlaces() throws {
    #expect(
      throws: DatasetError.pairInBothFiles(
        path: folder("test.tsv"), line: 2, otherPath: folder("train.tsv"), otherLine: 3, user: "2", item: "7")
    ) { try split("2\t9\t5\n2\t7\t10\n", "7\t2\n") }
  }

  @Test func missingFilesAreMissingInput() throws {
    let error = #expect(throws: DatasetError.self) {
      try readSplit(train: folder("absent.tsv"), test: folder("absent.tsv"), dataset: data)
    }
    #expect(error == .file(.notFound(path: folder("absent.tsv"))))
  }

  @Test func twoTablesMakeADataset() throws {
    let columns = TableColumns(user: "u", item: "i", weight: "w", timestamp: "t")
    let train = try folder.write("a.csv", "u,i,w,t\n1,x,2,5\n2,y,3,6\n")
    let test = try folder.write("b.tsv", "t\ti\tu\tw\n1238536800000\tz\t1\t4\n")
    let (data, split) = try datasetFromSplitFiles(train: train, test: test, columns: columns)
    #expect(data.name == "a")
    #expect(data.users.identifiers == ["1", "2"])
    #expect(data.items.identifiers == ["x", "y", "z"])
    #expect(data.interactions.weights == [2, 3, 4])
    #expect(data.interactions.timestamps == [5, 6, 1_238_536_800_000])
    #expect(data.files.map(\.name) == ["a.csv", "b.tsv"])
    #expect(split.train == [0, 1])
    #expect(split.test == [2])

    try folder.write("b.tsv", "t\ti\tu\tw\n1\tz\t1\t4\n1\ty\t2\t4\n")
    #expect(
      throws: DatasetError.pairInBothFiles(
        path: test, line: 3, otherPath: train, otherLine: 3, user: "2", item: "y")
    ) { try datasetFromSplitFiles(train: train, test: test, columns: columns) }
    try folder.write("b.tsv", "t\ti\tu\tw\n1\tz\t1\t4\n1\tz\t1\t4\n")
    #expect(throws: DatasetError.duplicatePair(path: test, line: 3, firstLine: 2, user: "1", item: "z")) {
      try datasetFromSplitFiles(train: train, test: test, columns: columns)
    }
  }
}
