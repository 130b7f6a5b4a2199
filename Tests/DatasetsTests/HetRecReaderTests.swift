import Foundation
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerFiles

@Suite struct HetRecReaderTests {
  @Test func readsAllFiles() throws {
    let folder = try smallHetRec()
    let data = try readHetRec(folder: folder.path + "/")
    #expect(data.name == folder.path.split(separator: "/").last.map(String.init))
    #expect(data.users.identifiers == ["2", "4", "8"])
    #expect(data.items.identifiers == ["7", "9", "12", "20"])
    #expect(data.itemNames == ["Fohi \"Homa", "Vopi", "Éde", "20"])
    #expect(data.interactions.users == [0, 0, 1, 2])
    #expect(data.interactions.items == [0, 1, 0, 2])
    #expect(data.interactions.weights == [10, 5, 1, 352_698])
    #expect(data.interactions.timestamps.isEmpty)
    #expect(data.tagNames == ["folk", "techno", "slow folk"])
    #expect(data.tagAssignments.users == [0, 1])
    #expect(data.tagAssignments.items == [0, 3])
    #expect(data.tagAssignments.tags == [0, 2])
    #expect(data.tagAssignments.timestamps == [1_238_536_800_000, .min])
    #expect(data.friendships.users == [0, 1])
    #expect(data.friendships.friends == [1, 0])
    #expect(
      data.remarks == [
        "1 artist without a name: shown by identifier",
        "1 row of user_taggedartists-timestamps.dat with a user not in user_artists.dat: dropped",
        "1 row of user_taggedartists-timestamps.dat with an artist that is not in the catalogue: dropped",
        "1 row of user_taggedartists-timestamps.dat with a tag not in tags.dat: dropped",
        "1 tag time of user_taggedartists-timestamps.dat outside the believable years: treated as unknown",
        "1 row of user_friends.dat with a user not in user_artists.dat: dropped",
      ])
  }

  @Test func digestsWhatItRead() throws {
    let folder = try smallHetRec()
    try folder.write("user_friends.dat", "userID\tfriendID\n")
    let data = try readHetRec(folder: folder.path)
    #expect(
      data.files.map(\.name) == [
        "artists.dat", "user_artists.dat", "tags.dat", "user_taggedartists-timestamps.dat", "user_friends.dat",
      ])
    // printf 'userID\tfriendID\n' | sha256sum
    #expect(
      data.files.last
        == FileDigest(
          name: "user_friends.dat", byteCount: 16,
          sha256: "0cc75f7a1f4f1df88e5c9a0197624e90056e1f0988c412d8249e298f56424cb6"))
  }

  @Test func optionalFilesMayBeAbsent() throws {
    let folder = try smallHetRec()
    for name in ["tags.dat", "user_friends.dat", "user_taggedartists-timestamps.dat", "user_taggedartists.dat"] {
      try folder.remove(name)
    }
    let data = try readHetRec(folder: folder.path)
    #expect(data.interactions.count == 4)
    #expect(data.tagAssignments.count == 0)
    #expect(data.friendships.count == 0)
    #expect(data.remarks.contains("no user_friends.dat: no friends"))
    #expect(data.files.count == 2)
  }

  @Test func tagsWithoutNamesAreKnownByIdentifier() throws {
    let folder = try smallHetRec()
    try folder.remove("tags.dat")
    let data = try readHetRec(folder: folder.path)
    #expect(data.tagNames == ["1", "5", "6"])
    #expect(data.tagAssignments.tags == [0, 1, 2])
  }

  @Test func datesServeWhereThereAreNoTimestamps() throws {
    let folder = try smallHetRec()
    try folder.remove("user_taggedartists-timestamps.dat")
    let data = try readHetRec(folder: folder.path)
    // 1 April 2009, midnight UTC; there is no 31 February.
    #expect(data.tagAssignments.timestamps == [1_238_544_000_000, .min])
  }

  @Test func believableTimesAreTheCallersChoice() throws {
    let folder = try smallHetRec()
    let data = try readHetRec(folder: folder.path, believableTimes: -1_000_000_000_000...0)
    #expect(data.tagAssignments.timestamps == [.min, -428_720_400_000])
  }

  @Test func artistsNotListedJoinTheCatalogue() throws {
    let folder = try smallHetRec()
    try folder.write("user_artists.dat", "userID\tartistID\tweight\n2\t77\t1\n4\t7\t1\n8\t77\t2\n")
    let data = try readHetRec(folder: folder.path)
    #expect(data.items.identifiers == ["7", "9", "12", "20", "77"])
    #expect(data.itemNames.last == "77")
    #expect(data.remarks.contains("1 artist of user_artists.dat not in artists.dat: added by identifier"))
  }

  @Test func carriageReturnsAndByteOrderMarksChangeNothing() throws {
    let folder = try smallHetRec()
    let expected = try readHetRec(folder: folder.path)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let text = try String(contentsOfFile: folder(name), encoding: .utf8)
      try folder.write(name, "\u{FEFF}" + text.replacingOccurrences(of: "\n", with: "\r\n"))
    }
    let data = try readHetRec(folder: folder.path)
    #expect(data.users.identifiers == expected.users.identifiers)
    #expect(data.itemNames == expected.itemNames)
    #expect(data.tagNames == expected.tagNames)
    #expect(data.interactions.weights == expected.interactions.weights)
    #expect(data.tagAssignments.timestamps == expected.tagAssignments.timestamps)
    #expect(data.remarks == expected.remarks)
  }

  @Test func columnsAreFoundByName() throws {
    let folder = try smallHetRec()
    try folder.write("user_artists.dat", "note\tweight\tartistID\tuserID\n\nhello\t3\t9\t5")
    let data = try readHetRec(folder: folder.path)
    #expect(data.users.identifiers == ["5"])
    #expect(data.interactions.items == [1])
    #expect(data.interactions.weights == [3])
  }

  @Test func tagsMayBeLatin1() throws {
    let folder = try smallHetRec()
    try folder.write("tags.dat", bytes: Array("tagID\ttagValue\n1\tcaf".utf8) + [0xE9] + Array("\n2\tb\n5\tc\n".utf8))
    let data = try readHetRec(folder: folder.path)
    #expect(data.tagNames == ["café", "b", "c"])
    #expect(data.remarks.contains("tags.dat is not UTF-8: read as ISO-8859-1"))
  }

  @Test(arguments: ["artists.dat", "user_artists.dat", "user_friends.dat", "user_taggedartists-timestamps.dat"])
  func otherFilesMustBeUTF8(name: String) throws {
    let folder = try smallHetRec()
    var bytes = try Array(Data(contentsOf: URL(fileURLWithPath: folder(name))))
    let thirdLine = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }[1] + 1
    bytes.insert(0xE9, at: thirdLine)
    try folder.write(name, bytes: bytes)
    #expect(throws: DatasetError.invalidUTF8(path: folder(name), line: 3)) { try readHetRec(folder: folder.path) }
  }

  @Test func requiredFilesMustBeThere() throws {
    for name in ["artists.dat", "user_artists.dat"] {
      let folder = try smallHetRec()
      try folder.remove(name)
      let error = #expect(throws: DatasetError.self) { try readHetRec(folder: folder.path) }
      #expect(error == .file(.notFound(path: folder(name))))
      #expect(error?.exitStatus == .noInput)
    }
    let folder = try TemporaryFolder()
    let error = #expect(throws: DatasetError.self) { try readHetRec(folder: folder("absent")) }
    #expect(error == .missingFolder(path: folder("absent")))
    #expect(error?.exitStatus == .noInput)
  }

  @Test func aFolderIsNoFile() throws {
    let folder = try smallHetRec()
    try folder.remove("artists.dat")
    try FileManager.default.createDirectory(atPath: folder("artists.dat"), withIntermediateDirectories: false)
    let error = #expect(throws: DatasetError.self) { try readHetRec(folder: folder.path) }
    #expect(error?.exitStatus == .noInput)
  }

  /// Each bad content of `user_artists.dat` with what is said about it.
  @Test(arguments: [
    ("", "user_artists.dat: the file is empty; expected rows"),
    ("\n\n", "user_artists.dat: the file is empty; expected rows"),
    (
      "userID\tartistID\tweight\n",
      "user_artists.dat: the file has a header but no rows; expected at least one interaction"
    ),
    (
      "userID\tartistId\tweight\n2\t7\t1\n",
      "user_artists.dat:1: no column \"artistID\"; found userID, artistId, weight; did you mean \"artistId\"?"
    ),
    (
      "userID\tartistID\tweight\n2\t7\t1\n2\t9\n",
      "user_artists.dat:3: found 2 fields, expected 3 as in the header; complete or remove the row"
    ),
    (
      "userID\tartistID\tweight\n2\t7\t1\t\n",
      "user_artists.dat:2: found 4 fields, expected 3 as in the header; complete or remove the row"
    ),
    (
      "userID\tartistID\tweight\n\n2\t7\tmany\n",
      "user_artists.dat:3: weight is \"many\", expected a number from 0 to 3.4e38; correct or remove the row"
    ),
    (
      "userID\tartistID\tweight\n2\t7\t-1\n",
      "user_artists.dat:2: weight is \"-1\", expected a number from 0 to 3.4e38; correct or remove the row"
    ),
    (
      "userID\tartistID\tweight\n2\t7\tNaN\n",
      "user_artists.dat:2: weight is \"NaN\", expected a number from 0 to 3.4e38; correct or remove the row"
    ),
    (
      "userID\tartistID\tweight\n2\t7\tinf\n",
      "user_artists.dat:2: weight is \"inf\", expected a number from 0 to 3.4e38; correct or remove the row"
    ),
    (
      "userID\tartistID\tweight\n2\t7\t1e39\n",
      "user_artists.dat:2: weight is \"1e39\", expected a number from 0 to 3.4e38; correct or remove the row"
    ),
    (
      "userID\tartistID\tweight\n2\t7\t\n",
      "user_artists.dat:2: weight is \"\", expected a number from 0 to 3.4e38; correct or remove the row"
    ),
    (
      "userID\tartistID\tweight\n\t7\t1\n",
      "user_artists.dat:2: userID is \"\", expected an identifier; correct or remove the row"
    ),
    (
      "userID\tartistID\tweight\n2\t7\t1\n4\t9\t1\n2\t9\t1\n2\t7\t3\n",
      "user_artists.dat:5: user \"2\" and item \"7\" are already on line 2; "
        + "remove one, or choose a rule for duplicates (sum, last, first)"
    ),
    (
      "userID\tweight\tartistID\tweight\n2\t1\t7\t1\n",
      "user_artists.dat:1: column \"weight\" appears twice in the header; rename one of them"
    ),
  ])
  func badInteractionsAreRefused(content: String, message: String) throws {
    let folder = try smallHetRec()
    try folder.write("user_artists.dat", content)
    let error = #expect(throws: DatasetError.self) { try readHetRec(folder: folder.path) }
    #expect(error?.description == "\(folder.path)/\(message)")
    #expect(error?.exitStatus == .badData)
  }

  @Test func repeatedIdentifiersAreRefused() throws {
    let folder = try smallHetRec()
    try folder.write("tags.dat", "tagID\ttagValue\n1\ta\n2\tb\n1\tc\n")
    #expect(
      throws: DatasetError.duplicateIdentifier(
        path: folder("tags.dat"), line: 4, firstLine: 2, column: "tagID", identifier: "1")
    ) { try readHetRec(folder: folder.path) }
  }

  @Test func badTimesAreRefused() throws {
    let folder = try smallHetRec()
    let name = "user_taggedartists-timestamps.dat"
    for time in ["soon", "1.5", "99999999999999999999", ""] {
      try folder.write(name, "userID\tartistID\ttagID\ttimestamp\n2\t7\t1\t\(time)\n")
      #expect(
        throws: DatasetError.badField(
          path: folder(name), line: 2, column: "timestamp", found: time, expected: "a whole number")
      ) { try readHetRec(folder: folder.path) }
    }
  }
}
