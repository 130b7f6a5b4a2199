import Autodiff
import Features
import Files

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
      throw file.unfit(error)
    }
  }
}

extension SafetensorsFile {
  /// That the file's tables are not what `error` asks for.
  fileprivate func unfit(_ error: any Error) -> CheckpointError {
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
