import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerEvaluation
import TwoTowerFeatures
import TwoTowerFiles
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerServing
import TwoTowerTraining

/// People who were held out whole and are known by what is given of them when they ask.
struct UnseenUsersTests {
  private static let history = """
    name: history
    features: {minimum-tag-count: 1}
    data: {holdout-users: 0.25, given: 0.8}
    retrieval:
      query-tower:
        features: [{feature: history, dimension: 8, identifier-dropout: 0.2}, {feature: history-tags, dimension: 8}]
        hidden-layers: [16, 8]
      candidate-tower:
        combine: sum
        features: [{feature: item-id, dimension: 8, initial-deviation: 0.1}, {feature: tags, dimension: 8}]
      similarity: cosine
      temperature: 0.3
      mask: history
      training: {epochs: 30, batch-size: 64, learning-rate: 0.02}
    """

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func heldOut(_ split: Split, of dataset: Dataset, _ recipe: Recipe) throws -> Split {
    try holdOutUsers(
      share: recipe.data.holdoutUsers, given: recipe.data.given, seed: recipe.seed, from: split, dataset: dataset)
  }

  private func run(_ recipe: Recipe, in name: String) throws -> TrainingRun {
    let (dataset, split) = Checkerboard.dataset()
    let rest = try heldOut(split, of: dataset, recipe)
    return try TrainingRun(
      folder: folder(name), recipe: recipe, data: prepare(dataset, split: rest, recipe: recipe),
      dataset: "checkerboard", files: [], replaces: false)
  }

  @Test func whatIsHiddenIsFoundByWhatIsGiven() throws {
    var run = try run(recipe(Self.history), in: "run")
    #expect(run.data.hidden.count > 0 && run.data.given.count > run.data.hidden.count)
    let fitted = try run.train(stopSignal: { nil }, report: { _ in }, evaluating: {})
    let report = try #require(fitted.unseenUsers)
    #expect(report.model.userCount == 6 && report.givenRowCount == run.data.given.count)
    #expect(report.model.rowCount == run.data.hidden.count)
    let recall = try #require(report.model.seenExcluded.recall[20])
    let top5 = try #require(report.model.seenExcluded.topKCategoricalAccuracy[5])
    #expect(recall == 1 && top5 > 0.95, "recall \(recall), top-5 \(top5)")
    #expect(try #require(report.popularity.seenExcluded.topKCategoricalAccuracy[5]) < 0.7)
    #expect(try #require(report.implicitALS.seenExcluded.topKCategoricalAccuracy[5]) > 0.9)

    let finished = try Answerer(opening: folder("run"))
    #expect(try finished.evaluate().json.text() == fitted.json.text())
    #expect(fitted.json["unseen_users"]?["ials_fold_in"]?["seen_excluded"]?["recall"] != nil)
    let user = try #require(run.data.hidden.users.first)
    let given = Set(zip(run.data.given.users, run.data.given.items).filter { $0.0 == user }.map(\.1))
    #expect(try Set(finished.seenItems(of: user)) == given)
    let best = try finished.recommend(to: .user(user), RecommendationRequest(top: 2)).map(\.item)
    #expect(best.allSatisfy { $0 % 2 == user % 2 && !given.contains($0) })
  }

  @Test func aResumedRunEndsWithTheSameBytes() throws {
    let recipe = try recipe(Self.history)
    var whole = try run(recipe, in: "whole")
    _ = try whole.train()
    var resumed = try run(recipe, in: "resumed")
    #expect(try resumed.train(steps: 17) == nil)
    resumed = try TrainingRun(resuming: folder("resumed"))
    #expect(try resumed.train() != nil)
    for file in ["model.safetensors", "metrics.json", "data.safetensors", "encoder.safetensors", "seen.safetensors"] {
      #expect(try contents(of: folder("whole/\(file)")) == contents(of: folder("resumed/\(file)")), "\(file)")
    }
  }

