import Foundation
import RunTestSupport
import Testing
import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders
import TwoTowerTraining

struct PrepareTests {
  private let dataset: Dataset
  private let split: Split

  init() throws { (dataset, split) = try smallSample.get() }

  private func prepared(_ recipe: Recipe, _ dataset: Dataset? = nil) throws -> TowerData {
    try prepare(dataset ?? self.dataset, split: split, recipe: recipe)
  }

  /// The data with other weights and other tags for the given rows' pairs.
  private func changed(_ rows: [Int32]) -> Dataset {
    var dataset = dataset
    let interactions = dataset.interactions
    let pairs = Set(rows.map { [interactions.users[Int($0)], interactions.items[Int($0)]] })
    for row in rows { dataset.interactions.weights[Int(row)] = Float(1 + row % 1000) * 17 }
    var tags = TagAssignments()
    func append(_ user: Int32, _ item: Int32, _ tag: Int32, _ time: Int64) {
      tags.users.append(user)
      tags.items.append(item)
      tags.tags.append(tag)
      tags.timestamps.append(time)
    }
    let old = dataset.tagAssignments
    for i in 0..<old.count where !pairs.contains([old.users[i], old.items[i]]) {
      append(old.users[i], old.items[i], old.tags[i], old.timestamps[i])
    }
    for (place, row) in rows.enumerated() where place % 2 == 0 {
      append(interactions.users[Int(row)], interactions.items[Int(row)], Int32(place % dataset.tagNames.count), 1_300_000_000_000)
    }
    dataset.tagAssignments = tags
    return dataset
  }

  @Test func rowsAreDealtOutOnce() throws {
    let data = try prepared(smallRecipe([("validation.share", "0.25")]))
    #expect(data.validation.count == Int((0.25 * Double(split.train.count)).rounded()))
    func pairs(_ pairs: LabeledPairs) -> [[Int32]] { zip(pairs.users, pairs.items).map { [$0, $1] } }
    func pairs(_ rows: [Int32]) -> [[Int32]] {
      rows.map { [dataset.interactions.users[Int($0)], dataset.interactions.items[Int($0)]] }
    }
    let training = pairs(data.training) + pairs(data.validation)
    #expect(training.count == split.train.count && Set(training) == Set(pairs(split.train)))
    #expect(pairs(data.test) == pairs(split.test))
    #expect(try prepared(smallRecipe()).validation.count == 0)
  }

  @Test func labelsAreScaledByTrainingRowsAndThoseOfTestRowsByAll() throws {
    let data = try prepared(smallRecipe([("validation.share", "0.25")]))
    let weights = dataset.interactions.weights
    func norms(_ rows: some Sequence<Int>) -> [Double] {
      var squares = [Double](repeating: 0, count: dataset.users.count)
      for row in rows { squares[Int(dataset.interactions.users[row])] += Double(weights[row]) * Double(weights[row]) }
      return squares.map { $0.squareRoot() }
    }
    func row(_ user: Int32, _ item: Int32) -> Int {
      zip(dataset.interactions.users, dataset.interactions.items).enumerated().first { $0.element == (user, item) }!.offset
    }
    let trainingRows = zip(data.training.users, data.training.items).map(row)
    let training = norms(trainingRows)
    let all = norms(weights.indices)
    for (pairs, norms) in [(data.training, training), (data.validation, training), (data.test, all)] {
      for place in pairs.users.indices where norms[Int(pairs.users[place])] > 0 {
        let weight = Double(weights[row(pairs.users[place], pairs.items[place])])
        let norm = norms[Int(pairs.users[place])]
        // A validation row is scaled as if it had been trained on too.
        let expected = weight / (pairs == data.validation ? (norm * norm + weight * weight).squareRoot() : norm)
        #expect(abs(Double(pairs.labels[place]) - expected) < 1e-6 * max(1, expected))
      }
    }
    #expect(data.encoder.labelScaler.scaling == .perUserL2)
    #expect(data.heldOutFactors.plain > 0.5 && data.heldOutFactors.plain < 1)
  }

  @Test func validationRowsAreHeldOutOfTheFeatures() throws {
    let recipe = try smallRecipe([("validation.share", "0.25")])
    let before = try prepared(recipe)
    let rows = split.train.filter { row in
      zip(before.validation.users, before.validation.items).contains {
        $0 == (dataset.interactions.users[Int(row)], dataset.interactions.items[Int(row)])
      }
    }
    #expect(rows.count == before.validation.count)
    let after = try prepared(recipe, changed(rows))
    #expect(Bool(after.features == before.features && after.training == before.training))
    #expect(Bool(after.encoder == before.encoder))
    #expect(after.validation.labels != before.validation.labels)
  }

