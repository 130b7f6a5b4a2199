import Foundation
import Testing
import TestSupport

@Suite struct LikesTests {
  let run: SampleRun
  let folder: TemporaryFolder

  init() throws {
    run = try SampleRun.shared.get()
    folder = try TemporaryFolder()
  }

  private func ask(_ run: String, _ arguments: String...) throws -> [[String: Any]] {
    let outcome = try twotower(["recommend", run, "--json"] + arguments)
    expectSuccess(outcome)
    return try #require(outcome.json?["recommendations"] as? [[String: Any]])
  }

  private func identifiers(_ entries: [[String: Any]]) -> [String] { entries.compactMap { $0["id"] as? String } }

  @Test func someoneNewGetsTheirTaste() throws {
    let likes = ["Café Fohi Homa=4000", "Vopi Neke=20"].joined(separator: ",")
    let outcome = try twotower("recommend", run.path, "--likes", likes, "--json")
    expectSuccess(outcome)
    let given = try #require(outcome.json?["likes"] as? [[String: Any]])
    #expect(given.compactMap { $0["weight"] as? Double } == [4000, 20])
    let entries = try #require(outcome.json?["recommendations"] as? [[String: Any]])
    #expect(entries.count == 10)
    #expect(Set(identifiers(entries)).isDisjoint(with: ["1", "2"]), "what is liked is not recommended back")
    let similar = try twotower("similar", run.path, "--artist", "1", "--top", "20", "--json")
    let alike = Set(identifiers(try #require(similar.json?["similar"] as? [[String: Any]])))
    let one = identifiers(try ask(run.path, "--likes", "Café Fohi Homa"))
    #expect(alike.intersection(one).count >= 5, "one artist's neighbours are recommended")
  }

  @Test func theUnknownIsSaidAndPassedOver() throws {
    let outcome = try twotower("recommend", run.path, "--likes", "Vopi Nekke=5,Mode Jofi,No Such Band At All")
    expectSuccess(outcome)
    #expect(outcome.errors.contains("'Vopi Nekke' is not in the run: passed over; near: 'Vopi Neke'"))
    #expect(outcome.errors.contains("'No Such Band At All' is not in the run: passed over"))
    #expect(outcome.outputLines.count == 11)
    let refused = try twotower("recommend", run.path, "--likes", "No Such Band At All")
    #expect(refused.status == 65 && refused.output.isEmpty)
    #expect(refused.errorLines.count == 1 && refused.errorLines[0].contains("neither a file nor an item"))
  }

  @Test func missingAndEmptyFilesAreNamed() throws {
    let missing = try twotower("recommend", run.path, "--likes", folder("no-such.txt"))
    #expect(missing.status == 66 && missing.errorLines.count == 1 && missing.errors.contains("no such file"))
    let empty = try folder.write("empty.txt", "\n")
    let refused = try twotower("recommend", run.path, "--likes", empty)
    #expect(refused.status == 65 && refused.errorLines.count == 1 && refused.errors.contains("found no item of the run"))
  }

  @Test func aByteOrderMarkIsNoPartOfTheFirstName() throws {
    let marked = try folder.write("marked.txt", "\u{FEFF}Mode Jofi=12\n")
    #expect(identifiers(try ask(run.path, "--likes", marked)) == identifiers(try ask(run.path, "--likes", "Mode Jofi=12")))
  }

  @Test func likesComeFromFilesAndPipes() throws {
    let lines = "Mode Jofi\t12\nVopi Neke=3\n"
    let file = try folder.write("likes.tsv", lines)
    let inline = try ask(run.path, "--likes", "Mode Jofi=12,Vopi Neke=3")
    #expect(identifiers(try ask(run.path, "--likes", file)) == identifiers(inline))
    let piped = try twotower("recommend", run.path, "--likes", "-", "--json", input: lines)
    #expect(identifiers(try #require(piped.json?["recommendations"] as? [[String: Any]])) == identifiers(inline))
  }

  @Test func someoneSavedIsAskedByNameAndForgotten() throws {
    let copy = try folder.copy(run.path, as: "run")
    let first = try ask(copy, "--likes", "Mode Jofi=12,Vopi Neke=3", "--save-as", "ann")
    #expect(identifiers(try ask(copy, "--user", "ann")) == identifiers(first))
    expectSuccess(try twotower("similar", copy, "--user", "ann"))
    let ranked = try twotower("rank", copy, "--user", "ann", "--artists", "5,6", "--json")
    expectSuccess(ranked)
    #expect(ranked.json?["user"] as? String == "ann" && (ranked.json?["ranking"] as? [Any])?.count == 2)
    expectRefusal(try twotower("recommend", copy, "--user", "an"), status: 65, "near: 'ann'")
    let forgotten = try twotower("recommend", copy, "--forget", "ann")
    expectSuccess(forgotten)
    #expect(forgotten.output.isEmpty && forgotten.errors.contains("'ann' is removed"))
    expectRefusal(try twotower("recommend", copy, "--user", "ann"), status: 65, "'ann' is not in the run")
    let saved = try twotower("recommend", copy, "--likes", "Mode Jofi", "--save-as", "bob", "--json")
    #expect(saved.json?["saved_as"] as? String == "bob")
    #expect(try twotower("recommend", copy, "--forget", "bob", "--json").json?["forgotten"] as? String == "bob")
    expectRefusal(try twotower("recommend", copy, "--forget", "ann"), status: 65, "nobody is saved as 'ann'")
    #expect(try files(in: copy) == files(in: run.path), "the run is what it was")
  }

  @Test func aRunThatCannotBeWrittenIsSaid() throws {
    let copy = try folder.copy(run.path, as: "run")
    let outcome = try twotower("recommend", copy, "--likes", "Mode Jofi", "--save-as", "2")
    #expect(outcome.status == 65 && outcome.errorLines.first?.contains("--save-as '2'") == true)
    #expect(try files(in: copy) == files(in: run.path))
  }

  @Test func explanationsNameWhatIsLiked() throws {
    let entries = try ask(run.path, "--likes", "Café Fohi Homa=40,Vopi Neke=20,Mode Jofi", "--explain")
    for entry in entries {
      let because = try #require(entry["because"] as? [[String: Any]])
      #expect(!because.isEmpty && Set(identifiers(because)).isSubset(of: ["1", "2", "3"]))
      #expect(entry["shared_genres"] is [String])
    }
    let table = try twotower("recommend", run.path, "--user", "2", "--explain", "--top", "3")
    expectSuccess(table)
    #expect(table.outputLines.count { $0.contains("because of ") } == 3)
  }

  @Test func optionsThatContradictAreUsageErrors() throws {
    expectUsageError(try twotower("recommend", run.path), "--user")
    expectUsageError(try twotower("recommend", run.path, "--user", "2", "--likes", "Mode Jofi"), "--likes")
    expectUsageError(try twotower("recommend", run.path, "--user", "2", "--save-as", "x"), "--save-as")
    expectRefusal(
      try twotower("recommend", run.path, "--likes", "Mode Jofi=much"), status: 65, "'much'", "a number above 0")
    expectRefusal(
      try twotower("recommend", run.path, "--likes", "Mode Jofi", "--rerank"), status: 65, "leave --rerank out")
  }
}