  @Test(arguments: baselineTypes.map { $0.kind }) func baselinesAnswerToo(kind: String) throws {
    let text = "name: baseline\ndata: {holdout-users: 0.25}\nbaseline: {kind: \(kind)}"
    var run = try run(recipe(text), in: "run")
    let fitted = try run.train(stopSignal: { nil }, report: { _ in }, evaluating: {})
    let report = try #require(fitted.unseenUsers)
    let top5 = try #require(report.model.seenExcluded.topKCategoricalAccuracy[5])
    if kind == Popularity.kind {
      #expect(report.model.seenExcluded == report.popularity.seenExcluded)
    } else {
      #expect(top5 > 0.9, "\(kind): top-5 \(top5)")
    }
    #expect(try Answerer(opening: folder("run")).evaluate().json.text() == fitted.json.text())
  }

  // MARK: - What is served is what is measured

  /// The recipes that take users held out whole, with what makes them short.
  private static let served: [(name: String, settings: [[String]])] = [
    ("ease", []), ("item-neighbors", []), ("popularity", []), ("implicit-als", [["baseline.dimension", "8"]]),
    ("ease", [["baseline.weights", "labels"]]), ("item-neighbors", [["baseline.weights", "labels"]]),
    ("popularity", [["baseline.weights", "labels"]]),
    ("implicit-als", [["baseline.dimension", "8"], ["baseline.weights", "labels"]]),
    ("history", [["retrieval.training.epochs", "2"]]),
    ("movielens", [["retrieval.training.epochs", "2"], ["ranking.training.epochs", "1"]]),
  ]

