import TwoTowerKernels

/// One input of a tower, with a row for each entity (a user or an item of the data set, numbered as there).
package enum FeatureColumn: Sendable, Equatable {
  /// One row of an embedding table per entity: `indices[entity]` in 0..<vocabularySize; row 0 means unknown.
  case indices([Int32], vocabularySize: Int)
  /// A weighted bag of rows of an embedding table per entity; row 0 means unknown.
  case bags(SparseRows, vocabularySize: Int)
  /// Numbers, already scaled: `[rowCount, width]`, row-major.
  case dense([Float], width: Int)

  package var rowCount: Int {
    switch self {
    case .indices(let indices, _): indices.count
    case .bags(let bags, _): bags.rowCount
    case .dense(let values, let width): width == 0 ? 0 : values.count / width
    }
  }
}

/// A named input: what any entity has, and what training rows see where that differs.
///
/// `perTrainingRow` serves context that only a training row has (the time of an interaction) and statistics that
/// leave the row itself out. Row `i` belongs to `split.train[i]`. Where it is nil, a training row sees `entity`, less
/// what `withheld` takes from a bag. Queries and held-out pairs always see `entity`: nothing about a held-out pair can
/// reach them.
package struct Feature: Sendable, Equatable {
  package let name: String
  package let entity: FeatureColumn
  package let perTrainingRow: FeatureColumn?
  /// What each training row does not see of its entity's bag: the weights of its row `i` are taken from the bag's.
  ///
  /// Small where bags without the row's own part, one by one, would be large; and each bag is still summed once.
  package let withheld: SparseRows?

  /// - Precondition: `withheld` only with bags and without `perTrainingRow`; its rows are ascending parts of the bags.
  package init(
    name: String, entity: FeatureColumn, perTrainingRow: FeatureColumn? = nil, withheld: SparseRows? = nil
  ) {
    if withheld != nil {
      guard perTrainingRow == nil, case .bags = entity else {
        preconditionFailure("Feature \(name): only bags that training rows share can withhold a part")
      }
    }
    self.name = name
    self.entity = entity
    self.perTrainingRow = perTrainingRow
    self.withheld = withheld
  }

  /// Whether training rows see anything but their entity's row.
  package var differsByTrainingRow: Bool { perTrainingRow != nil || withheld != nil }
}
