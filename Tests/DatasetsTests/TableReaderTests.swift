import Foundation
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerKernels

private let full = TableColumns(user: "user", item: "item", weight: "weight", timestamp: "time", itemName: "title")
private let pairs = TableColumns(user: "user", item: "item")

@Suite struct TableReaderTests {
  @Test func readsAllColumns() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "ratings.tsv",
      "time\ttitle\tuser\titem\tweight\n10\t\"One\tanna\ti 1\t4.5\n20\t\tbo\t00\t0\n30\tOne again\tbo\ti 1\t1e2\n")
    let data = try readTable(path: path, columns: full)
    #expect(data.name == "ratings")
    #expect(data.users.identifiers == ["anna", "bo"])
    #expect(data.items.identifiers == ["i 1", "00"])
    #expect(data.itemNames == ["\"One", "00"])
    #expect(data.interactions.users == [0, 1, 1])
    #expect(data.interactions.items == [0, 1, 0])
    #expect(data.interactions.weights == [4.5, 0, 100])
    #expect(data.interactions.timestamps == [10_000, 20_000, 30_000])
    #expect(data.remarks == ["1 item without a name: shown by identifier"])
    #expect(data.files.map(\.name) == ["ratings.tsv"])
  }

  @Test func weightIsOneWithoutItsColumn() throws {
    let folder = try TemporaryFolder()
    let data = try readTable(path: folder.write("t.tsv", "user\titem\na\tx\na\ty"), columns: pairs)
    #expect(data.interactions.weights == [1, 1])
    #expect(data.interactions.timestamps.isEmpty)
  }

  @Test func commaSeparatedFilesAreQuotedAsInRFC4180() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "t.csv", "\"user\",item,title,weight\r\n\"a,b\",\"x\"\"y\",\"two\r\nlines\",1\r\nc,d\"e,\"\",\"2\"\r\n\"c\",z,,3")
    let data = try readTable(
      path: path, columns: TableColumns(user: "user", item: "item", weight: "weight", itemName: "title"))
    #expect(data.users.identifiers == ["a,b", "c"])
    #expect(data.items.identifiers == ["x\"y", "d\"e", "z"])
    #expect(data.itemNames == ["two\r\nlines", "d\"e", "z"])
    #expect(data.interactions.weights == [1, 2, 3])
  }

  @Test(arguments: [
    ("t.csv", "user;item\na,1;x\n", "a,1"), ("t.txt", "user,item\n\"a\",x\n", "\"a\""),
    ("t.txt", "user;item\na;x\n", "a"),
    ("t.TSV", "user\titem\na,;\tx\n", "a,;"), ("noextension", "user\titem\na\tx\n", "a"),
  ])
  func delimiterFollowsExtensionAndHeader(name: String, content: String, user: String) throws {
    let folder = try TemporaryFolder()
    let data = try readTable(path: folder.write(name, content), columns: pairs)
    #expect(data.users.identifiers == [user])
    #expect(data.items.identifiers == ["x"])
  }

  @Test(arguments: [
    ("user,item\n\"a,x\nb,y\n", 2, true), ("user,item\na,x\nb,\"y\" \n", 3, false),
  ])
  func badQuotesAreRefused(content: String, line: Int, isUnclosed: Bool) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("t.csv", content)
    let expected: DatasetError =
      isUnclosed ? .unclosedQuote(path: path, line: line) : .textAfterQuote(path: path, line: line)
    #expect(throws: expected) { try readTable(path: path, columns: pairs) }
  }

  @Test func linesAreCountedThroughQuotedLineEnds() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("t.csv", "user,item,weight\n\"a\nb\",x,1\nc,y,2\n\"a\nb\",x,1\n")
    let columns = TableColumns(user: "user", item: "item", weight: "weight")
    #expect(throws: DatasetError.duplicatePair(path: path, line: 5, firstLine: 2, user: "a\nb", item: "x")) {
      try readTable(path: path, columns: columns)
    }
  }

  @Test func absentColumnsAreNamedWithTheNearest() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("t.csv", "userId,movieId,rating\n1,2,3\n")
    let error = #expect(throws: DatasetError.self) {
      try readTable(path: path, columns: TableColumns(user: "userId", item: "movieId", weight: "ratings"))
    }
    #expect(
      error?.description
        == "\(path):1: no column \"ratings\"; found userId, movieId, rating; did you mean \"rating\"?")
  }

  @Test func duplicatesFollowTheRule() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "t.tsv", "user\titem\tweight\ttime\nb\tx\t1\t50\na\tx\t2\t40\nb\tx\t4\t30\nb\ty\t8\t20\nb\tx\t16\t10\n")
    let columns = TableColumns(user: "user", item: "item", weight: "weight", timestamp: "time")
    func read(_ rule: DuplicateRule) throws -> Dataset { try readTable(path: path, columns: columns, duplicates: rule) }
    #expect(throws: DatasetError.duplicatePair(path: path, line: 4, firstLine: 2, user: "b", item: "x")) {
      try read(.refuse)
    }
    let summed = try read(.sum)
    #expect(summed.interactions.weights == [21, 2, 8])
    #expect(summed.interactions.timestamps == [50_000, 40_000, 20_000])
    #expect(summed.interactions.users == [0, 1, 0])
    #expect(summed.interactions.items == [0, 0, 1])
    #expect(summed.remarks == ["2 rows repeated a user and item: merged by the rule sum"])
    let last = try read(.last)
    #expect(last.interactions.weights == [16, 2, 8])
    #expect(last.interactions.timestamps == [10_000, 40_000, 20_000])
    #expect(try read(.first).interactions.weights == [1, 2, 8])
  }

  @Test func sumsThatOverflowAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("t.tsv", "user\titem\tweight\na\tx\t3e38\na\tx\t3e38\n")
    #expect(throws: DatasetError.weightOverflow(path: path, user: "a", item: "x")) {
      try readTable(
        path: path, columns: TableColumns(user: "user", item: "item", weight: "weight"), duplicates: .sum)
    }
  }

  @Test(arguments: [
    (["0", "1238536800"], [0, 1_238_536_800_000]),  // seconds
    (["0", "1238536800123"], [0, 1_238_536_800_123]),  // one large number makes the column milliseconds
    (["1238536800.5", ""], [1_238_536_800_500, Int64.min]),
    (["-1", "99999999999"], [-1_000, 99_999_999_999_000]),
    (["2009-04-01", "2009-04-01T00:00:01Z"], [1_238_544_000_000, 1_238_544_001_000]),
    (["2009-04-01 02:00:00.25+02:00", "2009-03-31T23:59-0001"], [1_238_544_000_250, 1_238_544_000_000]),
    (["2000-02-29", "1969-12-31T23:59:59.999Z"], [951_782_400_000, -1]),
  ])
  func timesAreUnderstood(fields: [String], milliseconds: [Int64]) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("t.tsv", "user\titem\ttime\na\tx\t\(fields[0])\na\ty\t\(fields[1])\n")
    let data = try readTable(path: path, columns: TableColumns(user: "user", item: "item", timestamp: "time"))
    #expect(data.interactions.timestamps == milliseconds)
  }

  @Test(arguments: ["yesterday", "2009-02-29", "2009-4-1", "2009-04-01T25:00", "2009-04-01Z9", "1e15", "nan", "0x10"])
  func badTimesAreRefused(field: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("t.tsv", "user\titem\ttime\na\tx\t\(field)\n")
    let error = #expect(throws: DatasetError.self) {
      try readTable(path: path, columns: TableColumns(user: "user", item: "item", timestamp: "time"))
    }
    #expect(error?.description.hasPrefix("\(path):2: time is \"\(field)\", expected ") == true)
  }

  @Test func numbersAndDatesDoNotMix() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("t.tsv", "user\titem\ttime\na\tx\t2009-04-01\na\ty\t1238536800\n")
    let error = #expect(throws: DatasetError.self) {
      try readTable(path: path, columns: TableColumns(user: "user", item: "item", timestamp: "time"))
    }
    #expect(error?.description.hasPrefix("\(path):3: time is \"1238536800\"") == true)
  }

  @Test func pipesAreReadToTheirEnd() async throws {
    let folder = try TemporaryFolder()
    let path = folder("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let text = "user\titem\n" + (0..<30_000).map { "u\($0)\titem number \($0)\n" }.joined()
    let writer = Task.detached { try text.write(to: URL(fileURLWithPath: path), atomically: false, encoding: .utf8) }
    let data = try readTable(path: path, columns: pairs)
    try await writer.value
    #expect(data.interactions.count == 30_000)
    #expect(data.users[29_999] == "u29999")
    #expect(data.files[0].byteCount == text.utf8.count)
  }

  @Test(arguments: 0..<40)
  func whatWasWrittenIsRead(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample, stream: 77)
    let folder = try TemporaryFolder()
    let isQuoted = seed % 2 == 0
    let alphabet = Array(isQuoted ? "ab\",\n\té😀 ;0" : "ab\",é😀 ;01")
    func word() -> String { String((0...generator.below(12)).map { _ in alphabet[generator.below(alphabet.count)] }) }
    func field(_ text: String) -> String {
      isQuoted ? "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\"" : text
    }
    var seen: Set<[String]> = []
    var rows: [(user: String, item: String, weight: Float)] = []
    for _ in 0...generator.below(300) {
      let (user, item) = (word(), word())
      let digits = generator.below(9)
      let weight = Float(generator.below(1_000_000_000)) / Float([1, 10, 1e3, 1e6, 1e12][digits % 5])
      if seen.insert([user, item]).inserted { rows.append((user, item, weight)) }
    }
    let delimiter = isQuoted ? "," : "\t"
    let lineEnd = seed % 3 == 0 ? "\r\n" : "\n"
    var text = ["weight", "user", "item"].joined(separator: delimiter) + lineEnd
    for row in rows {
      text += [row.weight.description, field(row.user), field(row.item)].joined(separator: delimiter) + lineEnd
    }
    let path = try folder.write(isQuoted ? "t.csv" : "t.tsv", text)
    let data = try readTable(path: path, columns: TableColumns(user: "user", item: "item", weight: "weight"))
    #expect(data.interactions.users.map { data.users[$0] } == rows.map(\.user))
    #expect(data.interactions.items.map { data.items[$0] } == rows.map(\.item))
    #expect(data.interactions.weights == rows.map(\.weight))
  }

  @Test(arguments: 0..<60)
  func randomBytesNeverCrash(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample, stream: 78)
    let folder = try TemporaryFolder()
    let alphabet = Array("user,item\n\r\t\"01.-e;\u{FEFF}é".utf8) + [0xFF, 0xC3, 0x00]
    let header = generator.below(2) == 0 ? Array("user,item\n".utf8) : []
    let bytes = header + (0..<generator.below(200)).map { _ in alphabet[generator.below(alphabet.count)] }
    for name in ["t.csv", "t.tsv", "t"] {
      let path = try folder.write(name, bytes: bytes)
      do {
        let data = try readTable(path: path, columns: pairs)
        #expect(data.interactions.count > 0)
      } catch {
        #expect(!error.description.contains("\n"))
      }
    }
  }
}
