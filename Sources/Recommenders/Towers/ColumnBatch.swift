import TwoTowerFeatures

/// Which rows of a feature a batch sees: entities alone, or training rows, which may see something of their own.
package struct BatchRows: Sendable {
  /// The entity (user or item) of each row of the batch.
  package let entities: [Int32]
  /// The position of each row among the training rows; empty for queries, catalogues and held-out pairs.
  package let trainingRows: [Int32]

  package init(entities: [Int32], trainingRows: [Int32] = []) {
    precondition(
      trainingRows.isEmpty || trainingRows.count == entities.count,
      "BatchRows: \(entities.count) entities, \(trainingRows.count) training rows")
    self.entities = entities
    self.trainingRows = trainingRows
  }

  package var count: Int { entities.count }
}

extension BatchRows {
  /// The different entities, in order of first appearance, and for each row which of them it has.
  ///
  /// - Precondition: every entity is in 0..<entityCount.
  func distinctEntities(entityCount: Int) -> (entities: [Int32], places: [Int32]) {
    var placeOfEntity = [Int32](repeating: -1, count: entityCount)
    var distinct: [Int32] = []
    let places = entities.map { entity in
      if placeOfEntity[Int(entity)] < 0 {
        placeOfEntity[Int(entity)] = Int32(distinct.count)
        distinct.append(entity)
      }
      return placeOfEntity[Int(entity)]
    }
    return (distinct, places)
  }
}

extension Feature {
  /// Whether the rows of a batch depend on their entities alone, so that a batch may look at each entity once.
  func dependsOnEntitiesAlone(in batch: BatchRows) -> Bool { !differsByTrainingRow || batch.trainingRows.isEmpty }

  /// The rows of the feature that a batch sees, in the batch's order.
  ///
  /// - Precondition: every entity and training row exists.
  package func rows(_ batch: BatchRows) -> FeatureColumn {
    guard !batch.trainingRows.isEmpty else { return entity.selecting(batch.entities) }
    if let perTrainingRow { return perTrainingRow.selecting(batch.trainingRows) }
    let seen = entity.selecting(batch.entities)
    guard let withheld, case .bags(let bags, let vocabularySize) = seen else { return seen }
    return .bags(bags.subtracting(withheld.selecting(batch.trainingRows)), vocabularySize: vocabularySize)
  }
}

extension FeatureColumn {
  /// The given rows, in the given order.
  package func selecting(_ rows: [Int32]) -> FeatureColumn {
    switch self {
    case .indices(let indices, let vocabularySize):
      return .indices(rows.map { indices[Int($0)] }, vocabularySize: vocabularySize)
    case .bags(let bags, let vocabularySize):
      return .bags(bags.selecting(rows), vocabularySize: vocabularySize)
    case .dense(let values, let width):
      var selected: [Float] = []
      selected.reserveCapacity(rows.count * width)
      for row in rows { selected.append(contentsOf: values[Int(row) * width..<(Int(row) + 1) * width]) }
      return .dense(selected, width: width)
    }
  }

  /// The rows of the embedding table that the column's indices are drawn from; nil for numbers.
  package var vocabularySize: Int? {
    switch self {
    case .indices(_, let size), .bags(_, let size): size
    case .dense: nil
    }
  }
}