  @Test(arguments: served.indices) func metricsAreThoseOfTheListsThatAreServed(place: Int) throws {
    let (name, settings) = Self.served[place]
    let recipe = try modelRecipe(
      name, settings.map { (path: $0[0], value: $0[1]) } + [("data.holdout-users", "0.25"), ("labels", "log")])
    let (dataset, split) = try smallSample.get()
    var run = try TrainingRun(
      folder: folder("run"), recipe: recipe,
      data: prepare(dataset, split: heldOut(split, of: dataset, recipe), recipe: recipe), dataset: "small", files: [],
      replaces: false)
    let fitted = try run.train()
    let report = try #require(fitted?.unseenUsers?.model.seenExcluded)
    let answerer = try Answerer(opening: folder("run"))
    let hidden = Dictionary(grouping: zip(run.data.hidden.users, run.data.hidden.items), by: \.0).mapValues { $0.map(\.1) }
    #expect(hidden.count > 10)

    let everything = RecommendationRequest(top: run.data.itemCount)
    var (recall, ndcg, hits, reciprocalRanks, rowCount) = (0.0, 0.0, [5: 0.0, 10: 0.0], 0.0, 0.0)
    var lists = Set<[Int32]>()
    for (user, items) in hidden {
      let list = try answerer.recommend(to: .user(user), everything)
      lists.insert(list.map(\.item))
      let top = list.prefix(20).map { items.contains($0.item) }
      recall += Double(top.count { $0 }) / Double(items.count)
      let gains = top.enumerated().filter(\.element).map { 1 / log2(Double($0.offset + 2)) }
      ndcg += gains.reduce(0, +) / (0..<min(20, items.count)).reduce(0) { $0 + 1 / log2(Double($1 + 2)) }
      for item in items {
        let score = try #require(list.first { $0.item == item }?.score)
        // Of equals, a hidden item stands last.
        let rank = list.count { $0.score! >= score } - 1
        for k in [5, 10] where rank < k { hits[k]! += 1 }
        reciprocalRanks += 1 / Double(rank + 1)
        rowCount += 1
      }
      // By what is given, as someone who is not in the data.
      let row = run.data.givenHistory.range(of: Int(user))
      let likes = row.map {
        Like(item: run.data.givenHistory.indices[$0], weight: run.data.givenHistory.weights[$0])
      }
      #expect(try answerer.recommend(to: .likes(likes), everything).map(\.item) == list.map(\.item), "user \(user)")
    }
    let users = Double(hidden.count)
    #expect(abs(try #require(report.recall[20]) - recall / users) < 1e-9)
    #expect(abs(try #require(report.ndcg[20]) - ndcg / users) < 1e-9)
    for k in [5, 10] { #expect(abs(try #require(report.topKCategoricalAccuracy[k]) - hits[k]! / rowCount) < 1e-9) }
    #expect(abs(try #require(report.mrr) - reciprocalRanks / rowCount) < 1e-9)
    // Without what is given, all of them would be the same to the model.
    #expect(lists.count > hidden.count / 2)
  }

  // MARK: - Leakage

  /// What training sees is the same whether held-out users exist or not.
  @Test func nothingOfThemReachesTraining() throws {
    let (dataset, split) = try smallSample.get()
    let recipe = try recipe(Self.history, [("labels", "log")])
    let rest = try heldOut(split, of: dataset, recipe)
    let data = try prepare(dataset, split: rest, recipe: recipe)
    let users = Set(rest.hidden.map { dataset.interactions.users[Int($0)] })
    #expect(users.count > 5)

    var without = dataset.withoutTagsAndFriends(of: users)
    for row in rest.given + rest.hidden { without.interactions.weights[Int(row)] = 1e6 }
    let alone = try prepare(without, split: Split(train: rest.train, test: rest.test), recipe: recipe)
    #expect(data.training == alone.training && data.test == alone.test)
    for (feature, other) in zip(data.features, alone.features) {
      #expect(feature.withheld == other.withheld && feature.perTrainingRow == other.perTrainingRow, "\(feature.name)")
      if FeatureName(rawValue: feature.name)?.entity == .item { #expect(feature == other, "\(feature.name)") }
    }
    #expect(data.encoder == alone.encoder)
    #expect(try train(recipe, data: data).bits == train(recipe, data: alone).bits)
  }

  @Test func whatIsHiddenReachesNoFeature() throws {
    let (dataset, split) = try smallSample.get()
    let recipe = try recipe(Self.history, [("labels", "log")])
    let rest = try heldOut(split, of: dataset, recipe)
    var changed = rest
    changed.hidden = []
    let data = try prepare(dataset, split: rest, recipe: recipe)
    var unhidden = try prepare(dataset, split: changed, recipe: recipe)
    #expect(data.features == unhidden.features && data.encoder == unhidden.encoder)
    #expect(data.givenHistory == unhidden.givenHistory)
    changed.given = []
    unhidden = try prepare(dataset, split: changed, recipe: recipe)
    #expect(data.features != unhidden.features, "what is given is seen when they ask")
  }

  @Test func whatIsGivenIsKeptWithItsWeights() throws {
    let (dataset, split) = try smallSample.get()
    let recipe = try recipe(Self.history)
    let rest = try heldOut(split, of: dataset, recipe)
    let data = try prepare(dataset, split: rest, recipe: recipe)
    #expect(data.givenHistory.rowCount == data.userCount && data.givenHistory.indices.count == rest.given.count)
    for row in rest.given.map({ Int($0) }) {
      let (user, item) = (dataset.interactions.users[row], dataset.interactions.items[row])
      let entry = try #require(data.givenHistory.entry(row: Int(user), index: item))
      #expect(data.givenHistory.weights[entry] == dataset.interactions.weights[row])
    }
    // By the road of anyone who asks: what they have as users of the data, and the labels that are kept.
    let people = data.encoder.encode(histories: data.givenHistory)
    let users = Set(data.given.users)
    for name in [FeatureName.history, .historyTags] {
      let feature = try #require(data.features.first { $0.name == name.rawValue })
      guard case .bags(let all, _) = feature.entity, case .bags(let own, _)? = people.features[name.rawValue] else {
        Issue.record("\(name.rawValue) is no bag")
        continue
      }
      #expect(all.selecting(users.sorted()) == own.selecting(users.sorted()), "\(name.rawValue)")
    }
    for (place, user) in data.given.users.enumerated() {
      let entry = try #require(people.labels.entry(row: Int(user), index: data.given.items[place]))
      #expect(people.labels.weights[entry] == data.given.labels[place])
    }
  }

  // MARK: - Recipes

  @Test(arguments: [
    ("data.holdout-users", "1"), ("data.holdout-users", "-0.1"), ("data.given", "0"), ("data.given", "1"),
  ]) func sharesOutOfRangeAreRefused(path: String, value: String) {
    let error = #expect(throws: RecipeError.self) { try recipe(Self.history, [(path, value)]) }
    #expect(error?.description.contains(path) == true)
  }

  @Test(arguments: ["retrieval", "ranking", "matrix-factorization"]) func towersThatKnowOnlyTheirUsersAreRefused(name: String) {
    let error = #expect(throws: RecipeError.self) { try modelRecipe(name, [("data.holdout-users", "0.2")]) }
    #expect(error?.description.contains("'history'") == true)
  }
}
