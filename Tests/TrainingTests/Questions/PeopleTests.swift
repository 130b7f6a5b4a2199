import Foundation
import Runs
import Testing
import Training

struct PeopleTests {
  private let folder: TemporaryFolder
  private var path: String { folder("run") }

  init() throws {
    folder = try TemporaryFolder()
    var run = try smallRun(smallRecipe(), in: folder("run"))
    _ = try run.train()
  }

  private let likes = [Like(item: 3, weight: 40), Like(item: 0, weight: 0.1)]

  @Test func someoneSavedIsKnownAgainUntilForgotten() throws {
    try FinishedRun(opening: path).save(likes, as: "Ann\\B")
    let run = try FinishedRun(opening: path)
    #expect(try run.listener(named: "Ann\\B") == .person(likes))
    #expect(try run.savedNames() == ["Ann\\B"])
    try run.save([Like(item: 1, weight: 2)], as: "Bob")
    try FinishedRun(opening: path).save([Like(item: 2, weight: 1)], as: "Ann\\B")
    #expect(try FinishedRun(opening: path).listener(named: "Ann\\B") == .person([Like(item: 2, weight: 1)]))
    #expect(try FinishedRun(opening: path).savedNames() == ["Bob", "Ann\\B"])
    try FinishedRun(opening: path).forget("Ann\\B")
    #expect(try FinishedRun(opening: path).listener(named: "Ann\\B") == nil)
    try FinishedRun(opening: path).forget("Bob")
    #expect(!FileManager.default.fileExists(atPath: "\(path)/people.tsv"))
  }

  @Test func nothingElseOfTheRunChangesAndNothingIsLeftBeside() throws {
    func files() throws -> [String: Data] {
      let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0 != "checksums.txt" }
      return try Dictionary(uniqueKeysWithValues: names.map { ($0, try contents(of: "\(path)/\($0)")) })
    }
    let before = try files()
    try FinishedRun(opening: path).save(likes, as: "Ann")
    var after = try files()
    let removed = after.removeValue(forKey: "people.tsv")
    let people = try #require(removed)
    #expect(after == before)
    let text = String(decoding: people, as: UTF8.self)
    #expect(text.hasPrefix("Ann\t") && text.split(separator: "\n").count == 2, "a line per liked item")
    _ = try Manifest.verify(path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["run"])
  }

  @Test func namesOfUsersAndNobodyAreRefused() throws {
    let run = try FinishedRun(opening: path)
    for name in [run.userIdentifiers[0], "", " ", "a\nb", "a\u{1B}b", String(repeating: "a", count: 101)] {
      #expect(throws: RunError.self) { try run.save(likes, as: name) }
    }
    #expect(throws: RunError.self) { try run.forget("Ann") }
    #expect(throws: RunError.self) { try run.forget(run.userIdentifiers[0]) }
  }

  @Test func manyWhoSaveAtOnceAreAllKept() throws {
    let path = path
    let likes = likes
    DispatchQueue.concurrentPerform(iterations: 8) { number in
      #expect(throws: Never.self) { try FinishedRun(opening: path).save(likes, as: "person \(number)") }
    }
    #expect(try FinishedRun(opening: path).savedNames().sorted() == (0..<8).map { "person \($0)" })
  }

  @Test func aDamagedFileIsRefusedWithItsLine() throws {
    try FinishedRun(opening: path).save(likes, as: "Ann")
    try rewrite("people.tsv", in: path) { $0.replacingOccurrences(of: "\t40.0\t", with: "\t-1\t") }
    #expect {
      try FinishedRun(opening: path).listener(named: "Ann")
    } throws: {
      "\($0)".contains("people.tsv: line 1")
    }
    try rewrite("people.tsv", in: path) { _ in "Ann\tnobody's\t1\tX\n" }
    #expect(throws: RunError.self) { try FinishedRun(opening: path).listener(named: "Ann") }
  }

  @Test func genresOfAnotherCatalogueAreRefused() throws {
    try rewrite("item-genres.tsv", in: path) { $0 + "rock\n" }
    #expect {
      try FinishedRun(opening: path).itemGenres()
    } throws: {
      "\($0)".contains("item-genres.tsv")
    }
  }
}
