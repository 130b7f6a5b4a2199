import Foundation
import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerRecommenders

struct RetrievalModelTests {
  private let data: TowerData

  init() throws { data = try smallTowerData() }

  /// Towers whose rows differ from entity to entity and, on the query's side, from training row to training row.
  private func settings() -> RetrievalSettings {
    var settings = RetrievalSettings()
    settings.queryTower = TowerSettings(
      features: [
        InputSettings(feature: .userIdentifier, dimension: 6, initialDeviation: 0.7),
        InputSettings(feature: .userStatistics, dimension: 6),
      ], combine: .sum)
    settings.candidateTower = TowerSettings(features: [
      InputSettings(feature: .itemIdentifier, dimension: 6, initialDeviation: 0.7)
    ])
    settings.temperature = 0.5
    return settings
  }

  private func model(_ settings: RetrievalSettings) throws -> RetrievalModel {
    var tables: [String: Parameter] = [:]
    return try RetrievalModel(
      settings: settings, features: data.featuresByName, trainingCounts: data.trainingCounts,
      history: data.trainingHistory, tables: &tables, seed: 3)
  }

  /// What the towers put out, normalised where scores are cosines, in Double.
  private func vectors(_ tower: Tower, _ batch: BatchRows, _ settings: RetrievalSettings) -> [[Double]] {
    tower(batch, on: Tape()).value.rows.map { row in
      let values = row.map(Double.init)
      let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return settings.similarity == .cosine ? values.map { $0 / norm } : values
    }
  }

  /// The loss by its definition.
  private func expectedLoss(_ model: RetrievalModel, rows: [Int32]) -> Double {
    let settings = model.settings
    let users = rows.map { data.training.users[Int($0)] }
    let items = rows.map { data.training.items[Int($0)] }
    let isFull = settings.loss == .fullSoftmax
    let columns = isFull ? (0..<Int32(data.itemCount)).map { $0 } : items
    let queries = vectors(model.queryTower, BatchRows(entities: users, trainingRows: rows), settings)
    let candidates = vectors(
      model.candidateTower, isFull ? BatchRows(entities: columns) : BatchRows(entities: items, trainingRows: rows),
      settings)
    var loss = 0.0
    for (row, user) in users.enumerated() {
      let positive = isFull ? Int(items[row]) : row
      let known = data.training.items.indices.filter { data.training.users[$0] == user }.map { data.training.items[$0] }
      var logits: [Double] = []
      var positiveLogit = 0.0
      for (column, item) in columns.enumerated() {
        let isMasked: Bool =
          switch settings.mask {
          case .nothing: false
          case .item: item == items[row]
          case .history: known.contains(item)
          }
        if isMasked && column != positive { continue }
        let dot = zip(queries[row], candidates[column]).reduce(0.0) { $0 + $1.0 * $1.1 }
        var logit = dot / Double(settings.temperature)
        let count = data.training.items.filter { $0 == item }.count
        logit += Double(settings.popularityWeight) * log(Double(count) + 1)
        if settings.samplingCorrection && !isFull {
          logit -= log(Double(count) / Double(data.training.count))
        }
        logits.append(logit)
        if column == positive { positiveLogit = logit }
      }
      loss += log(logits.reduce(0) { $0 + exp($1) }) - positiveLogit
    }
    return settings.reduction == .sum ? loss : loss / Double(rows.count)
  }

  @Test(arguments: [RetrievalSettings.Loss.inBatchSoftmax, .fullSoftmax], RetrievalSettings.Mask.allCases)
  func theLossIsTheHandWrittenOne(loss: RetrievalSettings.Loss, mask: RetrievalSettings.Mask) throws {
    // Some rows more than once: the same user with the same item.
    let rows = data.trainingRows + [0, 1, 1]
    for similarity in RetrievalSettings.Similarity.allCases {
      for samplingCorrection in [false, true] {
        for reduction in [Reduction.mean, .sum] {
          var settings = settings()
          (settings.loss, settings.mask, settings.similarity) = (loss, mask, similarity)
          (settings.samplingCorrection, settings.reduction) = (samplingCorrection, reduction)
          try expectHandWrittenLoss(settings, rows: rows, "correction \(samplingCorrection)")
          settings.popularityWeight = 0.4
          try expectHandWrittenLoss(settings, rows: rows, "correction \(samplingCorrection), popularity")
        }
      }
    }
  }

