import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerRecommenders

struct RankingModelTests {
  private let data: TowerData

  init() throws { data = try smallTowerData() }

  private func model(trainsTowers: Bool = true, pairWidth: Int = 0) -> (model: RankingModel, towers: [Parameter]) {
    var tables: [String: Parameter] = [:]
    func tower(_ name: String, _ features: [InputSettings]) -> Tower {
      Tower(
        name: name, scope: "towers", settings: TowerSettings(features: features, hiddenLayers: [4]),
        features: data.featuresByName, tables: &tables, seed: 1)
    }
    let query = tower("query", [InputSettings(feature: .userIdentifier), InputSettings(feature: .userStatistics)])
    let candidate = tower("candidate", [InputSettings(feature: .itemIdentifier), InputSettings(feature: .tags)])
    var settings = RankingSettings()
    settings.hiddenLayers = [8]
    let model = RankingModel(
      scope: "ranking", settings: settings, queryTower: query, candidateTower: candidate, trainsTowers: trainsTowers,
      pairColumns: Array(0..<pairWidth), labelScale: .init(labels: data.training.labels), seed: 1)
    return (model, query.parameters + candidate.parameters)
  }

  private func batches(_ pairs: LabeledPairs) -> (queries: BatchRows, candidates: BatchRows) {
    (BatchRows(entities: pairs.users), BatchRows(entities: pairs.items))
  }

  @Test func labelsAreScaledToMeanZeroAndDeviationOne() {
    let scale = RankingModel.LabelScale(labels: [1, 3, 5, 7])
    #expect(scale.mean == 4)
    #expect(abs(scale.deviation - Float(5).squareRoot()) < 1e-6)
    #expect(RankingModel.LabelScale(labels: [2, 2]) == RankingModel.LabelScale(mean: 2, deviation: 1))
    #expect(RankingModel.LabelScale(labels: []) == RankingModel.LabelScale(mean: 0, deviation: 1))
  }

  @Test(arguments: [0, 3]) func theLossIsThatOfThePredictionsInUnitsOfTheVariance(pairWidth: Int) {
    let (model, _) = model(pairWidth: pairWidth)
    let pairs = data.training
    let (queries, candidates) = batches(pairs)
    let numbers = (0..<pairs.count * pairWidth).map { Float($0 % 7) - 3 }
    let predictions = model.predictions(queries: queries, candidates: candidates) {
      Array(numbers[$0.lowerBound * pairWidth..<$0.upperBound * pairWidth])
    }
    let loss = model.loss(
      queries: queries, candidates: candidates, pairs: numbers, labels: pairs.labels, on: Tape()
    ).value.item
    let squares = zip(predictions, pairs.labels).map { Double($0 - $1) * Double($0 - $1) }
    let variance = Double(model.labelScale.deviation) * Double(model.labelScale.deviation)
    let expected = squares.reduce(0, +) / Double(pairs.count) / variance
    #expect(abs(Double(loss) - expected) < 1e-4 * expected)
  }

  @Test func numbersOfThePairReachThePrediction() {
    let (model, _) = model(pairWidth: 2)
    let (queries, candidates) = batches(data.test)
    func predictions(_ number: Float) -> [Float] {
      model.predictions(queries: queries, candidates: candidates) { [Float](repeating: number, count: $0.count * 2) }
    }
    #expect(predictions(0) != predictions(1))
  }

  @Test func blocksOfPredictionsGetTheirOwnNumbers() {
    let (model, _) = model(pairWidth: 1)
    let count = 4096 + 100
    let users = (0..<count).map { Int32($0 % data.userCount) }
    let items = (0..<count).map { Int32($0 % data.itemCount) }
    let numbers = (0..<count).map { Float($0 % 5) }
    let all = model.predictions(queries: BatchRows(entities: users), candidates: BatchRows(entities: items)) {
      Array(numbers[$0])
    }
    #expect(all.count == count)
    for row in [0, 4095, 4096, count - 1] {
      let alone = model.predictions(
        queries: BatchRows(entities: [users[row]]), candidates: BatchRows(entities: [items[row]])
      ) { _ in [numbers[row]] }
      #expect(isClose(alone, [all[row]]), "row \(row)")
    }
    #expect(model.predictions(queries: BatchRows(entities: []), candidates: BatchRows(entities: [])) { _ in [] }.isEmpty)
  }

  @Test(arguments: [true, false]) func onlyTowersThatLearnReceiveGradients(trainsTowers: Bool) {
    let (model, towers) = model(trainsTowers: trainsTowers)
    let (queries, candidates) = batches(data.training)
    let tape = Tape(isTraining: true)
    tape.backward(
      from: model.loss(queries: queries, candidates: candidates, pairs: [], labels: data.training.labels, on: tape))
    for parameter in towers { #expect(parameter.hasGradient == trainsTowers, "\(parameter.name)") }
    let names = Set(model.parameters.map(\.name))
    #expect(towers.allSatisfy { names.contains($0.name) == trainsTowers })
    let head = model.parameters.filter { $0.name.hasPrefix("ranking/head/") }
    #expect(head.count == 4)
    for parameter in head { #expect(parameter.hasGradient, "\(parameter.name)") }
  }
}
