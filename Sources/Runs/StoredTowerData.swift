import TwoTowerAutodiff
import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerFiles
import TwoTowerKernels
import TwoTowerRecommenders

/// What models see of a data set, as tensors of a safetensors file.
///
/// Everything is checked while it is read: sizes, order of offsets and the range of every index.
struct StoredTowerData {
  private let file: SafetensorsFile

  init(_ file: SafetensorsFile) { self.file = file }

  // MARK: - Writing

  /// Writes the file at `path` in a new run folder.
  static func write(_ data: TowerData, to path: String) throws(FileError) {
    var tensors: [String: StoredTensor] = [:]
    var rows = [("training", data.training), ("validation", data.validation), ("test", data.test)]
    if data.hidden.count > 0 {
      precondition(
        data.givenHistory.lists == data.givenItems.lists, "StoredTowerData: givenHistory has other items than given")
      rows += [("given", data.given), ("hidden", data.hidden)]
      let weights = data.givenHistory.weights
      tensors["given/weights"] = StoredTensor(Tensor([weights.count], weights))
    }
    for (name, pairs) in rows {
      tensors["\(name)/users"] = StoredTensor(pairs.users)
      tensors["\(name)/items"] = StoredTensor(pairs.items)
      tensors["\(name)/labels"] = StoredTensor(Tensor([pairs.count], pairs.labels))
    }
    for feature in data.features {
      put(feature.entity, as: "features/\(feature.name)/entity", into: &tensors)
      if let column = feature.perTrainingRow {
        put(column, as: "features/\(feature.name)/training-row", into: &tensors)
      }
      if let withheld = feature.withheld { put(withheld, as: "features/\(feature.name)/withheld", into: &tensors) }
    }
    tensors["held-out-factors"] = StoredTensor(
      Tensor([2], [data.heldOutFactors.plain, data.heldOutFactors.predictions]))
    var metadata = ["features": data.features.map(\.name).joined(separator: ",")]
    if data.validationKind != .random { metadata["validation"] = data.validationKind.rawValue }
    if let tables = data.pairFeatures?.tables {
      metadata["pair-statistics"] = tables.statistics.map(\.rawValue).joined(separator: ",")
      for (name, values) in tables.integers { tensors["pairs/integers/\(name)"] = StoredTensor(values) }
      for (name, values) in tables.numbers {
        tensors["pairs/numbers/\(name)"] = StoredTensor(Tensor([values.count], values))
      }
    }
    try SafetensorsFile.write(tensors, metadata: metadata, to: path, inNewFolder: true)
  }

  private static func put(_ column: FeatureColumn, as name: String, into tensors: inout [String: StoredTensor]) {
    switch column {
    case .indices(let indices, let vocabularySize):
      tensors["\(name)/indices"] = StoredTensor(indices)
      tensors["\(name)/vocabulary-size"] = StoredTensor([Int32(vocabularySize)])
    case .bags(let bags, let vocabularySize):
      put(bags, as: name, into: &tensors)
      tensors["\(name)/vocabulary-size"] = StoredTensor([Int32(vocabularySize)])
    case .dense(let values, let width):
      tensors["\(name)/numbers"] = StoredTensor(Tensor([width == 0 ? 0 : values.count / width, width], values))
    }
  }

  private static func put(_ bags: SparseRows, as name: String, into tensors: inout [String: StoredTensor]) {
    tensors["\(name)/bag-offsets"] = StoredTensor(bags.offsets)
    tensors["\(name)/bag-indices"] = StoredTensor(bags.indices)
    tensors["\(name)/bag-weights"] = StoredTensor(Tensor([bags.weights.count], bags.weights))
  }

  // MARK: - Reading

