/// One input of a tower, with a row for each entity (a user or an item of the data set, numbered as there).
public enum FeatureColumn: Sendable, Equatable {
  /// One row of an embedding table per entity: `indices[entity]` in 0..<vocabularySize; row 0 means unknown.
  case indices([Int32], vocabularySize: Int)
  /// A weighted bag of rows of an embedding table per entity; row 0 means unknown.
  case bags(RaggedRows, vocabularySize: Int)
  /// Numbers, already scaled: `[rowCount, width]`, row-major.
  case dense([Float], width: Int)

  public var rowCount: Int {
    switch self {
    case .indices(let indices, _): indices.count
    case .bags(let bags, _): bags.rowCount
    case .dense(let values, let width): width == 0 ? 0 : values.count / width
    }
  }
}

/// Lists of unequal length, one after the other: list `r` is `indices[offsets[r]..<offsets[r + 1]]`.
public struct RaggedRows: Sendable, Equatable {
  /// `rowCount + 1` ascending positions, the first 0.
  public var offsets: [Int32]
  public var indices: [Int32]
  /// One weight per index.
  public var weights: [Float]

  /// - Precondition: offsets ascend from 0 to `indices.count`; a weight for every index.
  public init(offsets: [Int32] = [0], indices: [Int32] = [], weights: [Float] = []) {
    precondition(offsets.first == 0 && Int(offsets.last!) == indices.count, "RaggedRows: offsets do not span indices")
    precondition(indices.count == weights.count, "RaggedRows: \(indices.count) indices, \(weights.count) weights")
    self.offsets = offsets
    self.indices = indices
    self.weights = weights
  }

  public var rowCount: Int { offsets.count - 1 }

  public func range(of row: Int) -> Range<Int> { Int(offsets[row])..<Int(offsets[row + 1]) }
}

/// A named input: what any entity has, and what training rows see where that differs.
///
/// `perTrainingRow` serves context that only a training row has (the time of an interaction) and statistics that
/// leave the row itself out. Row `i` belongs to `split.train[i]`. Where it is nil, a training row sees `entity`, less
/// what `withheld` takes from a bag. Queries and held-out pairs always see `entity`: nothing about a held-out pair can
/// reach them.
public struct Feature: Sendable, Equatable {
  public let name: String
  public let entity: FeatureColumn
  public let perTrainingRow: FeatureColumn?
  /// What each training row does not see of its entity's bag: the weights of its row `i` are taken from the bag's.
  ///
  /// Small where bags without the row's own part, one by one, would be large; and each bag is still summed once.
  public let withheld: RaggedRows?

  /// - Precondition: `withheld` only with bags and without `perTrainingRow`; its rows are ascending parts of the bags.
  public init(
    name: String, entity: FeatureColumn, perTrainingRow: FeatureColumn? = nil, withheld: RaggedRows? = nil
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
  public var differsByTrainingRow: Bool { perTrainingRow != nil || withheld != nil }
}
