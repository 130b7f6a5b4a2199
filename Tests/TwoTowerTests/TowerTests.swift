import Autodiff
import Features
import Testing
import TwoTower

struct TowerTests {
  private let data: TowerData

  init() throws { data = try smallTowerData() }

  private func tower(_ settings: TowerSettings, tables: inout [String: Parameter]) -> Tower {
    Tower(
      name: "query", scope: "test", settings: settings, features: data.featuresByName, tables: &tables, seed: 1)
  }

  private func tower(_ settings: TowerSettings) -> Tower {
    var tables: [String: Parameter] = [:]
    return tower(settings, tables: &tables)
  }

  /// Σ weight · row, over Σ weight for the mean, by hand.
  private func bag(_ name: FeatureName, of row: Int32, in table: Tensor, isMean: Bool) -> [Float] {
    guard case .bags(let bags, _) = data.feature(name).entity else { return [] }
    var sum = [Double](repeating: 0, count: table.shape[1])
    var total = 0.0
    for entry in bags.range(of: Int(row)) {
      let values = table.row(Int(bags.indices[entry])).array
      for i in sum.indices { sum[i] += Double(bags.weights[entry]) * Double(values[i]) }
      total += Double(bags.weights[entry])
    }
    return sum.map { Float(isMean ? (total == 0 ? 0 : $0 / total) : $0) }
  }

  @Test(arguments: [BagCombiner.mean, .sum])
  func inputsAreConcatenatedInTheirOrderEachScaled(combiner: BagCombiner) {
    var tags = InputSettings(feature: .tags, dimension: 2, scale: 0.5)
    tags.combiner = combiner
    var tables: [String: Parameter] = [:]
    let tower = tower(
      TowerSettings(features: [
        InputSettings(feature: .itemStatistics, dimension: 99), tags, InputSettings(feature: .itemIdentifier, dimension: 3),
      ]), tables: &tables)
    guard case .dense(let numbers, let width) = data.feature(.itemStatistics).entity,
      case .indices(let rows, let vocabularySize) = data.feature(.itemIdentifier).entity
    else { Issue.record("other kinds of columns"); return }
    #expect(tower.outputSize == width + 2 + 3)
    #expect(tables["item-id"]?.value.shape == [vocabularySize, 3])
    let items: [Int32] = [3, 0, 3, 8]
    let output = tower(BatchRows(entities: items), on: Tape()).value
    #expect(output.shape == [4, tower.outputSize])
    for (place, item) in items.enumerated() {
      let expected = Array(numbers[Int(item) * width..<(Int(item) + 1) * width])
        + bag(.tags, of: item, in: tables["tags"]!.value, isMean: combiner == .mean).map { $0 / 2 }
        + tables["item-id"]!.value.row(Int(rows[Int(item)])).array
      #expect(isClose(output.row(place).array, expected), "item \(item)")
    }
  }

  @Test func summedInputsShareATableAndNumbersAreProjected() throws {
    var tables: [String: Parameter] = [:]
    let tower = tower(
      TowerSettings(
        features: [
          InputSettings(feature: .userIdentifier, dimension: 4),
          InputSettings(feature: .friends, dimension: 4, table: "user-id", scale: 0.5),
          InputSettings(feature: .userStatistics, dimension: 4),
        ], combine: .sum), tables: &tables)
    #expect(tower.outputSize == 4)
    #expect(tables.keys.sorted() == ["user-id"])
    #expect(
      tower.parameters.map(\.name) == [
        "test/embedding/user-id", "test/query/user-statistics/weight", "test/query/user-statistics/bias",
      ])
    guard case .dense(let numbers, let width) = data.feature(.userStatistics).entity,
      case .indices(let rows, _) = data.feature(.userIdentifier).entity
    else { Issue.record("other kinds of columns"); return }
    let table = tower.parameters[0].value
    let weight = tower.parameters[1].value.rows
    #expect(weight.count == width && weight[0].count == 4)
    let output = tower(BatchRows(entities: (0..<12).map { $0 }), on: Tape()).value
    for user in 0..<12 {
      let friends = bag(.friends, of: Int32(user), in: table, isMean: true)
      let own = table.row(Int(rows[user])).array
      let expected = (0..<4).map { column in
        (0..<width).reduce(own[column] + friends[column] / 2) { sum, k in
          sum + numbers[user * width + k] * weight[k][column]
        }
      }
      #expect(isClose(output.row(user).array, expected, within: 1e-4), "user \(user)")
    }
  }

  @Test func layersFollowWithTheirLastActivation() {
    let inputs = [InputSettings(feature: .itemIdentifier, dimension: 3, initialDeviation: 1)]
    let plain = tower(TowerSettings(features: inputs, hiddenLayers: [5, 2]))
    let rectified = tower(TowerSettings(features: inputs, hiddenLayers: [5, 2], lastActivation: .relu))
    #expect(plain.outputSize == 2)
    #expect(plain.parameters.map { $0.value.shape.dimensions }.suffix(4) == [[3, 5], [5], [5, 2], [2]])
    let batch = BatchRows(entities: (0..<9).map { $0 })
    let output = plain(batch, on: Tape()).value.array
    #expect(output.contains { $0 < 0 })
    #expect(rectified(batch, on: Tape()).value.array == output.map { max(0, $0) })
  }

  @Test func towersShareTheTablesThatTheyAreGiven() {
    var tables: [String: Parameter] = [:]
    let first = tower(
      TowerSettings(features: [InputSettings(feature: .itemIdentifier, dimension: 3)]), tables: &tables)
    let second = tower(
      TowerSettings(features: [InputSettings(feature: .history, dimension: 3, table: "item-id")]), tables: &tables)
    #expect(tables.count == 1)
    #expect(first.parameters[0] === second.parameters[0])
  }

  @Test func identifiersAreDroppedWhileTrainingOnly() {
    let tower = tower(
      TowerSettings(features: [InputSettings(feature: .itemIdentifier, dimension: 2, identifierDropout: 0.25)]))
    let batch = BatchRows(entities: [Int32](repeating: 3, count: 2000))
    let unknown = tower.parameters[0].value.row(0).array
    func dropped(_ tape: Tape) -> Int {
      defer { tape.discard() }
      return tower(batch, on: tape).value.rows.filter { $0 == unknown }.count
    }
    #expect(dropped(Tape()) == 0)
    #expect((400...600).contains(dropped(Tape(isTraining: true, seed: 1))))
  }

  @Test func trainingRowsSeeWhatIsTheirs() {
    let tower = tower(TowerSettings(features: [InputSettings(feature: .userStatistics)]))
    guard case .dense(let numbers, let width)? = data.feature(.userStatistics).perTrainingRow else {
      Issue.record("training rows see the user's statistics")
      return
    }
    let rows: [Int32] = [4, 0]
    let batch = BatchRows(entities: rows.map { data.training.users[Int($0)] }, trainingRows: rows)
    let output = tower(batch, on: Tape()).value
    #expect(output.row(0).array == Array(numbers[4 * width..<5 * width]))
    #expect(output.array != tower(BatchRows(entities: batch.entities), on: Tape()).value.array)
  }

  @Test func aBatchMayBeEmpty() {
    let inputs = [
      InputSettings(feature: .userIdentifier, dimension: 3), InputSettings(feature: .friends, dimension: 3),
      InputSettings(feature: .userStatistics, dimension: 3),
    ]
    for combine in TowerSettings.Combination.allCases {
      let tower = tower(TowerSettings(features: inputs, combine: combine, hiddenLayers: [4]))
      #expect(tower(BatchRows(entities: []), on: Tape()).shape == [0, 4])
    }
  }
}
