import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerNeuralNetwork

/// A regression on pairs: both towers' outputs, and numbers of the pair, through dense layers to a predicted label.
package struct RankingModel {
  /// How labels are brought to mean 0 and deviation 1, which the network learns; predictions are brought back.
  package struct LabelScale: Sendable, Equatable {
    package let mean: Float
    package let deviation: Float

    package init(mean: Float, deviation: Float) {
      self.mean = mean
      self.deviation = deviation
    }

    /// Fitted on `labels`; a deviation of 1 where they are all the same.
    package init(labels: [Float]) {
      let count = Double(max(1, labels.count))
      let mean = labels.reduce(0.0) { $0 + Double($1) } / count
      let variance = labels.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
      self.init(mean: Float(mean), deviation: variance > 0 ? Float(variance.squareRoot()) : 1)
    }
  }

  package let labelScale: LabelScale
  /// The columns of the pair features that the network takes; empty for none.
  package let pairColumns: [Int]
  private let queryTower: Tower
  private let candidateTower: Tower
  private let head: RankingHead
  private let trainsTowers: Bool

  /// - Parameters:
  ///   - scope: leads the names of the head's parameters.
  ///   - trainsTowers: whether gradients flow into the towers, or these are taken as they are.
  package init(
    scope: String, settings: RankingSettings, queryTower: Tower, candidateTower: Tower, trainsTowers: Bool,
    pairColumns: [Int], labelScale: LabelScale, seed: UInt64
  ) {
    self.labelScale = labelScale
    self.pairColumns = pairColumns
    self.queryTower = queryTower
    self.candidateTower = candidateTower
    self.trainsTowers = trainsTowers
    head = RankingHead(
      scope: scope, settings: settings, querySize: queryTower.outputSize, candidateSize: candidateTower.outputSize,
      pairWidth: pairColumns.count, seed: seed)
  }

  /// Numbers of a pair that the network takes.
  package var pairWidth: Int { pairColumns.count }

  /// What training changes: the head, and the towers where they learn too.
  package var parameters: [Parameter] {
    uniqueParameters((trainsTowers ? queryTower.parameters + candidateTower.parameters : []) + head.parameters)
  }

  /// The mean squared error of a batch in units of the labels' variance, a scalar.
  ///
  /// - Parameter pairs: numbers of each pair, `[queries.count, pairWidth]`, row-major.
  package func loss(queries: BatchRows, candidates: BatchRows, pairs: [Float], labels: [Float], on tape: Tape)
    -> Variable
  {
    let output = scaledPredictions(queries: queries, candidates: candidates, pairs: pairs, on: tape)
    let targets = labels.map { ($0 - labelScale.mean) / labelScale.deviation }
    return meanSquaredError(predictions: output, labels: Tensor([labels.count, 1], targets))
  }

  /// The predicted label of each pair.
  ///
  /// - Parameter pairs: numbers of each pair, `[queries.count, pairWidth]`, row-major.
  package func predictions(queries: BatchRows, candidates: BatchRows, pairs: (Range<Int>) -> [Float]) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(queries.count)
    let blockSize = 4096
    for start in stride(from: 0, to: queries.count, by: blockSize) {
      let range = start..<min(start + blockSize, queries.count)
      let output = scaledPredictions(
        queries: queries[range], candidates: candidates[range], pairs: pairWidth > 0 ? pairs(range) : [], on: Tape())
      for value in output.value.array { result.append(value * labelScale.deviation + labelScale.mean) }
    }
    return result
  }

  private func scaledPredictions(
    queries: BatchRows, candidates: BatchRows, pairs: [Float], on tape: Tape
  ) -> Variable {
    head(
      queries: vectors(of: queryTower, queries, on: tape),
      candidates: vectors(of: candidateTower, candidates, on: tape),
      pairs: pairWidth > 0 ? tape.constant(Tensor([queries.count, pairWidth], pairs)) : nil)
  }

  private func vectors(of tower: Tower, _ batch: BatchRows, on tape: Tape) -> Variable {
    trainsTowers ? tower(batch, on: tape) : tape.constant(tower(batch, on: Tape()).value)
  }
}

extension BatchRows {
  /// The rows of the batch in `range`.
  package subscript(range: Range<Int>) -> BatchRows {
    BatchRows(entities: Array(entities[range]), trainingRows: trainingRows.isEmpty ? [] : Array(trainingRows[range]))
  }
}

extension RankingModel {
  /// The predicted label of held-out pairs.
  package func predictions(for pairs: LabeledPairs, data: TowerData) -> [Float] {
    predictions(
      queries: BatchRows(entities: pairs.users), candidates: BatchRows(entities: pairs.items),
      pairs: { range in
        let features = data.pairFeatures!
        let values = features.values(users: Array(pairs.users[range]), items: Array(pairs.items[range]))
        return pairNumbers(rows: 0..<range.count, of: values, width: features.width)
      })
  }
}

extension RankingModel {
  /// The numbers that the network takes of some rows, `[rows.count, pairWidth]`, row-major.
  ///
  /// - Parameter values: all pair features, `[n, width]`.
  package func pairNumbers(rows: some Sequence<Int>, of values: [Float], width: Int) -> [Float] {
    var numbers: [Float] = []
    for row in rows {
      for column in pairColumns { numbers.append(values[row * width + column]) }
    }
    return numbers
  }
}
