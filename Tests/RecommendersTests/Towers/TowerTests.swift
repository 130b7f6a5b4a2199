import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

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

  @Test func activationsBetweenLayersAreDroppedWhileTrainingOnly() {
    let inputs = [InputSettings(feature: .itemIdentifier, dimension: 3, initialDeviation: 1)]
    let batch = BatchRows(entities: [Int32](repeating: 3, count: 200))
    func distinctOutputs(dropout: Float, isTraining: Bool) -> Int {
      let tower = tower(TowerSettings(features: inputs, hiddenLayers: [8, 2], dropout: dropout))
      let tape = Tape(isTraining: isTraining, seed: 1)
      defer { tape.discard() }
      return Set(tower(batch, on: tape).value.rows).count
    }
    #expect(distinctOutputs(dropout: 0.5, isTraining: true) > 2)
    #expect(distinctOutputs(dropout: 0.5, isTraining: false) == 1)
    #expect(distinctOutputs(dropout: 0, isTraining: true) == 1)
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

  /// The training row's own part is taken from the sum of its user's bag: the same as a bag without it.
  @Test(arguments: [FeatureName.history, .historyTags], [BagCombiner.mean, .sum])
  func trainingRowsSeeBagsWithoutTheirOwnPart(name: FeatureName, combiner: BagCombiner) {
    var input = InputSettings(feature: name, dimension: 3, scale: 2, initialDeviation: 1)
    input.combiner = combiner
    var tables: [String: Parameter] = [:]
    let tower = tower(TowerSettings(features: [input]), tables: &tables)
    let batch = BatchRows(entities: data.training.users, trainingRows: data.trainingRows)
    let tape = Tape(isTraining: true, seed: 1)
    let output = tower(batch, on: tape)
    guard case .bags(let bags, _) = data.feature(name).rows(batch) else { Issue.record("no bags"); return }
    let expectedTape = Tape(isTraining: true, seed: 1)
    let reference = Parameter(name: "reference", value: tables[name.rawValue]!.value)
    let expected = 2 * TwoTowerAutodiff.bag(
      reference, offsets: bags.offsets, indices: bags.indices, weights: bags.weights, combiner: combiner,
      on: expectedTape)
    #expect(isClose(output.value.array, expected.value.array))
    #expect(output.value.array != tower(BatchRows(entities: batch.entities), on: Tape()).value.array)

    let weights = Tensor([output.shape[0], output.shape[1]], (0..<output.value.count).map { Float($0 % 7) - 3 })
    tape.backward(from: (output * tape.constant(weights)).sum())
    expectedTape.backward(from: (expected * expectedTape.constant(weights)).sum())
    let gradient = denseGradient(tables[name.rawValue]!)
    #expect(gradient.contains { $0 != 0 })
    #expect(isClose(gradient, denseGradient(reference), within: 1e-4))
  }

  private func denseGradient(_ parameter: Parameter) -> [Float] {
    guard case .rows(let rows) = parameter.gradient else { return [] }
    let values = rows.values.array
    var dense = [Float](repeating: 0, count: parameter.value.count)
    for (slot, row) in rows.indices.enumerated() {
      for i in 0..<rows.width { dense[Int(row) * rows.width + i] += values[slot * rows.width + i] }
    }
    return dense
  }

  /// The mean of one entity's bag without what a training row does not see of it.
  private func meanWithout(
    _ withheld: SparseRows, of bags: SparseRows, table values: [Float], dimension: Int
  ) -> [Float] {
    let size = values.count / dimension
    let feature = Feature(name: "history", entity: .bags(bags, vocabularySize: size), withheld: withheld)
    var tables = ["history": Parameter(name: "history", value: Tensor([size, dimension], values))]
    let tower = Tower(
      name: "query", scope: "test", settings: TowerSettings(features: [InputSettings(feature: .history, dimension: dimension)]),
      features: ["history": feature], tables: &tables, seed: 1)
    return tower(BatchRows(entities: [0], trainingRows: [0]), on: Tape()).value.array
  }

  @Test func whatIsLeftOfALongHistoryIsExact() {
    // All but one of 2,000 entries are withheld, of vectors that share a large offset.
    var generator = SeededGenerator(seed: 5, purpose: .sample)
    let values = (0..<2 * 2_001).map { _ in 100 + generator.uniform() }
    let indices = (1...2_000).map { Int32($0) }
    let bags = SparseRows(IndexLists(offsets: [0, 2_000], indices: indices))
    let withheld = SparseRows(IndexLists(offsets: [0, 1_999], indices: indices.filter { $0 != 700 }))
    let rest = meanWithout(withheld, of: bags, table: values, dimension: 2)
    #expect(zip(rest, values[1_400..<1_402]).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func whatIsLeftOfALargeWeightIsExact() {
    let bags = SparseRows(offsets: [0, 2], indices: [1, 2], weights: [4096, 1])
    let withheld = SparseRows(offsets: [0, 1], indices: [1], weights: [4096])
    let rest = meanWithout(withheld, of: bags, table: [0, 0, 0.7, 0.3, 0.123456, 0.9], dimension: 2)
    #expect(abs(rest[0] - 0.123456) < 1e-6 && abs(rest[1] - 0.9) < 1e-6)
  }

  @Test func aUsersOnlyItemLeavesNothing() {
    let bags = SparseRows(offsets: [0, 1], indices: [1], weights: [0.3])
    let feature = Feature(name: "history", entity: .bags(bags, vocabularySize: 2), withheld: bags)
    for combiner in [BagCombiner.mean, .sum] {
      var input = InputSettings(feature: .history, dimension: 2, initialDeviation: 1)
      input.combiner = combiner
      var tables: [String: Parameter] = [:]
      let tower = Tower(
        name: "query", scope: "test", settings: TowerSettings(features: [input]), features: ["history": feature],
        tables: &tables, seed: 1)
      #expect(tower(BatchRows(entities: [0], trainingRows: [0]), on: Tape()).value.array == [0, 0])
    }
  }

  @Test func entriesOfBagsAreDroppedWhileTrainingOnly() {
    let bags = SparseRows(offsets: [0, 2000], indices: [Int32](repeating: 1, count: 2000), weights: .init(repeating: 1, count: 2000))
    var input = InputSettings(feature: .history, dimension: 1, initialDeviation: 1, identifierDropout: 0.25)
    input.combiner = .sum
    var tables: [String: Parameter] = [:]
    let tower = Tower(
      name: "query", scope: "test", settings: TowerSettings(features: [input]),
      features: ["history": Feature(name: "history", entity: .bags(bags, vocabularySize: 2))], tables: &tables, seed: 1)
    let one = tables["history"]!.value.array[1]
    func kept(_ tape: Tape) -> Float {
      defer { tape.discard() }
      return tower(BatchRows(entities: [0]), on: tape).value.array[0] / one
    }
    #expect(abs(kept(Tape()) - 2000) < 1)
    #expect((1400...1600).contains(kept(Tape(isTraining: true, seed: 1))))
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
