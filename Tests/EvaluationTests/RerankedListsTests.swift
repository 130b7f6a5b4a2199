import RunTestSupport
import Testing
import TwoTowerEvaluation
import TwoTowerKernels
import TwoTowerRecommenders
import TwoTowerTraining

/// Counted again, from the scores of all items and the rows of every list.
struct RerankedListsTests {
  private let data: TowerData
  private let models: ModelSet
  private let scorer: any CandidateScorer
  private let inputs: RerankingInputs

  init() throws {
    let outcome = try train(try smallRecipe())
    (data, models) = (outcome.data, outcome.models)
    scorer = try #require(models.recommender(on: data)).scorer
    inputs = RerankingInputs(try #require(models.ranking), data: data)
  }

  private func assessed(_ reranker: Reranker?) throws -> Assessment {
    try assess(data, recommender: models.recommender(on: data), models: models, reranker: reranker, seed: 1)
  }

  @Test func theOrderOfRetrievalHasItsFigures() throws {
    let assessment = try assessed(Reranker(keepingOrderOf: inputs.names))
    #expect(assessment.reranked?.seenExcluded == assessment.retrieval?.seenExcluded)
    #expect(assessment.json["reranked"] == assessment.json["retrieval"]?["seen_excluded"])
    #expect(try assessed(nil).reranked == nil)
  }

  @Test func theFiguresAreOfTheNewOrder() throws {
    let reranker = Reranker(names: inputs.names, weights: inputs.names.map { $0 == "prediction" ? 1 : 0 })
    let figures = try #require(try assessed(reranker).reranked?.seenExcluded)
    var (hits, tests, recalls, users) = (0.0, 0.0, 0.0, 0.0)
    for user in 0..<Int32(data.userCount) {
      let found = Set(zip(data.test.users, data.test.items).filter { $0.0 == user }.map(\.1))
      if found.isEmpty { continue }
      let seen = Set(zip(data.training.users, data.training.items).filter { $0.0 == user }.map(\.1))
      // There are fewer items than a reranked list is long: all are put in order.
      #expect(data.itemCount < Reranker.depth)
      let items = try scorer.retrieve(data.itemCount, for: [Int(user)]) { _ in seen.sorted() }[0].items
      let pairs = LabeledPairs(users: items.map { _ in user }, items: items, labels: items.map { _ in 0 })
      let predictions = models.ranking!.predictions(for: pairs, data: data)
      let order = items.indices.sorted { (predictions[$1], $0) < (predictions[$0], $1) }.map { items[$0] }
      hits += Double(order.prefix(10).count(where: found.contains))
      recalls += Double(order.prefix(20).count(where: found.contains)) / Double(found.count)
      (tests, users) = (tests + Double(found.count), users + 1)
    }
    #expect(abs(try #require(figures.recall[20]) - recalls / users) < 1e-9)
    #expect(abs(try #require(figures.topKCategoricalAccuracy[10]) - hits / tests) < 1e-9)
  }

  @Test func eachNumberOfAListHasOneScale() throws {
    let lists = try scorer.retrieve(9, for: [3, 8]) { _ in [] }
    for (list, rows) in zip(lists, inputs.rows(of: lists)) {
      #expect(rows.predictions.count == 9 && rows.values.count == 9 * inputs.width)
      let scores = stride(from: 0, to: rows.values.count, by: inputs.width).map { rows.values[$0] }
      #expect(scores == scores.sorted(by: >), "the first is the retrieval score of user \(list.user)")
      for column in 0..<inputs.width {
        let values = stride(from: column, to: rows.values.count, by: inputs.width).map { Double(rows.values[$0]) }
        let (mean, square) = (values.reduce(0, +) / 9, values.reduce(0) { $0 + $1 * $1 } / 9)
        #expect(abs(mean) < 1e-5 && (abs(square - 1) < 1e-4 || square == 0), "\(inputs.names[column])")
      }
      // Alone or together, a list has the same numbers.
      // Alone or together, a list has the same numbers, but for rounding in products of other sizes.
      let alone = inputs.rows(of: [list])[0].values
      #expect(Bool(zip(alone, rows.values).allSatisfy { abs($0 - $1) < 1e-3 }))
    }
  }
}
