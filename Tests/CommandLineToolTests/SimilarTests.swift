import Foundation
import Testing

@Suite struct SimilarTests {
  let run: SampleRun

  init() throws { run = try SampleRun.shared.get() }

  private func similar(_ arguments: String...) throws -> (outcome: Outcome, entries: [[String: Any]]) {
    try similar(arguments)
  }

  private func similar(_ arguments: [String]) throws -> (outcome: Outcome, entries: [[String: Any]]) {
    let outcome = try twotower(["similar", run.path, "--json"] + arguments)
    expectSuccess(outcome)
    return (outcome, try #require(outcome.json?["similar"] as? [[String: Any]]))
  }

  @Test func aPartOfTheNameFindsTheArtistWithoutAccents() throws {
    let (outcome, entries) = try similar("--artist", "CAFE FOHI homa")
    #expect(outcome.json?["name"] as? String == "Café Fohi Homa")
    #expect(outcome.json?["id"] as? String == "1")
    #expect(outcome.json?["measure"] as? String == "combined")
    #expect(entries.count == 10 && !entries.contains { $0["id"] as? String == "1" })
    let scores = try entries.map { try #require($0["score"] as? Double) }
    #expect(scores == scores.sorted(by: >) && scores.allSatisfy { $0 <= 1.000001 })
    #expect(entries.allSatisfy { $0["genres"] is [String] })
  }

  @Test func severalMatchesAreListedAndTheBestIsTaken() throws {
    let outcome = try twotower("similar", run.path, "--artist", "café")
    expectSuccess(outcome)
    #expect(outcome.errors.contains("note: no item is called 'café': taking 'Café "))
    #expect(outcome.errors.contains("of 86 with that in their names") && outcome.errors.contains("and 76 more"))
    #expect(outcome.outputLines[0].hasPrefix("Like Café "))
    #expect(outcome.outputLines[1].split(separator: " ") == ["#", "id", "score", "name", "genres"])
    #expect(outcome.outputLines.count == 12)
  }

  @Test func itemIsTheSameOptionAndIdentifiersDo() throws {
    let byName = try similar("--item", "Vopi Neke", "--measure", "dot", "--top", "3")
    let byIdentifier = try similar("--artist", "2", "--measure", "dot", "--top", "3")
    #expect(byName.outcome.errors.isEmpty, "a name that is exact needs no note")
    #expect(byName.outcome.output == byIdentifier.outcome.output)
    #expect(byName.entries.count == 3)
  }

  @Test func aPenaltyTakesPopularityOutOfTheNeighbours() throws {
    func training(_ arguments: String...) throws -> [String] {
      let (_, entries) = try similar(["--artist", "Vopi Neke"] + arguments)
      return entries.compactMap { $0["id"] as? String }
    }
    let plain = try training()
    #expect(try training("--popularity-penalty", "0") == plain)
    #expect(try training("--popularity-penalty", "2") != plain)
    expectUsageError(
      try twotower("similar", run.path, "--user", "2", "--popularity-penalty", "1"), "--popularity-penalty goes with")
    expectUsageError(try twotower("similar", run.path, "--user", "2", "--measure", "combined"), "compares items")
  }

  @Test func likeMindedListenersAreFound() throws {
    let (outcome, entries) = try similar("--user", "2", "--top", "5")
    #expect(outcome.json?["user"] as? String == "2")
    #expect(entries.count == 5 && !entries.contains { $0["user"] as? String == "2" })
    #expect(entries.allSatisfy { $0["shared_items"] is [String] })
    let table = try twotower("similar", run.path, "--user", "2", "--top", "5")
    #expect(table.outputLines.count == 6)
    #expect(table.outputLines[0].contains("shared"))
  }

  @Test func whatIsUnknownIsSaidWithNearNames() throws {
    expectRefusal(
      try twotower("similar", run.path, "--artist", "Vopi Nekke"), status: 65, "'Vopi Nekke' is not in the run",
      "near: 'Vopi Neke'")
    expectRefusal(try twotower("similar", run.path, "--user", "nobody"), status: 65, "'nobody' is not in the run")
    expectUsageError(try twotower("similar", run.path), "--artist")
    expectUsageError(try twotower("similar", run.path, "--artist", "1", "--top", "0"), "--top is 0")
    expectUsageError(try twotower("similar", run.path, "--artist", "1", "--measure", "euclid"), "euclid")
  }

  @Test func evaluateReportsGenrePrecisionBesideRandomArtists() throws {
    let outcome = try twotower("evaluate", run.path, "--json")
    expectSuccess(outcome)
    let figures = try #require(outcome.json)
    let model = try #require(figures["genre_precision@10"] as? Double)
    let random = try #require(figures["genre_precision@10_random"] as? Double)
    #expect(model >= 2 * random)
    let table = try twotower("evaluate", run.path)
    #expect(table.output.contains("genre precision@10"))
  }
}
