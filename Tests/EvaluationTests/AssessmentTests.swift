import RunTestSupport
import Testing
import TwoTowerAutodiff
import TwoTowerEvaluation
import TwoTowerFeatures
import TwoTowerRecommenders
import TwoTowerTraining

/// Figures of a run with validation rows, counted again from its scores and rows alone.
struct AssessmentTests {
  private let data: TowerData
  private let recommender: any Recommender
  private let assessment: Assessment

  init() throws {
    let recipe = try smallRecipe([("validation.share", "0.4"), ("ranking.training.epochs", "1")])
    let outcome = try train(recipe)
    data = outcome.data
    recommender = try #require(outcome.models.recommender(on: data))
    assessment = try assess(data, recommender: recommender, models: outcome.models, seed: 1)
  }

  @Test func vectorsThatHaveCollapsedAreWarnedOfInEveryWay() throws {
    #expect(!assessment.warnings.contains { $0.kind == .vectorsAlike })
    let collapsed = CollapsedRecommender(userCount: data.userCount, itemCount: data.itemCount)
    let warnings = try assess(data, recommender: collapsed, models: nil, seed: 1, cutoffs: RetrievalCutoffs(at: [5]))
      .warnings
    #expect(warnings.map(\.kind) == [.belowPopularity, .listsAlike, .vectorsAlike])
  }

  private func items(_ rows: [LabeledPairs], of user: Int32) -> Set<Int32> {
    Set(rows.flatMap { pairs in pairs.users.indices.filter { pairs.users[$0] == user }.map { pairs.items[$0] } })
  }

  /// Top-10 accuracy and recall@20 where each user is shown what they have not seen in `rows`, by `scores`.
  private func count(
    seen rows: [LabeledPairs], scores: (_ user: Int32) -> [Float]
  ) -> (top10: Double, recall20: Double) {
    var hits = 0
    var recalls: [Double] = []
    for user in 0..<Int32(data.userCount) {
      let tested = items([data.test], of: user)
      guard !tested.isEmpty else { continue }
      let seen = items(rows, of: user)
      let scores = scores(user)
      let ranks = tested.map { item in
        scores.indices.count { $0 != Int(item) && !seen.contains(Int32($0)) && scores[$0] >= scores[Int(item)] }
      }
      hits += ranks.count { $0 < 10 }
      recalls.append(Double(ranks.count { $0 < 20 }) / Double(tested.count))
    }
    return (Double(hits) / Double(data.test.count), recalls.reduce(0, +) / Double(recalls.count))
  }

  @Test func validationRowsAreSeenWhenTestRowsAreMeasured() throws {
    let all = (0..<Int32(data.itemCount)).map { $0 }
    func scores(_ user: Int32) -> [Float] { recommender.scorer.scores(of: user, items: all).map(\.score) }
    let metrics = try #require(assessment.retrieval?.seenExcluded)
    let expected = count(seen: [data.training, data.validation], scores: scores)
    #expect(abs(try #require(metrics.topKCategoricalAccuracy[10]) - expected.top10) < 1e-9)
    #expect(abs(try #require(metrics.recall[20]) - expected.recall20) < 1e-9)
    let unseen = count(seen: [data.training], scores: scores)
    #expect(expected.top10 - unseen.top10 > 0.01 && expected.recall20 - unseen.recall20 > 0.01)
  }

  @Test func popularityCountsValidationRows() throws {
    var counts = [Float](repeating: 0, count: data.itemCount)
    for item in data.training.items + data.validation.items { counts[Int(item)] += 1 }
    let expected = count(seen: [data.training, data.validation]) { _ in counts }
    // Of its many ties, lists show some and ranks count all: only ranks are recounted here.
    let metrics = try #require(assessment.popularity?.seenExcluded)
    #expect(abs(try #require(metrics.topKCategoricalAccuracy[10]) - expected.top10) < 1e-9)
  }

  @Test func theConstantPredictionKnowsValidationLabels() throws {
    func error(_ labels: [Float]) -> Double {
      let mean = labels.reduce(0.0) { $0 + Double($1) } / Double(labels.count) * Double(data.heldOutFactors.plain)
      let squares = data.test.labels.map { (mean - Double($0)) * (mean - Double($0)) }
      return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }
    let found = try #require(assessment.ranking?.constantRMSE)
    #expect(abs(found - error(data.training.labels + data.validation.labels)) < 1e-9)
    #expect(abs(found - error(data.training.labels)) > 1e-7)
  }
}

/// Everybody likes the same items, those with the greatest numbers, and all items look alike.
private struct CollapsedRecommender: Recommender {
  static let kind = "collapsed"

  let userCount, itemCount: Int
  var parameterCount: Int { 0 }
  var tensors: [String: StoredArray] { [:] }
  var vectors: RetrievalVectors? {
    RetrievalVectors(
      queries: Tensor([userCount, 2], (0..<userCount).flatMap { _ in [1, 1] as [Float] }),
      candidates: Tensor([itemCount, 2], (0..<itemCount).flatMap { [1, Float($0) / 1000] }))
  }
  var scorer: any CandidateScorer { vectors!.scorer }

  init(userCount: Int, itemCount: Int) {
    self.userCount = userCount
    self.itemCount = itemCount
  }

  init(loading source: any RecommenderSource) throws { fatalError("it is never written") }

  func scorer(for people: EncodedPeople) throws -> any CandidateScorer { scorer }
}
