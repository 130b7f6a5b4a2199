/// Which row of an embedding table belongs to which entity; row 0 means unknown.
public struct Vocabulary: Sendable, Equatable {
  /// The row of each entity, 0 for those that the vocabulary leaves out.
  public let rows: [Int32]
  /// The entity of row `r` is `entities[r - 1]`.
  public let entities: [Int32]

  /// Rows of the table, the unknown row included.
  public var size: Int { entities.count + 1 }

  /// Numbers the entities with at least `minimumCount` occurrences, in their own order, from row 1.
  ///
  /// An entity that never occurs is left out whatever the minimum: nothing could be learned about it.
  public init(counts: [Int32], minimumCount: Int = 1) {
    let minimum = Int32(clamping: max(1, minimumCount))
    var rows = [Int32](repeating: 0, count: counts.count)
    var entities: [Int32] = []
    for entity in counts.indices where counts[entity] >= minimum {
      entities.append(Int32(entity))
      rows[entity] = Int32(entities.count)
    }
    self.rows = rows
    self.entities = entities
  }
}