  /// Candidate towers whose vectors are more than the rows of a table, or not as they stand in it.
  static let candidateTowers = [
    TowerSettings(features: [InputSettings(feature: .itemIdentifier, dimension: 6, scale: 3, initialDeviation: 0.7)]),
    TowerSettings(features: [
      InputSettings(feature: .itemIdentifier, dimension: 4, initialDeviation: 0.7),
      InputSettings(feature: .tags, dimension: 2, initialDeviation: 0.7),
    ]),
    TowerSettings(features: [InputSettings(feature: .tags, dimension: 6, initialDeviation: 0.7)]),
    TowerSettings(
      features: [InputSettings(feature: .itemIdentifier, dimension: 5, initialDeviation: 0.7)], hiddenLayers: [6]),
  ]

  @Test(arguments: candidateTowers.indices, [RetrievalSettings.Loss.inBatchSoftmax, .fullSoftmax])
  func theLossIsTheHandWrittenOneForAnyCandidateTower(tower: Int, loss: RetrievalSettings.Loss) throws {
    // In another order than the catalogue's, and not as many rows as that.
    let rows = Array(data.trainingRows.reversed().prefix(data.itemCount + 4))
    // An item without tags has no direction, so that a catalogue by tags alone has no cosines to write by hand.
    let hasDirections = tower != 2 || loss != .fullSoftmax
    for similarity in RetrievalSettings.Similarity.allCases where hasDirections || similarity == .dot {
      for mask in RetrievalSettings.Mask.allCases {
        var settings = settings()
        (settings.loss, settings.mask, settings.similarity) = (loss, mask, similarity)
        settings.candidateTower = Self.candidateTowers[tower]
        try expectHandWrittenLoss(settings, rows: rows, "mask \(mask)")
      }
    }
  }

