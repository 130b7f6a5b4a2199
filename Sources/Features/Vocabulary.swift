/// Which row of an embedding table belongs to which entity; row 0 means unknown.
package struct Vocabulary: Sendable, Equatable {
  /// The row of each entity, 0 for those that the vocabulary leaves out.
  package let rows: [Int32]
  /// The entity of row `r` is `entities[r - 1]`.
  package let entities: [Int32]

  /// Rows of the table, the unknown row included.
  package var size: Int { entities.count + 1 }

  /// Numbers the entities with at least `minimumCount` occurrences, in their own order, from row 1.
  ///
  /// An entity that never occurs is left out whatever the minimum: nothing could be learned about it.
  package init(counts: [Int32], minimumCount: Int = 1) {
    let minimum = Int32(clamping: max(1, minimumCount))
    self.init(including: counts.map { $0 >= minimum })
  }

  /// Numbers the entities that are included, in their own order, from row 1.
  private init(including isIncluded: [Bool]) {
    var rows = [Int32](repeating: 0, count: isIncluded.count)
    var entities: [Int32] = []
    for entity in isIncluded.indices where isIncluded[entity] {
      entities.append(Int32(entity))
      rows[entity] = Int32(entities.count)
    }
    self.rows = rows
    self.entities = entities
  }

  /// The row of any entity; 0 also for one that the data does not have.
  package func row(of entity: Int32) -> Int32 { rows.indices.contains(Int(entity)) ? rows[Int(entity)] : 0 }
}

extension Vocabulary {
  /// Reads the vocabulary whose `rows` were saved as `name`.
  ///
  /// - Throws: `FeatureError` unless there are `count` rows, each 0 or the next in order.
  init(reading reader: FittedTablesReader, _ name: String, count: Int) throws {
    let rows = try reader.integers(name, count: count)
    self.init(including: rows.map { $0 != 0 })
    if let entity = rows.indices.first(where: { rows[$0] != self.rows[$0] }) {
      throw reader.unexpected(
        name, found: "row \(rows[entity]) at \(entity)", expected: "0, or \(self.rows[entity]), the next row")
    }
  }
}
