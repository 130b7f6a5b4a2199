import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerRuns
import TwoTowerServing
import TwoTowerTraining

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
    try Answerer(opening: path).save(likes, as: "Ann\\B")
    let run = try Answerer(opening: path)
    #expect(try run.query(named: "Ann\\B") == .likes(likes))
    #expect(try run.savedNames() == ["Ann\\B"])
    try run.save([Like(item: 1, weight: 2)], as: "Bob")
    try Answerer(opening: path).save([Like(item: 2, weight: 1)], as: "Ann\\B")
    #expect(try Answerer(opening: path).query(named: "Ann\\B") == .likes([Like(item: 2, weight: 1)]))
    #expect(try Answerer(opening: path).savedNames() == ["Bob", "Ann\\B"])
    try Answerer(opening: path).forget("Ann\\B")
    #expect(try Answerer(opening: path).query(named: "Ann\\B") == nil)
    try Answerer(opening: path).forget("Bob")
    #expect(!FileManager.default.fileExists(atPath: "\(path)/people.tsv"))
  }

  @Test func nothingElseOfTheRunChangesAndNothingIsLeftBeside() throws {
    func files() throws -> [String: Data] {
      try TestSupport.files(in: path).filter { $0.key != "checksums.txt" }
    }
    let before = try files()
    try Answerer(opening: path).save(likes, as: "Ann")
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
    let run = try Answerer(opening: path)
    for name in [run.userIdentifiers[0], "", " ", "a\nb", "a\u{1B}b", String(repeating: "a", count: 101)] {
      #expect(throws: QuestionError.self) { try run.save(likes, as: name) }
    }
    #expect(throws: QuestionError.self) { try run.forget("Ann") }
    #expect(throws: QuestionError.self) { try run.forget(run.userIdentifiers[0]) }
  }

  @Test func manyWhoSaveAtOnceAreAllKept() throws {
    let path = path
    let likes = likes
    DispatchQueue.concurrentPerform(iterations: 8) { number in
      #expect(throws: Never.self) { try Answerer(opening: path).save(likes, as: "person \(number)") }
    }
    #expect(try Answerer(opening: path).savedNames().sorted() == (0..<8).map { "person \($0)" })
  }

  @Test func aDamagedFileIsRefusedWithItsLine() throws {
    try Answerer(opening: path).save(likes, as: "Ann")
    try rewrite("people.tsv", in: path) { $0.replacingOccurrences(of: "\t40.0\t", with: "\t-1\t") }
    #expect {
      try Answerer(opening: path).query(named: "Ann")
    } throws: {
      "\($0)".contains("people.tsv: line 1")
    }
    try rewrite("people.tsv", in: path) { _ in "Ann\tnobody's\t1\tX\n" }
    #expect(throws: QuestionError.self) { try Answerer(opening: path).query(named: "Ann") }
  }

  @Test func genresOfAnotherCatalogueAreRefused() throws {
    try rewrite("item-genres.tsv", in: path) { $0 + "rock\n" }
    #expect {
      try Answerer(opening: path).itemGenres()
    } throws: {
      "\($0)".contains("item-genres.tsv")
    }
  }
}
