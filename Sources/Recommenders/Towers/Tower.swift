import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerNeuralNetwork

/// One side of the model: features of an entity to one vector.
///
/// Inputs are embedded (identifiers and bags) or taken as they are (numbers), put side by side or added up, and led
/// through dense layers.
package struct Tower {
  /// A feature with what embeds it.
  private struct Input {
    let feature: Feature
    let settings: InputSettings
    /// The embedding table; nil for numbers.
    let table: Parameter?
    /// Brings numbers to the dimension of the others when inputs are summed.
    let projection: Dense?

    var isIdentifier: Bool { [.userIdentifier, .itemIdentifier].contains(settings.feature) }
  }

  package let settings: TowerSettings
  /// The width of the vectors that the tower puts out.
  package let outputSize: Int
  private let inputs: [Input]
  private let layers: MLP?

  /// Whether all rows of an entity get the same vector, also in training: nothing is dropped, no row has its own input.
  var dependsOnEntitiesAlone: Bool {
    inputs.allSatisfy { !$0.feature.differsByTrainingRow && $0.settings.identifierDropout == 0 }
      && (layers == nil || settings.dropout == 0)
  }

  /// - Parameters:
  ///   - name: the tower's name within its scope.
  ///   - scope: leads the names of all parameters, so that two models never share a name.
  ///   - features: by name; all that the settings list must be there.
  ///   - tables: embedding tables by name, shared between inputs and towers; new ones are added.
  package init(
    name: String, scope: String, settings: TowerSettings, features: [String: Feature],
    tables: inout [String: Parameter], seed: UInt64
  ) {
    self.settings = settings
    var inputs: [Input] = []
    var width = 0
    for input in settings.features {
      guard let feature = features[input.feature.rawValue] else {
        preconditionFailure("Tower \(name): feature '\(input.feature.rawValue)' was not made")
      }
      switch feature.entity {
      case .indices(_, let vocabularySize), .bags(_, let vocabularySize):
        let table =
          tables[input.tableName]
          ?? Parameter(
            name: "\(scope)/embedding/\(input.tableName)", shape: [vocabularySize, input.dimension],
            initializer: .normal(standardDeviation: input.initialDeviation), seed: seed)
        precondition(
          table.value.shape == [vocabularySize, input.dimension],
          "Tower \(name): table \(input.tableName) of shape \(table.value.shape) for [\(vocabularySize), \(input.dimension)]"
        )
        tables[input.tableName] = table
        inputs.append(Input(feature: feature, settings: input, table: table, projection: nil))
        width += input.dimension
      case .dense(_, let numberCount):
        let projection =
          settings.combine == .concatenate
          ? nil
          : Dense(
            name: "\(scope)/\(name)/\(input.feature.rawValue)", inputSize: numberCount, outputSize: input.dimension,
            seed: seed)
        inputs.append(Input(feature: feature, settings: input, table: nil, projection: projection))
        width += numberCount
      }
    }
    if settings.combine == .sum { width = settings.features.first?.dimension ?? 0 }
    self.inputs = inputs
    layers =
      settings.hiddenLayers.isEmpty
      ? nil
      : MLP(
        name: "\(scope)/\(name)/layers", inputSize: width, layers: settings.hiddenLayers,
        lastActivation: settings.lastActivation, dropout: settings.dropout, seed: seed)
    outputSize = settings.hiddenLayers.last ?? width
  }

  /// The parameters, shared tables once.
  package var parameters: [Parameter] {
    uniqueParameters(
      inputs.compactMap(\.table) + inputs.flatMap { $0.projection?.parameters ?? [] } + (layers?.parameters ?? []))
  }

  /// The embedding table of identifiers, and the row of each entity; nil without one.
  var identifiers: (table: Parameter, rows: [Int32])? {
    for input in inputs where input.isIdentifier {
      if let table = input.table, case .indices(let rows, _) = input.feature.entity { return (table, rows) }
    }
    return nil
  }

  /// The embedding table whose rows are the vectors, and the row of each entity; nil where vectors depend on more.
  var onlyTable: (table: Parameter, rows: [Int32])? {
    guard inputs.count == 1, layers == nil, let table = inputs[0].table, !inputs[0].feature.differsByTrainingRow,
      inputs[0].settings.scale == 1, inputs[0].settings.identifierDropout == 0,
      case .indices(let rows, _) = inputs[0].feature.entity
    else { return nil }
    return (table, rows)
  }

  /// The vectors of the batch, `[batch.count, outputSize]`.
  ///
  /// - Parameter identities: what stands for the embedding of each row's identifier, `[batch.count, dimension]`; nil for
  ///   the embedding itself.
  package func callAsFunction(_ batch: BatchRows, identities: Variable? = nil, on tape: Tape) -> Variable {
    combined(
      inputs.map { input in
        if let identities, input.isIdentifier { return scaled(identities, input) }
        return embed(input, batch, on: tape)
      })
  }

  /// The vectors of rows that are given as columns, one by the name of each feature, `[count, outputSize]`: of people who
  /// are not in the data.
  ///
  /// - Precondition: a column of `count` rows for every input.
  func callAsFunction(columns: [String: FeatureColumn], count: Int, on tape: Tape) -> Variable {
    combined(
      inputs.map { input in
        guard let column = columns[input.feature.name], column.rowCount == count else {
          preconditionFailure("Tower: no column of \(count) rows for feature \(input.feature.name)")
        }
        return scaled(embed(column, input, count: count, on: tape), input)
      })
  }

  private func combined(_ embedded: [Variable]) -> Variable {
    let combined: Variable
    switch settings.combine {
    case .concatenate: combined = concatenateColumns(embedded)
    case .sum: combined = embedded.dropFirst().reduce(embedded[0]) { $0 + $1 }
    }
    return layers.map { $0(combined) } ?? combined
  }

  private func embed(_ input: Input, _ batch: BatchRows, on tape: Tape) -> Variable {
    let dropsEntries = tape.isTraining && input.settings.identifierDropout > 0
    if case .bags = input.feature.entity, input.feature.dependsOnEntitiesAlone(in: batch), !dropsEntries {
      // The entities that come often in a batch are those with the longest bags: each is summed up once.
      let (entities, places) = batch.distinctEntities(entityCount: input.feature.entity.rowCount)
      if entities.count < batch.count {
        return gather(embed(input, BatchRows(entities: entities), on: tape), rows: places)
      }
    }
    if let withheld = input.feature.withheld, !batch.trainingRows.isEmpty, !dropsEntries {
      return scaled(bagsWithout(withheld.selecting(batch.trainingRows), input, batch.entities, on: tape), input)
    }
    return scaled(embed(input.feature.rows(batch), input, count: batch.count, on: tape), input)
  }

  /// What becomes of `count` rows of an input.
  private func embed(_ column: FeatureColumn, _ input: Input, count: Int, on tape: Tape) -> Variable {
    switch column {
    case .indices(let rows, _):
      return Embedding(table: input.table!, identifierDropout: input.settings.identifierDropout)(rows, on: tape)
    case .bags(var bags, _):
      if tape.isTraining && input.settings.identifierDropout > 0 {
        var generator = tape.generator(for: .identifierDropout)
        bags = bags.dropping(input.settings.identifierDropout, using: &generator)
      }
      return EmbeddingBag(table: input.table!, combiner: input.settings.combiner)(
        offsets: bags.offsets, indices: bags.indices, weights: bags.weights, on: tape)
    case .dense(let values, let width):
      let numbers = tape.constant(Tensor([count, width], values))
      return input.projection.map { $0(numbers) } ?? numbers
    }
  }

  private func scaled(_ value: Variable, _ input: Input) -> Variable {
    input.settings.scale == 1 ? value : input.settings.scale * value
  }

  /// The bags of `entities` less `withheld`, `[entities.count, dimension]`: the bag of each distinct entity is summed
  /// up once, and what a row does not see is taken from its copy.
  ///
  /// Where next to nothing would be left, the difference of the sums would be rounding: what is left is summed instead.
  private func bagsWithout(
    _ withheld: SparseRows, _ input: Input, _ entities: [Int32], on tape: Tape
  ) -> Variable {
    let (distinct, firstPlaces) = BatchRows(entities: entities).distinctEntities(
      entityCount: input.feature.entity.rowCount)
    var places = firstPlaces
    guard case .bags(let bags, _) = input.feature.entity.selecting(distinct) else {
      preconditionFailure("Tower: \(input.feature.name) withholds a part of what is no bag")
    }
    let totals = (0..<bags.rowCount).map { bags.weightSum(of: $0) }
    var summed = bags
    var taken = SparseRows()
    var factors: [Float] = []
    factors.reserveCapacity(places.count * input.settings.dimension)
    for row in places.indices {
      let place = Int(places[row])
      let total = totals[place]
      let left = total - withheld.weightSum(of: row)
      if bags.range(of: place).count <= Self.shortBag || left < Self.smallRest * total {
        places[row] = Int32(summed.rowCount)
        summed.append(place, of: bags, less: row, of: withheld)
        summed.endRow()
      } else {
        taken.append(entries: withheld.range(of: row), of: withheld)
      }
      taken.endRow()
      let isEmpty = left <= Double(SparseRows.smallestShare) * total
      let factor = isEmpty ? 0 : input.settings.combiner == .sum ? 1 : Float(1 / left)
      for _ in 0..<input.settings.dimension { factors.append(factor) }
    }
    let sums = EmbeddingBag(table: input.table!, combiner: .sum)
    func sum(_ bags: SparseRows) -> Variable {
      sums(offsets: bags.offsets, indices: bags.indices, weights: bags.weights, on: tape)
    }
    let rest = gather(sum(summed), rows: places) - sum(taken)
    return rest * tape.constant(Tensor([places.count, input.settings.dimension], factors))
  }

  /// A bag of at most so many entries is summed again for each row as fast as its sum is copied.
  private static let shortBag = 16
  /// Below this share of a bag's weight, three bits or more of the difference would be lost.
  private static let smallRest = 0.125
}
