import Foundation
import Testing
import TestSupport

@Suite struct FiltersTests {
  let run: SampleRun

  init() throws { run = try SampleRun.shared.get() }

  private func ask(_ arguments: String...) throws -> [String] {
    let outcome = try twotower(["recommend", run.path, "--user", "2", "--json"] + arguments)
    expectSuccess(outcome)
    return try #require(outcome.json?["recommendations"] as? [[String: Any]]).compactMap { $0["id"] as? String }
  }

  private func genres() throws -> [String: Set<String>] {
    let items = try lines(of: run.path + "/items.tsv").map { $0.split(separator: "\t")[0] }
    let text = try String(contentsOfFile: run.path + "/item-genres.tsv", encoding: .utf8)
    let tags = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Set($0.split(separator: "\t").map(String.init)) }
    return Dictionary(uniqueKeysWithValues: zip(items, tags).map { (String($0), $1) })
  }

  @Test func genreExpressionsDecideWhatIsShown() throws {
    let genres = try genres()
    let only = try ask("--only", "genre:folk | genre:techno & !genre:jazz", "--top", "50")
    #expect(!only.isEmpty)
    for id in only {
      let own = try #require(genres[id])
      #expect(own.contains("folk") || (own.contains("techno") && !own.contains("jazz")))
    }
    let all = try ask("--top", "1000")
    let folk = try ask("--top", "1000", "--only", "genre:folk")
    let rest = try ask("--top", "1000", "--exclude", "genre:Folk")
    #expect(Set(folk).isDisjoint(with: rest) && folk.count + rest.count == all.count)
    #expect(all.filter(Set(rest).contains) == rest, "the order stays")
  }

  @Test func filesOfItemsDecideToo() throws {
    let folder = try TemporaryFolder()
    let best = try ask()
    let file = try folder.write("items.txt", best.prefix(3).joined(separator: "\n") + "\nVopi Neke\nNo Such Band At All\n")
    #expect(try ask("--exclude", file, "--top", "7").prefix(7) == ArraySlice(best.dropFirst(3).filter { $0 != "2" }.prefix(7)))
    #expect(Set(try ask("--only", file)).isSubset(of: Set(best.prefix(3) + ["2"])))
    let outcome = try twotower("recommend", run.path, "--user", "2", "--only", file)
    #expect(outcome.errors.contains("'No Such Band At All' is not in the run: passed over"))
    #expect(outcome.errors.contains("items are left"))
  }

  @Test func badFiltersAreRefused() throws {
    expectRefusal(
      try twotower("recommend", run.path, "--user", "2", "--only", "genre:folc"), status: 65, "near: 'folk'")
    expectRefusal(
      try twotower("recommend", run.path, "--user", "2", "--only", "genre:folk &"), status: 65, "found the end")
    expectRefusal(
      try twotower("recommend", run.path, "--user", "2", "--exclude", "/no/such/file"), status: 66, "/no/such/file")
    expectUsageError(
      try twotower("recommend", run.path, "--user", "2", "--popularity-penalty=-1"), "--popularity-penalty is -1")
    expectUsageError(try twotower("evaluate", run.path, "--diversity", "1.5"), "--diversity is 1.5")
    expectUsageError(try twotower("evaluate", run.path, "--popularity-penalty", "nan"), "--popularity-penalty is nan")
  }

  @Test func penaltyAndDiversityChangeListsAndEvaluateSaysHow() throws {
    let plain = try ask()
    #expect(try ask("--popularity-penalty", "0", "--diversity", "0") == plain)
    #expect(try ask("--popularity-penalty", "1") != plain)
    let varied = try ask("--diversity", "0.8")
    #expect(varied != plain && varied.first == plain.first)

    let outcome = try twotower("evaluate", run.path, "--popularity-penalty", "0.3", "--diversity", "0.5", "--json")
    expectSuccess(outcome)
    let lists = try #require(outcome.json?["recommendations"] as? [String: Any])
    let model = try #require(lists["model"] as? [String: Double])
    let reordered = try #require(lists["reordered"] as? [String: Double])
    #expect(reordered["novelty"]! > model["novelty"]! && reordered["diversity"]! > model["diversity"]!)
    #expect(reordered["mean_popularity"]! < model["mean_popularity"]!)
    #expect(lists["popularity_penalty"] as? Double == 0.3 && lists["diversity"] as? Double == 0.5)
    let table = try twotower("evaluate", run.path, "--diversity", "0.5")
    #expect(table.output.contains("reordered"))
  }

  @Test func evaluateSaysWhatFiltersDoToLists() throws {
    let outcome = try twotower("evaluate", run.path, "--only", "genre:folk", "--json")
    expectSuccess(outcome)
    let lists = try #require(outcome.json?["recommendations"] as? [String: Any])
    let model = try #require(lists["model"] as? [String: Double])
    let filtered = try #require(lists["reordered"] as? [String: Double])
    let allowed = try #require(lists["allowed_items"] as? Int)
    #expect(allowed == (try genres().values.count { $0.contains("folk") }))
    #expect(filtered["recall"]! < model["recall"]!, "what is left out is not found")
    #expect(filtered["coverage"]! <= Double(allowed) / 1000)
    let table = try twotower("evaluate", run.path, "--exclude", "genre:folk")
    #expect(table.output.contains("only \(1000 - allowed) items") && table.output.contains("filtered"))
    #expect(try twotower("evaluate", run.path, "--json").json?["retrieval"] as? NSDictionary
      == outcome.json?["retrieval"] as? NSDictionary, "figures of the whole catalogue stay")
  }

  @Test func evaluateHasTheFiguresOfListsAndGroups() throws {
    let outcome = try twotower("evaluate", run.path, "--json")
    let figures = try #require(outcome.json)
    let lists = try #require(figures["recommendations"] as? [String: Any])
    #expect(lists["reordered"] == nil)
    let model = try #require(lists["model"] as? [String: Double])
    let popularity = try #require(lists["popularity"] as? [String: Double])
    #expect(model["gini"]! < popularity["gini"]! && model["novelty"]! > popularity["novelty"]!)
    let retrieval = try #require((figures["retrieval"] as? [String: Any])?["seen_excluded"] as? [String: Any])
    let recall = try #require((retrieval["recall"] as? [String: Double])?["20"])
    #expect(abs(model["recall"]! - recall) < 1e-9)
    let users = try #require(figures["by_user_activity"] as? [[String: Any]])
    let total = users.compactMap { $0["users"] as? Int }.reduce(0, +)
    let weighted = users.reduce(0.0) { $0 + ($1["recall"] as! Double) * Double($1["users"] as! Int) }
    #expect(abs(weighted / Double(total) - recall) < 1e-9, "groups make up the whole")
    let items = try #require(figures["by_item_popularity"] as? [[String: Any]])
    #expect(items.compactMap { $0["items"] as? Int }.reduce(0, +) == 1000)
    #expect(abs(items.compactMap { $0["share_of_recommendations"] as? Double }.reduce(0, +) - 1) < 1e-9)
  }
}
