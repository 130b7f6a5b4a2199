import RunTestSupport
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerRecommenders
import TwoTowerServing
import TwoTowerTraining

/// Users without a training row, and items of which nothing is known, in the answers and figures of every kind of model.
struct NewUsersTests {
  private static let models = [
    "{name: neighbours, baseline: {kind: item-neighbors}}",
    "{name: nearest, baseline: {kind: item-neighbors, neighbors: 12}}",
    "{name: ease, baseline: {kind: ease, regularization: 1}}", "{name: ials, baseline: {kind: implicit-als, dimension: 6}}",
    "{name: popularity, baseline: {kind: popularity}}",
    "{name: blend, baseline: {kind: blend, members: [{kind: ease, weight: 1}, {kind: item-neighbors, weight: 1}]}}",
    """
    name: factorization
    labels: binary
    matrix-factorization: {dimension: 4, training: {epochs: 5, batch-size: 0, optimizer: sgd, learning-rate: 1}}
    """,
    """
    name: towers
    retrieval:
      query-tower: {features: [{feature: user-id, dimension: 6}]}
      candidate-tower: {features: [{feature: item-id, dimension: 6}]}
      training: {epochs: 3, batch-size: 32, learning-rate: 0.02}
    """,
    """
    name: history
    retrieval:
      query-tower: {features: [{feature: history, dimension: 6}], hidden-layers: [6]}
      candidate-tower: {features: [{feature: item-id, dimension: 6}]}
      training: {epochs: 3, batch-size: 32, learning-rate: 0.02}
    """,
  ]

  /// Folded in, someone may stand beside an item that hardly anyone has by chance.
  @Test func whoeverIsFoldedInGetsNothingThatHardlyAnyoneHas() throws {
    var (dataset, split) = data()
    // Of item 7 only one row is left.
    let interactions = dataset.interactions
    split.train.removeAll { interactions.items[Int($0)] == 7 && interactions.users[Int($0)] != 1 }
    let text = Self.models.first { $0.contains("name: towers") }!
    let asked = try AskedRun(recipe(text), dataset: dataset, split: split)
    let counts = asked.data.trainingCounts
    let known = Set(counts.indices.filter { counts[$0] > 1 }.map(Int32.init))
    #expect(counts.contains(1) && known.count >= 4)
    let list = try asked.run.recommend(
      to: .likes([Like(item: 0, weight: 1)]), RecommendationRequest(top: known.count - 1))
    #expect(Set(list.map(\.item)) == known.subtracting([0]))
    // A user of the data gets what the model says.
    let user = try asked.run.recommend(to: .user(3), RecommendationRequest(top: 9)).map(\.item)
    #expect(user.contains(7))
  }

  /// Users 0…5 have items 0…7, those of higher numbers less often; users 6…8 have test rows alone. Nobody has item 8 in
  /// training, and item 9 at all.
  private func data() -> (dataset: Dataset, split: Split) {
    var interactions = Interactions()
    var split = Split(train: [], test: [])
    func add(_ user: Int32, _ item: Int32, isTest: Bool = false) {
      if isTest { split.test.append(Int32(interactions.count)) } else { split.train.append(Int32(interactions.count)) }
      interactions.users.append(user)
      interactions.items.append(item)
      interactions.weights.append(1)
    }
    for user: Int32 in 0..<6 {
      for item: Int32 in 0..<8 where (user * 7 + item * 3) % 8 > item / 2 { add(user, item) }
    }
    for user: Int32 in 6..<9 {
      add(user, user - 6, isTest: true)
      add(user, 8, isTest: true)
    }
    let items = IdentifierTable((0..<10).map { "item \($0)" })
    let dataset = Dataset(
      name: "new users", users: IdentifierTable((0..<9).map { "user \($0)" }), items: items,
      itemNames: items.identifiers, interactions: interactions)
    return (dataset, split)
  }

  private func fit(_ text: String, in folder: TemporaryFolder) throws -> Answerer {
    let (dataset, split) = data()
    let recipe = try recipe(text)
    var run = try TrainingRun(
      folder: folder("run"), recipe: recipe, data: prepare(dataset, split: split, recipe: recipe), dataset: "new users",
      files: [], replaces: false)
    _ = try run.train()
    return try Answerer(opening: folder("run"))
  }

  @Test(arguments: models) func newUsersGetWhatMostUsersHaveAndTheFiguresSayIt(text: String) throws {
    let folder = try TemporaryFolder()
    let run = try fit(text, in: folder)
    let counts = try run.knownCounts()
    let popular = (0..<Int32(8)).sorted { (-counts[Int($0)], $0) < (-counts[Int($1)], $1) }
    for user: Int32 in 6..<9 {
      let list = try run.recommend(to: .user(user), RecommendationRequest(top: 10))
      #expect(list.map(\.item) == popular && list.map(\.score) == popular.map { Float(counts[Int($0)]) })
      #expect(try run.popularityReason(for: .user(user)) == .nothingKnown)
    }
    let assessment = try run.evaluate()
    let new = try #require(assessment.newUsers)
    #expect(new.userCount == 3 && new.servedPopularityCount == 3 && new.testUserCount == 3)
    #expect(assessment.json["new_users"]?["served_popularity"] == .integer(3))
    let (model, popularity) = (try #require(assessment.retrieval), try #require(assessment.popularity))
    #expect(model.warm.mrr == popularity.warm.mrr)
  }

  @Test(arguments: models) func itemsOfWhichNothingIsKnownAreInNoAnswer(text: String) throws {
    let folder = try TemporaryFolder()
    let run = try fit(text, in: folder)
    #expect(try run.isUnknown(8) && run.isUnknown(9) && !run.isUnknown(7))
    var request = RecommendationRequest(top: 10)
    request.includesSeen = true
    for query in [Query.user(0), .user(6), .likes([Like(item: 2, weight: 1)]), .likes([Like(item: 9, weight: 1)])] {
      let list = try run.recommend(to: query, request).map(\.item)
      #expect(list.count == 8 && Set(list).isDisjoint(with: [8, 9]), "\(query): \(list)")
    }
    #expect(try run.popularityReason(for: .likes([Like(item: 9, weight: 1)])) == .nothingKnown)
    let ranked = try run.rank([9, 3, 8, 1], for: .user(1))
    #expect(ranked.suffix(2).map(\.item) == [8, 9] && ranked.suffix(2).allSatisfy { $0.score == nil })
    #expect(throws: QuestionError.self) { try run.similarItems(to: 9, measure: run.defaultItemMeasure, top: 3) }
    let alike = try run.similarItems(to: 1, measure: run.defaultItemMeasure, top: 10).map(\.index)
    #expect(Set(alike).isDisjoint(with: [1, 8, 9]))
  }
}
