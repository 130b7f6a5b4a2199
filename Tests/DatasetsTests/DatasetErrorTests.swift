import Testing
import TwoTowerDatasets
import TwoTowerFiles

@Suite struct DatasetErrorTests {
  @Test func messagesAreOneLineWhateverTheFileHolds() {
    let nasty = "a\nb\r\u{1B}[31m\u{85}" + String(repeating: "x", count: 10_000)
    let errors: [DatasetError] = [
      .badField(path: nasty, line: 3, column: nasty, found: nasty, expected: "a number"),
      .missingColumn(path: "p", column: nasty, found: Array(repeating: nasty, count: 100), nearest: nasty),
      .duplicatePair(path: "p", line: 3, firstLine: 2, user: nasty, item: nasty),
      .pairInBothFiles(path: "p", line: 3, otherPath: nasty, otherLine: 2, user: nasty, item: nasty),
      .file(.notFound(path: nasty)),
    ]
    for error in errors {
      #expect(error.description.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
      #expect(error.description.count < 2_000)
    }
  }

  @Test func kindsAreToldApart() {
    #expect(DatasetError.file(.notFound(path: "p")).exitStatus == .noInput)
    #expect(DatasetError.missingFolder(path: "p").exitStatus == .noInput)
    #expect(DatasetError.file(.cannotWrite(path: "p", reason: "full")).exitStatus == .cannotWrite)
    #expect(DatasetError.emptySplit(share: 0.5, rows: 1).exitStatus == .usage)
    #expect(DatasetError.emptyFile(path: "p").exitStatus == .badData)
  }
}
