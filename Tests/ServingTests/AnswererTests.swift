import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerRuns
import TwoTowerServing
import TwoTowerTraining

struct AnswererTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func finished(_ recipe: Recipe) throws -> (run: Answerer, data: TowerData, assessment: Assessment) {
    var run = try smallRun(recipe, in: folder("run"))
    let assessment = try #require(try run.train())
    return (try Answerer(opening: folder("run")), run.data, assessment)
  }

  @Test func itAnswersAsTheModelsDidWhenTheyWereTrained() throws {
    let (run, data, assessment) = try finished(smallRecipe())
    #expect(try run.evaluate().json == assessment.json)
    #expect(run.userIdentifiers == data.userIdentifiers && run.itemNames == data.itemNames)
    #expect(run.hasRanking && run.itemCount == data.itemCount)
  }

  @Test func anUnfinishedRunIsNotAsked() throws {
    var run = try smallRun(smallRecipe(), in: folder("run"))
    #expect(try run.train(steps: 3) == nil)
    #expect(throws: QuestionError.unfinished(folder("run"))) { try Answerer(opening: folder("run")) }
  }

  @Test func recommendationsAreInOrderAndUnseen() throws {
    let (run, data, _) = try finished(smallRecipe([("validation.share", "0.2")]))
    for user: Int32 in [0, 7, 59] {
      let seen = zip(data.training.users + data.validation.users, data.training.items + data.validation.items)
        .filter { $0.0 == user }.map(\.1).sorted()
      #expect(try run.seenItems(of: user) == seen)
      let items = try run.recommend(to: .user(user), request(top: 10))
      #expect(items.count == 10 && Set(items.map(\.item)).count == 10)
      #expect(items.allSatisfy { !seen.contains($0.item) && $0.prediction == nil })
      #expect(zip(items, items.dropFirst()).allSatisfy { $0.score! >= $1.score! })
      let all = try run.recommend(to: .user(user), request(top: 1000, includesSeen: true))
      #expect(all.map(\.item).sorted() == (0..<Int32(data.itemCount)).map { $0 })
      #expect(all.filter { !seen.contains($0.item) }.prefix(10).map(\.item) == items.map(\.item))
      let reranked = try run.recommend(to: .user(user), request(top: 5, reranks: true))
      #expect(reranked.count == 5 && zip(reranked, reranked.dropFirst()).allSatisfy { $0.reranked! >= $1.reranked! })
      #expect(reranked.allSatisfy { $0.score != nil && $0.prediction != nil })
      #expect(reranked.allSatisfy { !seen.contains($0.item) })
    }
  }

  @Test func rerankedListsAreThoseThatAreMeasured() throws {
    var training = try smallRun(smallRecipe(), in: folder("run"))
    let names = RerankingInputs(
      try #require(ModelSet(training.recipe.models, data: training.data).ranking), data: training.data
    ).names
    training.reranker = Reranker(names: names, weights: names.map { ["prediction": 2, "popularity": -1][$0] ?? 0 })
    let assessment = try #require(try training.train())
    let measured = try #require(assessment.reranked?.seenExcluded)
    let (run, data) = (try Answerer(opening: folder("run")), training.data)
    #expect(run.knowsHowToRerank)
    #expect(try run.evaluate().reranked?.seenExcluded == measured)
    var recalls: [Double] = []
    for user in Set(data.test.users) {
      let tests = Set(zip(data.test.users, data.test.items).filter { $0.0 == user }.map(\.1))
      let list = try run.recommend(to: .user(user), request(top: 20, reranks: true)).map(\.item)
      recalls.append(Double(tests.intersection(list).count) / Double(tests.count))
    }
    let recall = recalls.reduce(0, +) / Double(recalls.count)
    #expect(abs(recall - measured.recall[20]!) < 1e-9)
    let plain = try #require(try run.evaluate().retrieval?.seenExcluded.recall[20])
    #expect(abs(recall - plain) > 0.001, "the order is another one")
  }

  @Test func aRunThatDidNotLearnHowKeepsTheOrderOfRetrieval() throws {
    let (run, _, assessment) = try finished(smallRecipe())
    #expect(assessment.reranked == nil && !run.knowsHowToRerank)
    let plain = try run.recommend(to: .user(7), request(top: 20)).map(\.item)
    #expect(try run.recommend(to: .user(7), request(top: 20, reranks: true)).map(\.item) == plain)
    let measured = try run.evaluate(reranks: true)
    #expect(measured.reranked?.seenExcluded == measured.retrieval?.seenExcluded)
  }

  @Test func aRerankerOfAnotherModelIsRefused() throws {
    _ = try finished(smallRecipe([("validation.share", "0.2")]))
    try rewrite("model.json", in: folder("run")) { $0.replacing("popularity", with: "fame") }
    #expect(throws: CheckpointError.self) {
      try Answerer(opening: folder("run")).recommend(to: .user(7), request(top: 5, reranks: true))
    }
    try rewrite("model.json", in: folder("run")) { $0.replacing("\"fame\",", with: "") }
    #expect(throws: CheckpointError.self) {
      try Answerer(opening: folder("run")).recommend(to: .user(7), request(top: 5, reranks: true))
    }
  }

  @Test func itemsAreRankedByThePredictionWithPairFeatures() throws {
    let recipe = try smallRecipe()
    let (run, data, _) = try finished(recipe)
    let items: [Int32] = [5, 0, 69, 12]
    let ranked = try run.rank(items, for: .user(3))
    #expect(Set(ranked.map(\.item)) == Set(items))
    let models = try train(recipe, data: data).models
    let expected = models.rankingWithPairs!.predictions(
      for: LabeledPairs(users: [3, 3, 3, 3], items: items, labels: [0, 0, 0, 0]), data: data)
    for item in ranked { #expect(item.prediction == expected[items.firstIndex(of: item.item)!]) }
    #expect(zip(ranked, ranked.dropFirst()).allSatisfy { $0.prediction! >= $1.prediction! })
    #expect(try run.rank([], for: .user(3)).isEmpty)
  }

  @Test func withoutARankingTaskItemsAreRankedByRetrieval() throws {
    let recipe = try modelRecipe(
      "reference-retrieval", [("retrieval.training.epochs", "1"), ("retrieval.training.batch-size", "300")])
    let (run, _, assessment) = try finished(recipe)
    #expect(assessment.ranking == nil && assessment.retrieval != nil)
    let scores = try run.recommend(to: .user(3), request(top: 70, includesSeen: true))
    let ranked = try run.rank([5, 0, 69], for: .user(3))
    #expect(ranked.map(\.item) == scores.map(\.item).filter { [5, 0, 69].contains($0) })
    #expect(throws: QuestionError.noRanking(folder("run"))) {
      try run.recommend(to: .user(3), request(top: 5, reranks: true))
    }
    #expect(throws: QuestionError.noRanking(folder("run"))) { try run.evaluate(reranks: true) }
  }

  @Test func withoutARetrievalTaskNothingIsRecommended() throws {
    let recipe = try modelRecipe("ranking", [("ranking.training.epochs", "1"), ("ranking.hidden-layers", "[8]")])
    let (run, _, assessment) = try finished(recipe)
    #expect(assessment.retrieval == nil && assessment.popularity == nil && assessment.rankingWithPairs?.rmse != nil)
    #expect(throws: QuestionError.noRetrieval(folder("run"))) {
      try run.recommend(to: .user(3), request(top: 5))
    }
    #expect(throws: QuestionError.noRetrieval(folder("run"))) { try run.exportNpy(to: folder("npy")) }
    #expect(try run.rank([1, 2], for: .user(3)).count == 2)
  }

  @Test func manyWhoAskAtOnceGetTheAnswersOfOneWhoAsksAlone() async throws {
    _ = try finished(smallRecipe())
    let path = folder("run")
    /// Everything that can be asked, in an order of its own.
    @Sendable func answers(_ run: Answerer, startingAt start: Int) throws -> [String] {
      let likes = Query.likes([Like(item: 3, weight: 2), Like(item: 40, weight: 9)])
      let questions: [() throws -> Any] = [
        { try run.recommend(to: .user(7), request(top: 10)) },
        { try run.recommend(to: likes, request(top: 10)) },
        { try run.recommend(to: .user(7), request(top: 5, reranks: true)) },
        { try run.rank([5, 0, 69, 12], for: .user(3)) },
        { try run.similarItems(to: 4, measure: .combined, top: 5) },
        { try run.similarUsers(to: likes, measure: .dot, top: 5) },
        { try run.explain([1, 2], for: likes) },
        { try run.items().items(withPart: "a").prefix(5) },
        { try run.evaluate().json.text() },
      ]
      var answers = [String](repeating: "", count: questions.count)
      for place in questions.indices {
        let question = (start + place) % questions.count
        answers[question] = "\(try questions[question]())"
      }
      return answers
    }
    let alone = try answers(Answerer(opening: path), startingAt: 0)
    #expect(Set(alone).count == alone.count)
    let run = try Answerer(opening: path)
    try await withThrowingTaskGroup(of: [String].self) { group in
      for task in 0..<8 { group.addTask { try answers(run, startingAt: task) } }
      for try await together in group { #expect(together == alone) }
    }
  }

  @Test func someUsersCanStandForAll() throws {
    let (run, data, assessment) = try finished(smallRecipe())
    let all = Set(data.test.users).count
    let some = try run.evaluate(userLimit: 5)
    #expect(some.drawnUsers?.evaluated == 5 && some.drawnUsers?.all == all)
    #expect(some.retrieval?.userCount == 5 && some.popularity?.userCount == 5)
    #expect(some.json["evaluated_users"] == .integer(5) && some.json["test_users"] == .integer(all))
    #expect(try run.evaluate(userLimit: 5).json == some.json)
    #expect(try run.evaluate(userLimit: all).json == assessment.json && assessment.drawnUsers == nil)
  }

  @Test func embeddingsAreExportedWithTheirIdentifiers() throws {
    let (run, data, _) = try finished(smallRecipe())
    try run.exportNpy(to: folder("npy"))
    let users = String(decoding: try contents(of: folder("npy/query_ids.txt")), as: UTF8.self)
    #expect(users == data.userIdentifiers.map { $0 + "\n" }.joined())
    let bytes = try contents(of: folder("npy/candidate_embeddings.npy"))
    #expect(bytes.count == 128 + data.itemCount * 8 * 4)
  }
}
