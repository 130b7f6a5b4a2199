import Foundation
import Testing
import TestSupport
import TwoTowerFiles

@Suite struct MappedFileTests {
  @Test func bytesAndDigestAreThoseOfTheFile() throws {
    try withTemporaryFolder { folder in
      for text in ["", "abc", String(repeating: "0123456789", count: 30_000)] {
        let path = "\(folder)/file"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let file = try MappedFile(path: path)
        #expect(Array(file.bytes) == Array(text.utf8))
        #expect(file.digest == FileDigest(
          name: "file", byteCount: text.utf8.count, sha256: SHA256.digest(of: Array(text.utf8).span.bytes)))
      }
    }
  }

  /// The data outlives the object that it was asked of.
  @Test func dataKeepsTheFileMapped() throws {
    try withTemporaryFolder { folder in
      let expected = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
      try expected.write(to: URL(fileURLWithPath: "\(folder)/file"))
      let data = try MappedFile(path: "\(folder)/file").data
      try FileManager.default.removeItem(atPath: "\(folder)/file")
      #expect(data == expected)
      try Data().write(to: URL(fileURLWithPath: "\(folder)/empty"))
      #expect(try MappedFile(path: "\(folder)/empty").data.isEmpty)
    }
  }

  @Test func whatIsNoFileIsNamed() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError.notFound(path: "\(folder)/none")) { try MappedFile(path: "\(folder)/none") }
      #expect(throws: FileError.cannotRead(path: folder, reason: "it is a folder")) { try MappedFile(path: folder) }
      #expect(throws: FileError.cannotRead(path: "/dev/null", reason: "it is a device, expected a file")) {
        try MappedFile(path: "/dev/null")
      }
      let absent = try MappedFile.openIfPresent("\(folder)/none")
      #expect(absent == nil)
      #expect(throws: FileError.self) { try MappedFile.openIfPresent(folder) }
    }
  }

  @Test func pipesAreReadToTheirEndWhereTheyMayBe() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      #expect(throws: FileError.cannotRead(path: path, reason: "it is a pipe, expected a file")) {
        try MappedFile(path: path)
      }
      let expected = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 13) })
      let writer = Thread { FileHandle(forWritingAtPath: path)?.write(expected) }
      writer.start()
      let file = try MappedFile(path: path, acceptsPipes: true)
      #expect(file.data == expected)
    }
  }
}