  func data(
    userIdentifiers: [String], itemIdentifiers: [String], itemNames: [String]
  ) throws(CheckpointError) -> TowerData {
    let users = userIdentifiers.count
    let items = itemIdentifiers.count
    let training = try pairs("training", users: users, items: items)
    var features: [Feature] = []
    for name in list("features") {
      guard let kind = FeatureName(rawValue: name) else {
        throw unexpected("features", "feature '\(name)'", "one that this version knows")
      }
      guard !features.contains(where: { $0.name == name }) else {
        throw unexpected("features", "feature '\(name)' twice", "each once")
      }
      let entity = try column("features/\(name)/entity", rowCount: kind.entity == .user ? users : items)
      let rowName = "features/\(name)/training-row"
      let hasRows = ["indices", "bag-offsets", "numbers"].contains { file.shape(of: "\(rowName)/\($0)") != nil }
      let perTrainingRow = hasRows ? try column(rowName, rowCount: training.count) : nil
      if let perTrainingRow, perTrainingRow.layout != entity.layout {
        throw unexpected(rowName, perTrainingRow.layout, "\(entity.layout), as of the entities")
      }
      features.append(
        Feature(
          name: name, entity: entity, perTrainingRow: perTrainingRow,
          withheld: try withheld(of: name, entity, hasTrainingRows: hasRows, rowCount: training.count)))
    }
    var data = TowerData(
      userIdentifiers: userIdentifiers, itemIdentifiers: itemIdentifiers, itemNames: itemNames, training: training,
      validation: try pairs("validation", users: users, items: items),
      test: try pairs("test", users: users, items: items), features: features,
      pairFeatures: try pairFeatures(users: users, items: items))
    data.validationKind = try validationKind()
    let factors = try numbers("held-out-factors", count: 2)
    guard factors.allSatisfy({ $0 > 0 }) else { throw unexpected("held-out-factors", "\(factors)", "numbers above 0") }
    data.heldOutFactors = HeldOutFactors(plain: factors[0], predictions: factors[1])
    if file.shape(of: "hidden/users") != nil {
      data.given = try pairs("given", users: users, items: items)
      data.hidden = try pairs("hidden", users: users, items: items)
      data.givenHistory = try givenHistory(data.givenItems)
    }
    return data
  }

  /// What is given of users held out whole: the items of `given`, with their weights.
  private func givenHistory(_ given: SparseRows) throws(CheckpointError) -> SparseRows {
    let weights = try numbers("given/weights", count: given.indices.count)
    if let bad = weights.first(where: { $0 < 0 }) { throw unexpected("given/weights", "\(bad)", "0 or more") }
    return given.withWeights(weights)
  }

  private func pairs(_ name: String, users: Int, items: Int) throws(CheckpointError) -> LabeledPairs {
    let userColumn = try indices("\(name)/users", below: users)
    return LabeledPairs(
      users: userColumn, items: try indices("\(name)/items", below: items, count: userColumn.count),
      labels: try numbers("\(name)/labels", count: userColumn.count))
  }

  private func validationKind() throws(CheckpointError) -> SplitKind {
    guard let word = file.metadata["validation"] else { return .random }
    guard let kind = SplitKind(rawValue: word) else {
      throw unexpected("validation", "'\(word)'", "a kind that this version knows")
    }
    return kind
  }

  private func column(_ name: String, rowCount: Int) throws(CheckpointError) -> FeatureColumn {
    if let shape = file.shape(of: "\(name)/numbers") {
      guard shape.count == 2, shape[0] == rowCount || shape[1] == 0 else {
        throw unexpected("\(name)/numbers", "shape \(shape)", "[\(rowCount), n]")
      }
      let tensor = try file.tensor("\(name)/numbers")
      guard tensor.isFinite else { throw unexpected("\(name)/numbers", "a value that is not finite", "finite values") }
      return .dense(tensor.array, width: shape[1])
    }
    let size = Int(try file.int32Values("\(name)/vocabulary-size", count: 1)[0])
    guard size >= 1 else { throw unexpected("\(name)/vocabulary-size", "\(size)", "at least 1") }
    if file.shape(of: "\(name)/indices") != nil {
      return .indices(try indices("\(name)/indices", below: size, count: rowCount), vocabularySize: size)
    }
    return .bags(try bags(name, rowCount: rowCount, vocabularySize: size), vocabularySize: size)
  }

