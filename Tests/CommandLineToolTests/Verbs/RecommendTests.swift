import Foundation
import Testing

@Suite struct RecommendTests {
  let run: SampleRun

  init() throws { run = try SampleRun.shared.get() }

  private func recommendations(_ arguments: String...) throws -> [[String: Any]] {
    let outcome = try twotower(["recommend", run.path, "--user", "2", "--json"] + arguments)
    expectSuccess(outcome)
    #expect(outcome.json?["user"] as? String == "2")
    return try #require(outcome.json?["recommendations"] as? [[String: Any]])
  }

  private func identifiers(_ entries: [[String: Any]]) -> [String] { entries.compactMap { $0["id"] as? String } }

  @Test func theTableHasPlaceIdentifierScoreAndName() throws {
    let outcome = try twotower("recommend", run.path, "--user", "2")
    expectSuccess(outcome)
    let entries = try recommendations()
    #expect(outcome.outputLines.count == 11)
    #expect(outcome.outputLines[0].split(separator: " ") == ["#", "id", "score", "name"])
    let nameColumns = try zip(outcome.outputLines.dropFirst(), entries).map { line, entry in
      let name = try #require(entry["name"] as? String)
      #expect(line.hasSuffix("  " + name))
      return line.count - name.count
    }
    #expect(Set(nameColumns).count == 1, "names stand flush left:\n\(outcome.output)")
  }

  @Test func scoresFallAndPlacesCount() throws {
    let entries = try recommendations("--top", "50")
    let scores = try entries.map { try #require($0["score"] as? Double) }
    #expect(scores == scores.sorted(by: >))
    #expect(entries.compactMap { $0["rank"] as? Int } == Array(1...50))
    #expect(Set(identifiers(entries)).count == 50)
  }

  @Test func whatTheUserHasIsLeftOutUnlessAskedFor() throws {
    let all = identifiers(try recommendations("--top", "1000", "--include-seen"))
    #expect((950..<1000).contains(all.count), "but for a few of which nothing is known")
    let outcome = try twotower("recommend", run.path, "--user", "2", "--top", "1000", "--json")
    expectSuccess(outcome)
    let unseen = identifiers(try #require(outcome.json?["recommendations"] as? [[String: Any]]))
    #expect(unseen.count < all.count)
    #expect(outcome.errors.contains("only \(unseen.count) items are left"))
    let rows = try lines(of: Tool.sample + "/user_artists.dat").map { $0.split(separator: "\t").map(String.init) }
    let played = Set(rows.filter { $0[0] == "2" }.map { $0[1] })
    let missing = Set(all).subtracting(unseen)
    #expect(missing.count == all.count - unseen.count)
    #expect(missing.isSubset(of: played), "only played artists are left out")
    #expect(missing.count < played.count, "held-out artists are still recommended")
  }

  @Test func heldOutItemsAreToldAndLeftOutWhenAsked() throws {
    let all = try twotower("recommend", run.path, "--user", "2", "--top", "300", "--json")
    expectSuccess(all)
    let heldOut = try #require(all.json?["held_out"] as? [String])
    let listed = identifiers(try #require(all.json?["recommendations"] as? [[String: Any]]))
    let rows = try lines(of: Tool.sample + "/user_artists.dat").map { $0.split(separator: "\t").map(String.init) }
    let played = Set(rows.filter { $0[0] == "2" }.map { $0[1] })
    #expect(!heldOut.isEmpty)
    #expect(Set(heldOut) == played.intersection(listed), "all that the user has and the model was not told")
    #expect(all.errors.contains("note: \(heldOut.count) of these the user has in rows held out"))
    let rest = try twotower("recommend", run.path, "--user", "2", "--top", "300", "--exclude-held-out", "--json")
    expectSuccess(rest)
    #expect(rest.json?["held_out"] as? [String] == [])
    #expect(!rest.errors.contains("held out for measuring"))
    let left = identifiers(try #require(rest.json?["recommendations"] as? [[String: Any]]))
    #expect(left.filter(listed.contains) == listed.filter { !heldOut.contains($0) }, "in the same order")
    #expect(played.isDisjoint(with: left))
  }

  @Test func rerankingOrdersARetrievedHundred() throws {
    let reranked = try recommendations("--rerank", "--top", "100")
    let sums = try reranked.map { try #require($0["reranked"] as? Double) }
    #expect(sums == sums.sorted(by: >))
    #expect(reranked.allSatisfy { $0["predicted"] is Double && $0["score"] is Double })
    let retrieved = identifiers(try recommendations("--top", "100"))
    #expect(Set(identifiers(reranked)) == Set(retrieved))
    #expect(identifiers(reranked) != retrieved)
    #expect(identifiers(try recommendations("--rerank")) == Array(identifiers(reranked).prefix(10)))
  }

  @Test func moreThanTheCatalogueIsRefused() throws {
    expectRefusal(
      try twotower("recommend", run.path, "--user", "2", "--top", "1001"), status: 64, "--top 1001", "1000 items")
    expectUsageError(try twotower("recommend", run.path, "--user", "2", "--top", "0"), "--top is 0")
  }

  @Test func anUnknownUserIsSaidWithNearOnes() throws {
    expectRefusal(
      try twotower("recommend", run.path, "--user", "9999"), status: 65, "user '9999' is not in the run", "near: '")
  }

  @Test func aReaderThatStopsEarlyIsNoError() throws {
    let outcome = try twotower(
      "recommend", run.path, "--user", "2", "--top", "900", "--exclude-held-out", shell: "\"$@\" | head -n 1")
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    #expect(outcome.outputLines.count == 1)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"))) func standardOutputWithoutRoomIsAnError() throws {
    expectRefusal(
      try twotower("recommend", run.path, "--user", "2", shell: "\"$@\" >/dev/full"), status: 73, "standard output")
  }
}
