import Foundation
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerFiles
import TwoTowerKernels

/// Query and candidate towers trained so that a query's dot product with its candidates orders them.
package struct RetrievalModel {
  package let settings: RetrievalSettings
  package let queryTower: Tower
  package let candidateTower: Tower
  /// Added to the logits of each candidate of a batch, `[candidateCount]`; empty for nothing.
  ///
  /// Its popularity, less the log of its share of the training rows where that is corrected for.
  private let batchCorrections: [Float]
  /// β · log(rows + 1) of each candidate, `[candidateCount]`; empty where popularity has no weight.
  private let popularity: [Float]
  /// Each query's training candidates, to mask; empty unless the settings ask for it.
  private let history: IndexLists
  private let queryCount: Int
  private let candidateCount: Int
  /// The candidates as one table, for the softmax over all of them; nil where they are more than that.
  private let wholeCatalogue: WholeCatalogue?
  /// Draws the negatives of the pairwise loss.
  private let sampler: NegativeSampler
  /// Adds neighbours' embeddings to those of identifiers; nil where nothing is added.
  private let propagation: Propagation?
  /// What each query's vector is multiplied by, `[queryCount]`; empty for 1.
  private let queryScales: [Float]
  /// Draws items of the whole catalogue beside those of a batch; nil where none are drawn.
  private let mixedNegatives: MixedNegatives?

  /// - Parameters:
  ///   - trainingCounts: training rows of each candidate.
  ///   - history: each query's training candidates, ascending.
  ///   - tables: embedding tables by name; new ones are added.
  /// - Throws: `TowerError.widths` when the towers' outputs differ in width.
  package init(
    settings: RetrievalSettings, features: [String: Feature], trainingCounts: [Int32], history: SparseRows,
    tables: inout [String: Parameter], seed: UInt64
  ) throws {
    self.settings = settings
    queryCount = history.rowCount
    candidateCount = trainingCounts.count
    queryTower = Tower(
      name: "query", scope: "retrieval", settings: settings.queryTower, features: features, tables: &tables, seed: seed)
    candidateTower = Tower(
      name: "candidate", scope: "retrieval", settings: settings.candidateTower, features: features, tables: &tables,
      seed: seed)
    guard queryTower.outputSize == candidateTower.outputSize else {
      throw TowerError.widths(query: queryTower.outputSize, candidate: candidateTower.outputSize)
    }
    propagation =
      settings.propagationHops == 0
      ? nil : Propagation(hops: settings.propagationHops, history: history, itemCount: trainingCounts.count)
    queryScales =
      settings.userTemperatureExponent == 0
      ? [] : (0..<history.rowCount).map { settings.queryScale(itemCount: history.range(of: $0).count) }
    mixedNegatives =
      settings.loss == .inBatchSoftmax && settings.catalogueSample > 0
      ? MixedNegatives(
        drawCount: settings.catalogueSample, trainingCounts: trainingCounts,
        correctsSampling: settings.samplingCorrection)
      : nil
    wholeCatalogue =
      settings.loss == .fullSoftmax && propagation == nil
      ? WholeCatalogue(candidateTower, trainingCounts: trainingCounts) : nil
    self.history = settings.mask == .history || settings.loss == .userSoftmax ? history.lists : IndexLists()
    popularity =
      settings.popularityWeight == 0
      ? [] : trainingCounts.map { settings.popularityWeight * Float(log(Double($0) + 1)) }
    sampler = NegativeSampler(settings.negatives, candidateCount: trainingCounts.count, history: history)
    if settings.samplingCorrection && settings.loss == .inBatchSoftmax {
      let total = Double(max(1, trainingCounts.reduce(0) { $0 + Int($1) }))
      // A candidate without training rows is never in a batch: any finite value does.
      let shares = trainingCounts.map { Float(log(Double(max(1, $0)) / total)) }
      batchCorrections = popularity.isEmpty ? shares.map { -$0 } : zip(popularity, shares).map { $0 - $1 }
    } else {
      batchCorrections = popularity
    }
  }

  /// The parameters of both towers, shared tables once.
  package var parameters: [Parameter] { uniqueParameters(queryTower.parameters + candidateTower.parameters) }

  /// Whether a step takes users with all that they have, instead of rows.
  package var stepsByUsers: Bool { settings.loss == .userSoftmax }

  /// The loss of users with all that they have, a scalar.
  package func loss(users: [Int32], on tape: Tape) -> Variable {
    var catalogue = SoftmaxCatalogue(itemCount: candidateCount, additions: popularity)
    if settings.catalogueSample > 0 {
      var generator = tape.generator(for: .negatives)
      catalogue = SoftmaxCatalogue(
        users: users, histories: history, drawCount: settings.catalogueSample, itemCount: candidateCount,
        additions: popularity, using: &generator)
    }
    let encoder = encoder(on: tape)
    return UserSoftmax(
      histories: history, scale: 1 / settings.temperature, userWeightExponent: settings.userWeightExponent,
      negativeWeight: settings.negativeWeight
    ).loss(
      users: users, queries: encoder.queries(BatchRows(entities: users)),
      candidates: encoder.candidates(BatchRows(entities: catalogue.items)), catalogue: catalogue,
      reduction: settings.reduction)
  }

  /// The loss of a batch of training pairs, a scalar.
  ///
  /// - Parameter trainingRows: the position of each pair among the training rows.
  package func loss(queries: [Int32], candidates: [Int32], trainingRows: [Int32], on tape: Tape) -> Variable {
    let encoder = encoder(on: tape)
    if settings.loss == .inBatchSoftmax && settings.mask == .nothing && mixedNegatives == nil
      && queryTower.dependsOnEntitiesAlone
      && candidateTower.dependsOnEntitiesAlone
    {
      return DistinctBatch(
        users: queries, items: candidates, userCount: queryCount, itemCount: candidateCount
      ).loss(
        scale: 1 / settings.temperature, itemCorrections: batchCorrections, reduction: settings.reduction,
        queries: encoder.queries, candidates: encoder.candidates)
    }
    let queryVectors = encoder.queries(BatchRows(entities: queries, trainingRows: trainingRows))
    let candidateVectors: Variable
    let identifiers: [Int32]
    let positives: [Int32]
    let corrections: [Float]
    var normalizesCandidates = false
    switch settings.loss {
    case .inBatchSoftmax:
      let own = encoder.candidates(BatchRows(entities: candidates, trainingRows: trainingRows))
      positives = (0..<Int32(candidates.count)).map { $0 }
      if let mixedNegatives {
        var generator = tape.generator(for: .negatives)
        let drawn = mixedNegatives.draw(using: &generator)
        candidateVectors = concatenateRows(own, encoder.candidates(BatchRows(entities: drawn)))
        identifiers = candidates + drawn
        corrections = mixedNegatives.corrections(identifiers, batchSize: candidates.count, adding: popularity)
      } else {
        candidateVectors = own
        identifiers = candidates
        corrections = batchCorrections.isEmpty ? [] : candidates.map { batchCorrections[Int($0)] }
      }
    case .fullSoftmax:
      if let catalogue = wholeCatalogue {
        candidateVectors = tape.parameter(catalogue.table)
        normalizesCandidates = settings.similarity == .cosine
        identifiers = catalogue.identifiers
        positives = candidates.map { catalogue.rows[Int($0)] }
        corrections = catalogue.corrections(adding: popularity)
      } else {
        identifiers = (0..<Int32(candidateCount)).map { $0 }
        candidateVectors = encoder.candidates(BatchRows(entities: identifiers))
        positives = candidates
        corrections = popularity
      }
    case .userSoftmax: preconditionFailure("RetrievalModel: the loss of users is asked for rows")
    case .pairwise:
      return pairwiseLoss(
        queryVectors, queries: queries, candidates: BatchRows(entities: candidates, trainingRows: trainingRows),
        encoder, on: tape)
    }
    var softmax = RetrievalSoftmax(
      positiveColumns: positives, candidateCount: candidateVectors.shape[0], dimension: queryTower.outputSize)
    softmax.scale = 1 / settings.temperature
    softmax.corrections = corrections
    softmax.normalizesCandidates = normalizesCandidates
    // The whole catalogue has each item once: there are no accidental hits.
    if settings.mask == .history || (settings.mask == .item && settings.loss == .inBatchSoftmax) {
      softmax.candidateIdentifiers = identifiers
      softmax.masksAccidentalHits = settings.loss == .inBatchSoftmax
    }
    if settings.mask == .history {
      softmax.history = RetrievalSoftmax.History(identifiers: history, listOfQuery: queries)
    }
    return retrievalSoftmax(
      queries: queryVectors, candidates: candidateVectors, problem: softmax, reduction: settings.reduction)
  }

  /// The pairwise loss of training pairs against negatives drawn for each.
  private func pairwiseLoss(
    _ queryVectors: Variable, queries: [Int32], candidates: BatchRows, _ encoder: StepEncoder, on tape: Tape
  ) -> Variable {
    var generator = tape.generator(for: .negatives)
    let negatives = sampler.draw(
      settings.negativeCount, queries: queries, positives: candidates.entities, using: &generator)
    return pairwiseRankingLoss(
      queries: queryVectors, positives: encoder.candidates(candidates),
      negatives: encoder.candidates(BatchRows(entities: negatives)),
      scale: 1 / settings.temperature, reduction: settings.reduction)
  }

  /// The vectors whose dot products rank: of every query, `[queryCount, outputSize]`, or one wider where popularity
  /// weighs.
  package func queryEmbeddings(count: Int) -> Tensor {
    let vectors = embeddings(count: count, encoder(on: Tape()).queries)
    return popularity.isEmpty ? vectors : vectors.withColumn([Float](repeating: 1, count: count))
  }

  /// The vectors whose dot products rank: of every candidate, as wide; popularity is one more coordinate.
  package func candidateEmbeddings(count: Int) -> Tensor {
    let vectors = embeddings(count: count, encoder(on: Tape()).candidates)
    return popularity.isEmpty
      ? vectors : vectors.withColumn(popularity.map { $0 * settings.servedPopularity * settings.temperature })
  }

  private func encoder(on tape: Tape) -> StepEncoder {
    StepEncoder(
      queryTower: queryTower, candidateTower: candidateTower, similarity: settings.similarity,
      propagation: propagation, queryScales: queryScales, on: tape)
  }

  /// - Parameter encode: one of the encoder's two sides.
  private func embeddings(count: Int, _ encode: (BatchRows) -> Variable) -> Tensor {
    let all = FloatBuffer(zeros: count * queryTower.outputSize)
    let blockSize = 4096
    for start in stride(from: 0, to: count, by: blockSize) {
      let rows = Array(Int32(start)..<Int32(min(start + blockSize, count)))
      all.copy(encode(BatchRows(entities: rows)).value.buffer, at: start * queryTower.outputSize)
    }
    return Tensor(shape: [count, queryTower.outputSize], buffer: all)
  }
}