  private func withheld(
    of feature: String, _ entity: FeatureColumn, hasTrainingRows: Bool, rowCount: Int
  ) throws(CheckpointError) -> SparseRows? {
    let name = "features/\(feature)/withheld"
    guard file.shape(of: "\(name)/bag-offsets") != nil else { return nil }
    guard case .bags(let whole, let size) = entity, !hasTrainingRows else {
      throw unexpected(name, "a part of \(entity.layout)", "none, but of bags that training rows share")
    }
    guard IndexLists.defect(offsets: whole.offsets, indices: whole.indices, below: size, ascending: true) == nil else {
      throw unexpected("features/\(feature)/entity/bag-indices", "a bag out of order", "ascending bags")
    }
    return try bags(name, rowCount: rowCount, vocabularySize: size, ascending: true)
  }

  private func bags(
    _ name: String, rowCount: Int, vocabularySize size: Int, ascending: Bool = false
  ) throws(CheckpointError) -> SparseRows {
    let offsets = try file.int32Values("\(name)/bag-offsets", count: rowCount + 1)
    let entries = try file.int32Values("\(name)/bag-indices")
    switch IndexLists.defect(offsets: offsets, indices: entries, below: size, ascending: ascending) {
    case .offsets:
      throw unexpected("\(name)/bag-offsets", "offsets out of order", "ascending from 0 to \(entries.count)")
    case .index(let index, _, let row):
      throw unexpected(
        "\(name)/bag-indices", "\(index) in row \(row)", "0 to below \(size)\(ascending ? ", ascending" : "")")
    case nil: break
    }
    return SparseRows(
      offsets: offsets, indices: entries, weights: try numbers("\(name)/bag-weights", count: entries.count))
  }

  private func pairFeatures(users: Int, items: Int) throws(CheckpointError) -> PairFeatures? {
    guard file.metadata["pair-statistics"] != nil else { return nil }
    var statistics: [PairStatistic] = []
    for name in list("pair-statistics") {
      guard let statistic = PairStatistic(rawValue: name) else {
        throw unexpected("pair-statistics", "'\(name)'", "a statistic that this version knows")
      }
      statistics.append(statistic)
    }
    var integers: [String: [Int32]] = [:]
    var numbers: [String: [Float]] = [:]
    for name in file.names where name.hasPrefix("pairs/integers/") {
      integers[String(name.dropFirst("pairs/integers/".count))] = try file.int32Values(name)
    }
    for name in file.names where name.hasPrefix("pairs/numbers/") {
      numbers[String(name.dropFirst("pairs/numbers/".count))] = try file.tensor(name).array
    }
    do {
      let tables = try PairTables(statistics: statistics, integers: integers, numbers: numbers)
      guard tables.userCount == users, tables.itemCount == items else {
        throw unexpected("pairs", "\(tables.userCount) users, \(tables.itemCount) items", "\(users) and \(items)")
      }
      return PairFeatures(tables)
    } catch let error as CheckpointError { throw error } catch {
      throw unexpected("pairs", "\(error)", "tables that fit each other")
    }
  }

  private func indices(_ name: String, below limit: Int, count: Int? = nil) throws(CheckpointError) -> [Int32] {
    let values = try file.int32Values(name, count: count)
    if let bad = values.first(where: { $0 < 0 || Int($0) >= limit }) {
      throw unexpected(name, "\(bad)", "0 to below \(limit)")
    }
    return values
  }

  private func numbers(_ name: String, count: Int) throws(CheckpointError) -> [Float] {
    let tensor = try file.tensor(name, shape: [count])
    guard tensor.isFinite else { throw unexpected(name, "a value that is not finite", "finite values") }
    return tensor.array
  }

  private func list(_ key: String) -> [String] {
    (file.metadata[key] ?? "").split(separator: ",").map(String.init)
  }

  private func unexpected(_ place: String, _ found: String, _ expected: String) -> CheckpointError {
    .unexpectedContent(path: file.path, place: place, found: found, expected: expected)
  }
}

extension FeatureColumn {
  /// What two columns of one feature must have in common, in words.
  var layout: String {
    switch self {
    case .indices(_, let size): "rows of a table of \(size)"
    case .bags(_, let size): "bags of rows of a table of \(size)"
    case .dense(_, let width): "\(width) numbers a row"
    }
  }
}
