import Foundation
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerFiles


@Suite struct MovieLensReaderTests {
  @Test func readsAllFiles() throws {
    let folder = try smallMovieLens()
    let data = try readMovieLens(folder: folder.path + "//")
    #expect(data.name == folder.path.split(separator: "/").last.map(String.init))
    #expect(data.users.identifiers == ["7", "3"])
    #expect(data.items.identifiers == ["1", "2", "9", "4"])
    #expect(data.itemNames == ["Wona (1995)", "Éfi \"La\" (1996)", "9", "4"])
    #expect(data.interactions.users == [0, 1, 0, 1])
    #expect(data.interactions.items == [1, 0, 0, 3])
    #expect(data.interactions.weights == [3, 5, 1, 2])
    #expect(data.interactions.timestamps == [881_250_949_000, 891_717_742_000, 0, 878_887_116_000])
    #expect(data.tagNames.count == 19)
    #expect(data.itemTags.items == [0, 0, 1, 2])
    #expect(data.itemTags.tags.map { data.tagNames[Int($0)] } == ["Action", "Western", "Sci-Fi", "unknown"])
    #expect(data.tagAssignments.count == 0)
    #expect(data.files.map(\.name) == ["u.data", "u.item", "u.user"])
    #expect(
      data.remarks == [
        "u.item is not UTF-8: read as ISO-8859-1",
        "1 film without a title: shown by identifier",
        "4 genre flags of u.item read as tags of films",
        "1 film of u.data not in u.item: added by identifier",
        "age, gender, occupation and zip code of u.user are not used",
        "1 user of u.user without a rating: left out",
      ])
  }

  @Test func peopleMayBeAbsent() throws {
    let folder = try smallMovieLens()
    try folder.remove("u.user")
    let data = try readMovieLens(folder: folder.path)
    #expect(data.files.map(\.name) == ["u.data", "u.item"])
    #expect(!data.remarks.contains { $0.contains("u.user") })
  }

  @Test func titlesMayBeUTF8AndLinesEndInCRLF() throws {
    let folder = try smallMovieLens()
    try folder.write("u.item", "\u{FEFF}1|Éfi||||\(flags([]))\r\n")
    let data = try readMovieLens(folder: folder.path)
    #expect(data.itemNames[0] == "Éfi")
    #expect(data.itemTags.count == 0)
  }

  @Test(arguments: ["u.data", "u.item"]) func requiredFilesMustBeThere(name: String) throws {
    let folder = try smallMovieLens()
    try folder.remove(name)
    #expect(throws: DatasetError.file(.notFound(path: folder(name)))) { try readMovieLens(folder: folder.path) }
  }

  @Test(arguments: [
    ("u.data", "", "u.data: the file is empty; expected rows"),
    ("u.data", "1\t2\t3\n", "u.data:1: found 3 fields, expected 4 (user, item, rating, time); complete or remove"),
    ("u.data", "1\t2\t3\t4\n1\t1\t3\t4\t5\n", "u.data:2: found 5 fields, expected 4"),
    ("u.data", "1::2::3::4\n", "u.data:1: found 1 field, expected 4"),
    ("u.data", "\t2\t3\t4\n", "u.data:1: user is \"\", expected an identifier"),
    ("u.data", "1\t2\tgood\t4\n", "u.data:1: rating is \"good\", expected a number"),
    ("u.data", "1\t2\t-3\t4\n", "u.data:1: rating is \"-3\", expected a number from 0"),
    ("u.data", "1\t2\tnan\t4\n", "u.data:1: rating is \"nan\", expected a number from 0"),
    ("u.data", "1\t2\t3\t1997-01-01\n", "u.data:1: time is \"1997-01-01\", expected seconds since 1970"),
    ("u.data", "1\t2\t3\t-1\n", "u.data:1: time is \"-1\", expected seconds since 1970"),
    ("u.data", "1\t2\t3\t881250949000\n", "u.data:1: time is \"881250949000\", expected seconds since 1970"),
    ("u.data", "1\t2\t3\t4\n\n2\t2\t3\t4\n1\t2\t5\t6\n", "u.data:4: user \"1\" and item \"2\" are already on line 1"),
    ("u.item", "", "u.item: the file is empty; expected rows"),
    ("u.item", "1|Wona|||\n", "u.item:1: found 5 fields, expected 24 (item, title, date"),
    ("u.item", "|Wona||||\(flags([]))\n", "u.item:1: item is \"\", expected an identifier"),
    ("u.item", "1|W||||\(flags([]))\n1|V||||\(flags([]))\n", "u.item:2: item \"1\" is already on line 1"),
    ("u.item", "1|W||||0|2\(String(repeating: "|0", count: 17))\n", "u.item:1: Action is \"2\", expected 0 or 1"),
    ("u.item", "1|W||||\(String(repeating: "0|", count: 18))\n", "u.item:1: Western is \"\", expected 0 or 1"),
    ("u.user", "1|20|F|other\n", "u.user:1: found 4 fields, expected 5"),
    ("u.user", "1|old|F|other|1\n", "u.user:1: age is \"old\", expected years"),
    ("u.user", "1|20|F|other|1\n1|20|F|other|1\n", "u.user:2: user \"1\" is already on line 1"),
  ])
  func badFilesAreRefused(name: String, text: String, message: String) throws {
    let folder = try smallMovieLens()
    try folder.write(name, text)
    let error = #expect(throws: DatasetError.self) { try readMovieLens(folder: folder.path) }
    let description = try #require(error).description
    #expect(description.hasPrefix(folder(message)), "\(description)")
    #expect(error?.exitStatus == .badData)
  }

  @Test func ratingsMustBeUTF8() throws {
    let folder = try smallMovieLens()
    try folder.write("u.data", bytes: Array("1\t1\t3\t4\n1\t".utf8) + [0xE9] + Array("\t3\t4\n".utf8))
    #expect(throws: DatasetError.invalidUTF8(path: folder("u.data"), line: 2)) {
      try readMovieLens(folder: folder.path)
    }
  }

  @Test func duplicatesFollowTheRule() throws {
    let folder = try smallMovieLens()
    try folder.write("u.data", "7\t1\t2\t10\n3\t1\t4\t11\n7\t1\t5\t12\n")
    let data = try readMovieLens(folder: folder.path, duplicates: .last)
    #expect(data.interactions.weights == [5, 4])
    #expect(data.interactions.timestamps == [12_000, 11_000])
    #expect(data.remarks.contains("1 row of u.data repeated a user and film: merged by the rule last"))
  }

  @Test(.enabled(if: RealData.movieLens != nil, "set TWOTOWER_MOVIELENS to the folder ml-100k"))
  func countsAreThoseOfTheRealSet() throws {
    let data = try readDataFolder(RealData.movieLens!)
    #expect(data.users.count == 943)
    #expect(data.items.count == 1_682)
    #expect(data.interactions.count == 100_000)
    #expect(data.interactions.weights.allSatisfy { (1...5).contains($0) && $0 == $0.rounded() })
    #expect(data.itemNames[0] == "Toy Story (1995)")
    #expect(data.itemTags.count == 2_893)
    // 20 September 1997 to 22 April 1998.
    #expect(data.interactions.timestamps.min() == 874_724_710_000)
    #expect(data.interactions.timestamps.max() == 893_286_638_000)
    #expect(data.remarks.first == "u.data found: read as MovieLens 100K")
  }
}

/// The 19 genre flags with those of `genres` set.
private func flags(_ genres: [String]) -> String {
  movieLensGenres.map { genres.contains($0) ? "1" : "0" }.joined(separator: "|")
}

/// A folder with a small data set in MovieLens format: 2 users with ratings, 4 films (one of them not in `u.item`).
func smallMovieLens() throws -> TemporaryFolder {
  let folder = try TemporaryFolder()
  try folder.write("u.data", "7\t2\t3\t881250949\n3\t1\t5\t891717742\n7\t1\t1\t0\n3\t4\t2\t878887116\n")
  try folder.write(
    "u.item",
    bytes: Array("1|Wona (1995)|01-Jan-1995|||\(flags(["Action", "Western"]))\n2|".utf8) + [0xC9]
      + Array("fi \"La\" (1996)|||http://localhost/2|\(flags(["Sci-Fi"]))\n9|||||\(flags(["unknown"]))\n".utf8))
  try folder.write("u.user", "3|24|M|technician|85711\n7|53|F|other|T8H1N\n8|23|M|writer|32067\n")
  return folder
}
