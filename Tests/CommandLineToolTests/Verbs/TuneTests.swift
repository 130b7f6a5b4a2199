import Foundation
import Testing
import TestSupport

struct TuneTests {
  private let folder: TemporaryFolder
  private let table: String
  private let recipe: String

  init() throws {
    folder = try TemporaryFolder()
    table = folder("plays.csv")
    // Users like items of their own remainder modulo 3.
    var text = "user,item\n"
    for user in 0..<60 { for item in 0..<30 where item % 3 == user % 3 && (user + item) % 4 != 0 { text += "u\(user),i\(item)\n" } }
    try text.write(toFile: table, atomically: true, encoding: .utf8)
    recipe = folder("mine.yaml")
    try """
      name: mine
      baseline: {kind: item-neighbors, neighbors: 0, item-exponent: 2}
      tune: {baseline.item-exponent: [0.25, 0.5, 2]}
      """.write(toFile: recipe, atomically: true, encoding: .utf8)
  }

  @Test func whatIsFoundIsFittedMeasuredAndAsked() throws {
    let output = folder("tuned")
    let arguments = ["tune", recipe, "--data", table, "--trials", "3", "--output", output]
    let tuned = try twotower(arguments)
    expectSuccess(tuned)
    #expect(tuned.output.contains("best: NDCG@20") && tuned.output.contains("recall@20"))
    #expect(tuned.errors.contains("mine") && tuned.errors.contains("item-exponent="))
    #expect(tuned.errors.contains("by NDCG@20 on a tenth of the training rows, drawn at random"))
    let recommended = try twotower("recommend", output + "/run", "--user", "u1", "--json")
    expectSuccess(recommended)
    // The same again finds all trials done.
    let again = try twotower(arguments)
    expectSuccess(again)
    #expect(again.errors.components(separatedBy: "known").count == 4 && again.output == tuned.output)
    let json = try twotower(arguments + ["--json"])
    expectSuccess(json)
    #expect((json.json?["trials"] as? [Any])?.count == 3 && json.json?["validation_ndcg_at_20"] is Double)
    // Another seed is another tuning.
    expectRefusal(try twotower(arguments + ["--seed", "2"]), status: 65, "trials.json", "--output")
  }

  @Test func fitTunesInOneGo() throws {
    let fit = try twotower(
      "fit", "--recipe", recipe, "--data", table, "--tune", "20s", "--output", folder("run"))
    expectSuccess(fit)
    #expect(fit.errors.contains("best: NDCG@20") && fit.output.contains("recall@20"))
    expectUsageError(
      try twotower("fit", "--recipe", recipe, "--data", table, "--tune", "soon", "--output", folder("other")), "--tune")
  }

  @Test func badInputIsRefusedBeforeAnythingIsTried() throws {
    try "name: x\nbaseline: {kind: ease}\ntune: {baseline.regularisation: [1]}\n".write(
      toFile: recipe, atomically: true, encoding: .utf8)
    expectRefusal(
      try twotower("tune", recipe, "--data", table, "--output", folder("a")), status: 65, "regularisation",
      "did you mean 'regularization'?")
    try "name: x\nranking: {query-tower: {features: [{feature: user-id}]}, candidate-tower: {features: [{feature: item-id}]}}\n".write(toFile: recipe, atomically: true, encoding: .utf8)
    expectRefusal(
      try twotower("tune", recipe, "--data", table, "--output", folder("a")), status: 65, "no task that retrieves")
    expectUsageError(try twotower("tune", "ease", "ease", "--data", table), "given twice")
    expectUsageError(try twotower("tune", "ease", "--trials", "0"), "--trials")
    // A folder with something else in it stays as it is.
    expectRefusal(
      try twotower("tune", "ease", "--data", table, "--output", folder("")), status: 73, "no trials.json")
  }
}
