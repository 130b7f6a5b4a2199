import Foundation
import Testing
import TestSupport

@Suite struct RankTests {
  let run: SampleRun

  init() throws { run = try SampleRun.shared.get() }

  @Test func artistsAreGivenByIdentifierOrName() throws {
    let byIdentifier = try twotower("rank", run.path, "--user", "2", "--artists", "1,2,3")
    expectSuccess(byIdentifier)
    #expect(byIdentifier.outputLines.count == 4)
    #expect(byIdentifier.outputLines[0].split(separator: " ") == ["#", "id", "predicted", "name"])
    let names = try twotower("rank", run.path, "--user", "2", "--artists", "1,2,3", "--json").json
    let entries = try #require(names?["ranking"] as? [[String: Any]])
    let list = entries.compactMap { $0["name"] as? String }
    #expect(list.count == 3)
    let byName = try twotower(
      "rank", run.path, "--user", "2", "--artists", list.reversed().joined(separator: ", ").uppercased())
    #expect(byName.output == byIdentifier.output)
    let predictions = entries.compactMap { $0["predicted"] as? Double }
    #expect(predictions.count == 3)
    #expect(predictions == predictions.sorted(by: >))
  }

  @Test func namesAreFoundRegardlessOfCaseAndAccents() throws {
    let byName = try twotower("rank", run.path, "--user", "2", "--artists", "cafe fohi HOMA, vopi neke", "--json")
    expectSuccess(byName)
    let entries = try #require(byName.json?["ranking"] as? [[String: Any]])
    #expect(Set(entries.compactMap { $0["name"] as? String }) == ["Café Fohi Homa", "Vopi Neke"])
    #expect(try twotower("rank", run.path, "--user", "2", "--artists", "1,2", "--json").output == byName.output)
  }

  @Test func someoneSavedIsRankedForByName() throws {
    let folder = try TemporaryFolder()
    let copy = try folder.copy(run.path, as: "run")
    let likes = "Mode Jofi=12,Vopi Neke=3"
    expectSuccess(try twotower("recommend", copy, "--likes", likes, "--save-as", "me"))
    let saved = try twotower("rank", copy, "--user", "me", "--artists", "1,2,3,4", "--json")
    expectSuccess(saved)
    let asked = try twotower("rank", copy, "--likes", likes, "--artists", "1,2,3,4", "--json")
    #expect(saved.json?["user"] as? String == "me" && asked.json?["user"] == nil)
    let lists = try [saved, asked].map { try #require($0.json?["ranking"] as? [NSDictionary]) }
    #expect(lists[0] == lists[1] && lists[0].count == 4)
    #expect(lists[0].allSatisfy { $0["score"] != nil && $0["predicted"] == nil }, "ordered by retrieval")
    #expect(saved.errors.contains("the ranking model knows users of the data only"))
    expectRefusal(try twotower("rank", copy, "--user", "mee", "--artists", "1"), status: 65, "near: 'me'")
  }

  @Test func candidatesComeFromAFileOrStandardInput() throws {
    let folder = try TemporaryFolder()
    let expected = try twotower("rank", run.path, "--user", "2", "--artists", "4,5,6").output
    let file = try folder.write("list.txt", "6\r\n4\r\n\r\n5\n4\n")
    #expect(try twotower("rank", run.path, "--user", "2", "--candidates", file).output == expected)
    #expect(try twotower("rank", run.path, "--user", "2", "--candidates", "-", input: "5\n6\n4").output == expected)
  }

  @Test func anUnknownArtistIsSaidWithNearOnes() throws {
    let json = try twotower("rank", run.path, "--user", "2", "--artists", "1", "--json").json
    let name = try #require((json?["ranking"] as? [[String: Any]])?.first?["name"] as? String)
    expectRefusal(
      try twotower("rank", run.path, "--user", "2", "--artists", String(name.dropLast())), status: 65,
      "is not in the run", "near: ", "'\(name)'")
    expectRefusal(
      try twotower("rank", run.path, "--user", "2", "--artists", "1,?!?!?!?!?!"), status: 65, "'?!?!?!?!?!'")
    expectRefusal(try twotower("rank", run.path, "--user", "none", "--artists", "1"), status: 65, "user 'none'")
  }

  @Test func missingAndUnreadableListsAreRefused() throws {
    let folder = try TemporaryFolder()
    expectUsageError(try twotower("rank", run.path, "--user", "2"), "--artists", "--candidates")
    expectUsageError(try twotower("rank", run.path, "--user", "2", "--artists", "1", "--candidates", "-"))
    expectRefusal(
      try twotower("rank", run.path, "--user", "2", "--candidates", folder("none.txt")), status: 66, "none.txt")
    expectRefusal(try twotower("rank", run.path, "--user", "2", "--candidates", "-"), status: 65, "no items")
    let latin = try folder.write("latin.txt", bytes: [0x42, 0xF6, 0x0A])
    expectRefusal(try twotower("rank", run.path, "--user", "2", "--candidates", latin), status: 65, "UTF-8")
    expectRefusal(try twotower("rank", run.path, "--user", "2", "--candidates", folder.path), status: 66, "folder")
  }
}