extension Tensor {
  /// A matrix with one more column at its end.
  func withColumn(_ column: [Float]) -> Tensor {
    let (rows, width) = (shape[0], shape[1])
    let wider = FloatBuffer(zeros: rows * (width + 1))
    var target = wider.mutableSpan
    let source = buffer.span
    for row in 0..<rows {
      for index in 0..<width { target[row * (width + 1) + index] = source[row * width + index] }
      target[row * (width + 1) + width] = column[row]
    }
    return Tensor(shape: [rows, width + 1], buffer: wider)
  }

  /// A matrix without its last column.
  var withoutLastColumn: Tensor {
    let (rows, width) = (shape[0], shape[1] - 1)
    let narrower = FloatBuffer(zeros: rows * width)
    var target = narrower.mutableSpan
    let source = buffer.span
    for row in 0..<rows {
      for index in 0..<width { target[row * width + index] = source[row * (width + 1) + index] }
    }
    return Tensor(shape: [rows, width], buffer: narrower)
  }
}

/// What keeps towers from being built on a data set.
package enum TowerError: UserFacingError, Equatable {
  case widths(query: Int, candidate: Int)
  case missingFeature(String)
  case storedTable(name: String, found: [Int]?, expected: [Int])
  case tableSizes(table: String, Int, Int)

  package var description: String {
    switch self {
    case .widths(let query, let candidate):
      "recipe: the query tower puts out \(query) numbers and the candidate tower \(candidate): "
        + "end both with hidden-layers of one width"
    case .storedTable(let name, let found, let expected):
      "\(name): found \(found.map { "shape \($0)" } ?? "no such tensor"), expected shape \(expected): the run's weights "
        + "and its data do not belong together"
    case .missingFeature(let name):
      "recipe: feature '\(name)' is not in the run's data: was it written with another recipe?"
    case .tableSizes(let table, let size, let other):
      "recipe: table '\(table)' is shared by inputs of \(size) and \(other) rows: they must be over one vocabulary"
    }
  }
}

/// The given parameters in order, each once.
func uniqueParameters(_ parameters: [Parameter]) -> [Parameter] {
  var seen = Set<ObjectIdentifier>()
  return parameters.filter { seen.insert(ObjectIdentifier($0)).inserted }
}
