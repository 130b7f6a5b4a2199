import Foundation
import Testing
import TestSupport

/// Users of whom there is no training row, and items of which nothing is known, as people meet them.
@Suite struct NewUsersTests {
  let folder: TemporaryFolder

  /// Listeners who share items, one who is new, and an item that is in the test rows alone.
  init() throws {
    folder = try TemporaryFolder()
    let training = [
      "a,AC/DC", "a,The Beatles", "a,Muse", "b,AC/DC", "b,The Beatles", "b,Blur", "c,The Beatles", "c,Abba", "c,Blur",
      "d,Abba",
    ]
    try folder.write("train.csv", (["user,item"] + training).joined(separator: "\n") + "\n")
    try folder.write("test.csv", "user,item\na,Abba\nnew,Muse\nnew,Segue\n")
  }

  private func fit(_ recipe: String) throws -> Outcome {
    try twotower(
      "fit", "--train", folder("train.csv"), "--test", folder("test.csv"), "--user-column", "user", "--item-column", "item",
      "--recipe", recipe, "--output", folder("run"), "--json")
  }

  @Test func fitSaysHowManyAreNewAndRecommendGivesThemWhatIsPopular() throws {
    let fitted = try fit("item-neighbors")
    expectSuccess(fitted)
    let note = "note: 1 of 2 test users have no training row: they are recommended what is popular"
    #expect(fitted.errors.contains(note))
    #expect((fitted.json?["new_users"] as? [String: Any])?["served_popularity"] as? Int == 1)
    let evaluated = try twotower("evaluate", folder("run"))
    expectSuccess(evaluated)
    #expect(evaluated.errors.contains(note))

    let outcome = try twotower("recommend", folder("run"), "--user", "new", "--top", "6", "--json")
    expectSuccess(outcome)
    #expect(outcome.errors.contains("note: nothing is known of new, no training row: recommended is what most users have"))
    #expect(outcome.json?["served_popularity"] as? String == "nothing_known")
    let list = try #require(outcome.json?["recommendations"] as? [[String: Any]])
    #expect(list.compactMap { $0["id"] as? String } == ["The Beatles", "AC/DC", "Blur", "Abba", "Muse"])
    #expect(outcome.errors.contains("note: only 5 items are left"), "Segue is never recommended")
    let known = try twotower("recommend", folder("run"), "--user", "a", "--top", "2", "--json")
    expectSuccess(known)
    #expect(!known.output.contains("served_popularity") && !known.errors.contains("what most users have"))
  }

  @Test func anItemOfWhichNothingIsKnownIsSaidInEveryVerb() throws {
    expectSuccess(try fit("implicit-als"))
    let run = folder("run")
    expectRefusal(
      try twotower("similar", run, "--item", "segue"), status: 65,
      "nothing is known of 'Segue': no training row, no tag")
    let similar = try twotower("similar", run, "--item", "beatles", "--top", "9", "--json")
    expectSuccess(similar)
    let alike = try #require(similar.json?["similar"] as? [[String: Any]]).compactMap { $0["id"] as? String }
    #expect(Set(alike) == ["AC/DC", "Muse", "Abba", "Blur"])
    let liked = try twotower("recommend", run, "--likes", "Segue,ACDC", "--top", "1")
    expectSuccess(liked)
    #expect(liked.errors.contains("nothing is known of 'Segue', no training row, no tag: passed over"))
    let alone = try twotower("recommend", run, "--likes", "Segue", "--top", "1", "--json")
    #expect(alone.json?["served_popularity"] as? String == "nothing_known")
    let ranked = try twotower("rank", run, "--user", "a", "--items", "Segue,abba")
    expectSuccess(ranked)
    #expect(ranked.errors.contains("nothing is known of 'Segue', no training row, no tag: it comes last"))
    #expect(ranked.outputLines.last?.contains("–  Segue") == true)
  }

  @Test func namesAreFoundAlikeInEveryVerb() throws {
    expectSuccess(try fit("ease"))
    let run = folder("run")
    for arguments in [
      ["recommend", run, "--likes", "acdc,beatles", "--top", "1"], ["rank", run, "--user", "c", "--items", "acdc,beatles"],
      ["similar", run, "--item", "acdc"], ["similar", run, "--item", "the beatles"],
    ] {
      let outcome = try twotower(arguments)
      expectSuccess(outcome)
      #expect(outcome.errors.isEmpty && outcome.outputLines.count > 1, "\(arguments): \(outcome)")
    }
    let file = try folder.write("mine.txt", "acdc\nbeatles\nmuse\nabba\n")
    let rest = try twotower("recommend", run, "--user", "new", "--exclude", file, "--top", "1", "--json")
    expectSuccess(rest)
    #expect((rest.json?["recommendations"] as? [[String: Any]])?.compactMap { $0["id"] as? String } == ["Blur"])
  }
}
