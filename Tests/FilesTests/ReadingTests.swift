import Foundation
import Testing
import TestSupport
import TwoTowerFiles

@Suite struct ReadingTests {
  private func text(_ bytes: [UInt8], limit: Int = 100) throws -> String {
    try withTemporaryFolder { folder in
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/list.txt"))
      return try readText("\(folder)/list.txt", expected: "a list", limit: limit)
    }
  }

  @Test func textIsReadWithoutItsByteOrderMark() throws {
    #expect(try text(Array("é\n".utf8)) == "é\n")
    #expect(try text([0xEF, 0xBB, 0xBF] + Array("a".utf8)) == "a")
    #expect(try text([]) == "")
  }

  @Test func otherContentIsRefused() throws {
    let invalid = #expect(throws: FileError.self) { try text([0x61, 0xFF]) }
    #expect(invalid?.description.hasSuffix("list.txt: found bytes that are not UTF-8, expected a list") == true)
    #expect(try text(Array("12345".utf8), limit: 5) == "12345")
    let long = #expect(throws: FileError.self) { try text(Array("123456".utf8), limit: 5) }
    #expect(long?.description.hasSuffix("list.txt: found more than 5 bytes, expected a list") == true)
  }

  /// A device without an end.
  @Test func theLimitEndsTheReading() throws {
    let expected = FileError.unexpectedContent(path: "/dev/zero", found: "more than 100000 bytes", expected: "a list")
    #expect(throws: expected) {
      try readText("/dev/zero", expected: "a list", limit: 100_000)
    }
  }

  @Test func whatIsNoFileIsNamed() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError.notFound(path: "\(folder)/none")) { try readText("\(folder)/none", expected: "a list") }
      #expect(throws: FileError.cannotRead(path: folder, reason: "it is a folder, expected a list")) {
        try readText(folder, expected: "a list")
      }
    }
  }
}