  @Test func whatIsHeldOutChangesNothingThatIsTrained() throws {
    let changed = changed(split.test)
    #expect(changed.tagAssignments.count != dataset.tagAssignments.count)
    func bits(_ recipe: Recipe, _ dataset: Dataset) throws -> [String: [UInt32]] {
      try train(recipe, data: prepare(dataset, split: split, recipe: recipe)).bits
    }
    let recipe = try smallRecipe()
    let before = try bits(recipe, dataset)
    #expect(Bool(try bits(recipe, changed) == before))
    // The same change to rows that are trained on is seen.
    #expect(try bits(recipe, self.changed(split.train)) != before)
  }

  @Test func inputsAreMadeOnceAndOnlyThoseThatAreNamed() throws {
    let data = try prepared(smallRecipe())
    #expect(data.features.map(\.name) == ["user-id", "friends", "item-id", "tags", "user-statistics", "item-statistics"])
    #expect(data.pairFeatures != nil)
    #expect(try prepared(smallRecipe([("ranking.pair-features", "false")])).pairFeatures == nil)
    let shared = try prepared(smallRecipe([("ranking.towers", "shared")]))
    #expect(shared.features.map(\.name) == ["user-id", "friends", "item-id", "tags"])
    #expect(data.encoder.featureNames == [.userIdentifier, .friends, .userStatistics])
    #expect(shared.encoder.featureNames == [.userIdentifier, .friends])
  }

  @Test func inputsThatHaveNothingToSayAreRemarkedOn() throws {
    var bare = dataset
    bare.friendships = Friendships()
    bare.tagAssignments = TagAssignments()
    var remarks: [String] = []
    let data = try prepare(bare, split: split, recipe: smallRecipe()) { remarks.append($0) }
    #expect(remarks.count == 2 && remarks[0].hasPrefix("friends: ") && remarks[1].hasPrefix("tags: "))
    #expect(throws: Never.self) { try train(smallRecipe(), data: data) }
  }

  /// The rows by time, with the last as test rows.
  private func timed() -> (dataset: Dataset, split: Split) {
    var dataset = dataset
    let count = dataset.interactions.count
    dataset.interactions.timestamps = (0..<count).map { Int64($0 * 7919 % count) * 86_400_000 }
    let order = (0..<Int32(count)).sorted { dataset.interactions.timestamps[Int($0)] < dataset.interactions.timestamps[Int($1)] }
    return (dataset, Split(train: Array(order.prefix(count * 4 / 5)), test: Array(order.suffix(count - count * 4 / 5))))
  }

  @Test func underASplitByTimeTheLatestRowsValidate() throws {
    let (dataset, split) = timed()
    var remarks: [String] = []
    let recipe = try smallRecipe([("validation.share", "0.25")])
    let data = try prepare(dataset, split: split, recipe: recipe) { remarks.append($0) }
    #expect(remarks.contains("validation rows are the latest of the training rows"))
    let count = Int((0.25 * Double(split.train.count)).rounded())
    let expected = split.train.suffix(count).map { [dataset.interactions.users[Int($0)], dataset.interactions.items[Int($0)]] }
    #expect(zip(data.validation.users, data.validation.items).map { [$0, $1] } == expected)
    #expect(data.validationKind == .temporal && data.test.count == split.test.count)
    var other = recipe
    other.seed = 2
    #expect(try prepare(dataset, split: split, recipe: other).validation == data.validation)
    #expect(try prepared(smallRecipe([("validation.share", "0.25")])).validationKind == .random)
  }

  @Test func whoComesFirstInTheLatestRowsChoosesNoModel() throws {
    var (dataset, split) = timed()
    // All rows of one user are among the latest.
    let late = dataset.interactions.users[Int(split.train.last!)]
    let (own, others) = (
      split.train.filter { dataset.interactions.users[Int($0)] == late },
      split.train.filter { dataset.interactions.users[Int($0)] != late })
    split.train = others + own
    let times = split.train.map { dataset.interactions.timestamps[Int($0)] }.sorted()
    for (row, time) in zip(split.train, times) { dataset.interactions.timestamps[Int(row)] = time }
    let data = try prepare(dataset, split: split, recipe: smallRecipe([("validation.share", "0.25")]))
    #expect(data.validation.users.contains(late) && !data.training.users.contains(late))
    #expect(!data.telling.users.contains(late) && data.telling.count == data.validation.count - own.count)
    #expect(!ValidationSample(data, seed: 1).users.contains(Int(late)))
    var random = data
    random.validationKind = .random
    #expect(random.telling == data.validation && ValidationSample(random, seed: 1).users.contains(Int(late)))
    let popularity = Popularity(fitting: try InteractionMatrix(data, weights: .binary))
    #expect(
      try data.validationScore(popularity, metric: .ndcg20) != random.validationScore(popularity, metric: .ndcg20))
  }

  @Test func nothingToTrainOnIsRefused() throws {
    #expect(throws: PreparationError.self) {
      try prepare(dataset, split: Split(train: [], test: split.test), recipe: smallRecipe())
    }
    #expect(throws: DatasetError.self) {
      try prepare(
        dataset, split: Split(train: [0], test: split.test), recipe: smallRecipe([("validation.share", "0.5")]))
    }
  }
}
