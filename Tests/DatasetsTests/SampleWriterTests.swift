import Foundation
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerFiles

/// Data/sample of this repository, made by the arguments in its readme.
private let bundledSample = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("Data/sample").path

private func contents(_ folder: String) throws -> [String: Data] {
  var files: [String: Data] = [:]
  for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
    files[name] = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
  }
  return files
}

@Suite struct SampleWriterTests {
  @Test func bundledSampleIsWhatTheGeneratorMakes() throws {
    let folder = try TemporaryFolder()
    let summary = try writeSample(users: 600, artists: 1_000, seed: 1, to: folder("sample"))
    let made = try contents(folder("sample"))
    let bundled = try contents(bundledSample)
    #expect(made.keys.sorted() == bundled.keys.sorted())
    for (name, bytes) in made { #expect(bundled[name] == bytes, "\(name) differs") }
    #expect(bundled.values.reduce(0) { $0 + $1.count } < 1_000_000)

    let data = try readHetRec(folder: bundledSample)
    #expect(data.remarks.isEmpty, "\(data.remarks)")
    #expect(summary.users == data.users.count)
    #expect(summary.artists == data.items.count)
    #expect(summary.interactions == data.interactions.count)
    #expect(summary.tags == data.tagNames.count)
    #expect(summary.tagAssignments == data.tagAssignments.count)
    #expect(summary.friendPairs == data.friendships.count)
    #expect(Set(data.itemNames).count == 1_000)
  }

  @Test func datesAndTimestampsAgree() throws {
    let folder = try TemporaryFolder()
    try writeSample(users: 50, artists: 120, seed: 4, to: folder("s"))
    let timed = try readHetRec(folder: folder("s"))
    try folder.remove("s/user_taggedartists-timestamps.dat")
    let dated = try readHetRec(folder: folder("s"))
    #expect(timed.tagAssignments.count > 0)
    #expect(timed.tagAssignments.timestamps == dated.tagAssignments.timestamps)
  }

  @Test func seedsDecide() throws {
    let folder = try TemporaryFolder()
    for (name, seed) in [("a", 7), ("b", 7), ("c", 8)] {
      try writeSample(users: 40, artists: 60, seed: UInt64(seed), to: folder(name))
    }
    #expect(try contents(folder("a")) == contents(folder("b")))
    #expect(try contents(folder("a"))["user_artists.dat"] != contents(folder("c"))["user_artists.dat"])
  }

  @Test(arguments: [(1, 1), (1, 30), (30, 1), (3, 3), (200, 51)])
  func smallSizesAreReadable(users: Int, artists: Int) throws {
    let folder = try TemporaryFolder()
    try writeSample(users: users, artists: artists, seed: 1, to: folder("s"))
    let data = try readHetRec(folder: folder("s"))
    #expect(data.users.count == users)
    #expect(data.items.count == artists)
  }

  /// What is planted can be found: people share most artists with those whose tastes they share, far more than by
  /// popularity; and some artists without a training row have tags.
  @Test func structureCanBeLearned() throws {
    let data = try readHetRec(folder: bundledSample)
    let split = try holdOut(share: 0.3, seed: 1, dataset: data)
    let (users, items) = (data.users.count, data.items.count)
    var played = [[Int]](repeating: [], count: users)
    var held = [Set<Int>](repeating: [], count: users)
    var popularity = [Double](repeating: 0, count: items)
    for row in split.train {
      let item = Int(data.interactions.items[Int(row)])
      played[Int(data.interactions.users[Int(row)])].append(item)
      popularity[item] += 1
    }
    for row in split.test {
      held[Int(data.interactions.users[Int(row)])].insert(Int(data.interactions.items[Int(row)]))
    }
    var together = [Double](repeating: 0, count: items * items)
    for list in played {
      for a in list { for b in list where a != b { together[a * items + b] += 1 } }
    }
    func recall(_ score: (Int, Int) -> Double) -> Double {
      var sum = 0.0
      var count = 0.0
      for user in 0..<users where !held[user].isEmpty {
        let seen = Set(played[user])
        let scores = (0..<items).map { seen.contains($0) ? -1 : score(user, $0) }
        let top = scores.indices.sorted { (scores[$0], -$0) > (scores[$1], -$1) }.prefix(20)
        sum += Double(top.count { held[user].contains($0) }) / Double(held[user].count)
        count += 1
      }
      return sum / count
    }
    let byPopularity = recall { popularity[$1] }
    // Cosine item-to-item neighbours.
    let byNeighbours = recall { user, item in
      played[user].reduce(0) {
        $0 + together[$1 * items + item] / (max(popularity[$1], 1) * max(popularity[item], 1)).squareRoot()
      }
    }
    #expect(byNeighbours > 2.5 * byPopularity, "\(byNeighbours) and \(byPopularity)")
    #expect(byNeighbours < 0.6)

    let tagged = Set(data.tagAssignments.items.map { Int($0) })
    #expect((0..<items).count { popularity[$0] == 0 && tagged.contains($0) } >= 30)
  }

  @Test func foldersInUseAreLeftAlone() throws {
    let folder = try TemporaryFolder()
    try folder.write("keep.txt", "mine")
    let error = #expect(throws: DatasetError.self) {
      try writeSample(users: 3, artists: 3, seed: 1, to: folder.path)
    }
    #expect(error == .file(.alreadyExists(path: folder.path)))
    #expect(error?.exitStatus == .cannotWrite)
    #expect(try contents(folder.path).keys.sorted() == ["keep.txt"])
    #expect(throws: DatasetError.file(.alreadyExists(path: folder("keep.txt")))) {
      try writeSample(users: 3, artists: 3, seed: 1, to: folder("keep.txt"))
    }
    let missing = #expect(throws: DatasetError.self) {
      try writeSample(users: 3, artists: 3, seed: 1, to: folder("no/such/parent"))
    }
    #expect(missing?.exitStatus == .cannotWrite)
  }

  @Test func anEmptyFolderIsTaken() throws {
    let folder = try TemporaryFolder()
    try writeSample(users: 3, artists: 3, seed: 1, to: folder.path)
    #expect(try contents(folder.path).count == 7)
  }

  @Test func cancellingLeavesNothing() throws {
    let folder = try TemporaryFolder()
    var questions = 0
    let error = #expect(throws: DatasetError.self) {
      try writeSample(users: 5_000, artists: 100, seed: 1, to: folder("s")) {
        questions += 1
        return questions > 3
      }
    }
    #expect(error == .interrupted)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func sizesOutOfRangeAreRefused() throws {
    let folder = try TemporaryFolder()
    for (users, artists) in [(0, 3), (-1, 3), (3, 0), (3, 1 << 25), (Int.max, 3)] {
      #expect(throws: DatasetError.self) { try writeSample(users: users, artists: artists, seed: 1, to: folder("s")) }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
