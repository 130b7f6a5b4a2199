import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerFiles
import TwoTowerKernels

/// What was fitted on training rows besides weights, as tensors of a safetensors file.
enum StoredEncoder {
  /// Writes the file at `path` in a new run folder.
  static func write(_ encoder: FeatureEncoder, to path: String) throws(FileError) {
    let tables = encoder.tables
    var tensors = tables.integers.mapValues { StoredTensor($0) }
    for (name, values) in tables.numbers { tensors[name] = StoredTensor(Tensor([values.count], values)) }
    try SafetensorsFile.write(tensors, metadata: tables.words, to: path, inNewFolder: true)
  }

  /// The encoder that a file holds, for data of so many users and items; every table is checked.
  static func read(
    _ file: SafetensorsFile, userCount: Int, itemCount: Int
  ) throws(CheckpointError) -> FeatureEncoder {
    var tables = FittedTables()
    tables.words = file.metadata
    for name in file.names {
      if file.elementType(of: name) == .int32 {
        tables.integers[name] = try file.int32Values(name)
      } else {
        tables.numbers[name] = try file.tensor(name).array
      }
    }
    do { return try FeatureEncoder(tables: tables, userCount: userCount, itemCount: itemCount) } catch {
      throw unexpected(error, in: file.path)
    }
  }

  private static func unexpected(_ error: any Error, in path: String) -> CheckpointError {
    switch error as? FeatureError {
    case .missingTable(let name):
      .unexpectedContent(path: path, place: name, found: "no such table", expected: "one")
    case .table(let name, let found, let expected):
      .unexpectedContent(path: path, place: name, found: found, expected: expected)
    case .setting, .size, nil:
      .unexpectedContent(path: path, place: "tables", found: "\(error)", expected: "tables that fit each other")
    }
  }
}

extension RunFolder {
  /// What was fitted on training rows besides weights.
  package func encoder() throws(CheckpointError) -> FeatureEncoder {
    let counts = try record().counts
    return try StoredEncoder.read(
      try safetensors(RunFile.encoder), userCount: counts["users"] ?? 0, itemCount: counts["items"] ?? 0)
  }

  /// The encoder, which must make columns such as `features`: the models were trained on them.
  func encoder(of features: [Feature]) throws(CheckpointError) -> FeatureEncoder {
    let encoder = try encoder()
    let columns = encoder.encode(histories: SparseRows()).features
    for feature in features where FeatureName(rawValue: feature.name)?.entity == .user {
      let (found, expected) = (columns[feature.name]?.layout ?? "no such feature", feature.entity.layout)
      guard found == expected else {
        throw .unexpectedContent(
          path: "\(path)/\(RunFile.encoder)", place: feature.name, found: found, expected: "\(expected), as in the data"
        )
      }
    }
    return encoder
  }
}