  private func expectHandWrittenLoss(_ settings: RetrievalSettings, rows: [Int32], _ what: String) throws {
    let model = try model(settings)
    let found = model.loss(
      queries: rows.map { data.training.users[Int($0)] }, candidates: rows.map { data.training.items[Int($0)] },
      trainingRows: rows, on: Tape()
    ).value.item
    let expected = expectedLoss(model, rows: rows)
    #expect(
      abs(Double(found) - expected) < 1e-4 * max(1, abs(expected)),
      "\(settings.similarity), \(what), \(settings.reduction): \(found), expected \(expected)")
  }

  @Test func everySettingOfTheLossMatters() throws {
    func loss(_ change: (inout RetrievalSettings) -> Void) throws -> Float {
      var settings = settings()
      change(&settings)
      return try model(settings).loss(
        queries: data.training.users, candidates: data.training.items, trainingRows: data.trainingRows, on: Tape()
      ).value.item
    }
    let losses = [
      try loss { _ in }, try loss { $0.similarity = .cosine }, try loss { $0.temperature = 1 },
      try loss { $0.loss = .fullSoftmax }, try loss { $0.reduction = .sum }, try loss { $0.samplingCorrection = false },
      try loss { $0.mask = .nothing }, try loss { $0.mask = .history },
    ]
    #expect(Set(losses).count == losses.count, "\(losses)")
  }

  @Test(arguments: [RetrievalSettings.Loss.inBatchSoftmax, .fullSoftmax])
  func onlyAFullSoftmaxTeachesTheWholeCatalogue(loss: RetrievalSettings.Loss) throws {
    // One pair alone: in its batch there is nothing to tell it from, in the catalogue there is.
    var settings = settings()
    (settings.loss, settings.samplingCorrection) = (loss, false)
    let model = try model(settings)
    let tape = Tape(isTraining: true)
    let value = model.loss(
      queries: [data.training.users[0]], candidates: [data.training.items[0]], trainingRows: [0], on: tape)
    #expect((value.value.item == 0) == (loss == .inBatchSoftmax))
    tape.backward(from: value)
    guard case .indices(let rows, _) = data.feature(.itemIdentifier).entity else { return }
    let taught: Set<Int32>
    switch model.candidateTower.parameters[0].gradient {
    case .none: taught = []
    case .rows(let gradient): taught = Set(gradient.indices)
    case .dense(let gradient):
      taught = Set(gradient.rows.enumerated().filter { $0.element.contains { $0 != 0 } }.map { Int32($0.offset) })
    }
    #expect(taught == (loss == .fullSoftmax ? Set(rows) : [rows[Int(data.training.items[0])]]))
  }

  @Test func cosineEmbeddingsHaveUnitNorm() throws {
    var settings = settings()
    settings.similarity = .cosine
    let model = try model(settings)
    let queries = model.queryEmbeddings(count: data.userCount)
    let candidates = model.candidateEmbeddings(count: data.itemCount)
    #expect(queries.shape == [data.userCount, 6] && candidates.shape == [data.itemCount, 6])
    for row in queries.rows + candidates.rows { #expect(abs(row.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5) }
  }

  @Test func dotEmbeddingsAreTheTowersOutputs() throws {
    let model = try model(settings())
    let all = BatchRows(entities: (0..<Int32(data.userCount)).map { $0 })
    #expect(model.queryEmbeddings(count: data.userCount).array == model.queryTower(all, on: Tape()).value.array)
    #expect(model.queryEmbeddings(count: 0).shape == [0, 6])
  }

  /// Scores over the temperature are the logits of training, popularity included.
  @Test func popularityIsOneMoreCoordinate() throws {
    var settings = settings()
    let plain = try model(settings)
    settings.popularityWeight = 0.4
    let model = try model(settings)
    let (queries, candidates) = (model.queryEmbeddings(count: 3), model.candidateEmbeddings(count: data.itemCount))
    #expect(queries.shape == [3, 7] && candidates.shape == [data.itemCount, 7])
    for (item, row) in candidates.rows.enumerated() {
      let expected = settings.temperature * 0.4 * log(Float(data.trainingCounts[item]) + 1)
      #expect(abs(row[6] - expected) < 1e-6)
      #expect(Array(row.prefix(6)) == plain.candidateEmbeddings(count: data.itemCount).rows[item])
    }
    #expect(queries.rows.allSatisfy { $0[6] == 1 })
  }

  @Test func embeddingsDoNotDependOnTheBlocksTheyAreMadeIn() throws {
    // More entities than one block holds.
    let count = 9000
    let indices = (0..<count).map { Int32($0 % 11) }
    var tables: [String: Parameter] = [:]
    var settings = settings()
    settings.queryTower = TowerSettings(features: [InputSettings(feature: .userIdentifier, dimension: 6)])
    let model = try RetrievalModel(
      settings: settings,
      features: [
        "user-id": Feature(name: "user-id", entity: .indices(indices, vocabularySize: 11)),
        "item-id": data.feature(.itemIdentifier),
      ], trainingCounts: data.trainingCounts, history: data.trainingHistory, tables: &tables, seed: 1)
    let embeddings = model.queryEmbeddings(count: count)
    for row in [0, 4095, 4096, 8191, 8192, 8999] {
      #expect(embeddings.row(row).array == tables["user-id"]!.value.row(row % 11).array)
    }
  }

  @Test func towersOfUnequalWidthAreRefused() throws {
    var settings = settings()
    settings.candidateTower.features[0].dimension = 5
    #expect(throws: TowerError.widths(query: 6, candidate: 5)) { try model(settings) }
  }
}
