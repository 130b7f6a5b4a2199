import Foundation
import Synchronization
import TwoTowerAutodiff
import TwoTowerFiles
import TwoTowerKernels
import TwoTowerRecommenders

/// The names of the files of a run folder.
enum RunFile {
  static let record = "run.json"
  static let recipe = "recipe.yaml"
  static let settings = "model.json"
  static let users = "users.txt"
  static let items = "items.tsv"
  static let itemGenres = "item-genres.tsv"
  static let people = "people.tsv"
  static let data = "data.safetensors"
  static let encoder = "encoder.safetensors"
  static let seen = "seen.safetensors"
  static let heldOut = "held-out.safetensors"
  static let model = "model.safetensors"
  static let embeddings = "embeddings.safetensors"
  static let metrics = "metrics.json"
  static let history = "history.tsv"
  static let progress = "training-state.json"
  static let training = "training-state.safetensors"
}

/// A written run: each part is checked against its checksum and parsed when it is asked for.
package struct RunFolder: Sendable {
  package let path: String
  let files: CheckedFiles

  /// - Throws: `CheckpointError` when the folder is missing, no run, or has other files.
  package init(opening path: String) throws(CheckpointError) {
    self.path = path
    files = try CheckedFiles(in: path)
  }

  /// Checks all files now, also those that nothing asks for.
  ///
  /// - Throws: `CheckpointError.altered` naming the first that is not as it was saved.
  package func verify() throws(CheckpointError) {
    let names = files.names
    let failures = Mutex<[String: CheckpointError]>([:])
    parallelForEach(chunkCount: names.count) { place in
      do throws(CheckpointError) { _ = try files.bytes(of: names[place]) } catch {
        failures.withLock { $0[names[place]] = error }
      }
    }
    if let first = failures.withLock({ failures in failures.min { $0.key < $1.key } }) { throw first.value }
  }

  /// Writes the same run to another folder, whole or not at all; each file is checked against its checksum.
  ///
  /// - Parameter replacing: whether an older run in its place may go.
  /// - Throws: `CheckpointError.altered`, `FileError`.
  package func copy(to path: String, replacing: Bool) throws {
    try AtomicFiles.writeFolder(at: path, mayReplace: { replacing && Manifest.exists(in: $0) }) { folder in
      for name in files.names { try AtomicFiles.write(try bytes(name), to: "\(folder)/\(name)", inNewFolder: true) }
      try Manifest.write(in: folder)
    }
  }

  /// What the run is.
  ///
  /// - Throws: `CheckpointError` for a run that another version wrote.
  package func record() throws(CheckpointError) -> RunRecord {
    let record = try json(RunRecord.self, in: RunFile.record)
    guard record.format == RunRecord.currentFormat else {
      throw .unexpectedContent(
        path: "\(path)/\(RunFile.record)", place: "format", found: "\(record.format)",
        expected: "\(RunRecord.currentFormat): the run was written by another version: fit it again")
    }
    return record
  }

  /// The recipe as it was used, in YAML.
  package func recipe() throws(CheckpointError) -> String { try text(RunFile.recipe) }

  /// The users' identifiers, and the items' with their names.
  package func catalogue() throws(CheckpointError) -> (
    userIdentifiers: [String], itemIdentifiers: [String], itemNames: [String]
  ) {
    let users = try columns(RunFile.users, count: 1)[0]
    let items = try columns(RunFile.items, count: 2)
    let counts = try record().counts
    for (name, key, lines) in [(RunFile.users, "users", users), (RunFile.items, "items", items[0])]
    where lines.count != counts[key] {
      throw .unexpectedContent(
        path: "\(path)/\(name)", place: "text", found: "\(lines.count) lines", expected: "\(counts[key] ?? 0)")
    }
    return (userIdentifiers: users, itemIdentifiers: items[0], itemNames: items[1])
  }

  /// What the models see.
  package func data() throws(CheckpointError) -> TowerData {
    let catalogue = try catalogue()
    var data = try StoredTowerData(try safetensors(RunFile.data)).data(
      userIdentifiers: catalogue.userIdentifiers, itemIdentifiers: catalogue.itemIdentifiers,
      itemNames: catalogue.itemNames)
    data.itemGenres = try itemGenres(itemCount: data.itemCount)
    data.encoder = try encoder(of: data.features)
    return data
  }

  /// The items of each user's training rows, validation rows and what was given included, ascending.
  package func seenItems() throws(CheckpointError) -> IndexLists { try itemLists(RunFile.seen) }

  /// The items of each user's rows that were held out to be measured on, ascending.
  package func heldOutItems() throws(CheckpointError) -> IndexLists {
    if files.contains(RunFile.heldOut) { return try itemLists(RunFile.heldOut) }
    let counts = try record().counts
    guard counts["test_rows", default: 0] + counts["hidden_rows", default: 0] > 0 else {
      return SparseRows(emptyRows: counts["users", default: 0]).lists
    }
    return try data().heldOutItems.lists
  }

  /// A list of items for each user, ascending.
  private func itemLists(_ name: String) throws(CheckpointError) -> IndexLists {
    let file = try safetensors(name)
    let counts = try record().counts
    let (userCount, itemCount) = (counts["users", default: 0], counts["items", default: 0])
    let offsets = try file.int32Values("offsets", count: userCount + 1)
    let items = try file.int32Values("items")
    func unexpected(_ place: String, _ found: String, _ expected: String) -> CheckpointError {
      .unexpectedContent(path: file.path, place: place, found: found, expected: expected)
    }
    switch IndexLists.defect(offsets: offsets, indices: items, below: itemCount, ascending: true) {
    case .offsets: throw unexpected("offsets", "offsets out of order", "ascending from 0 to \(items.count)")
    case .index(_, _, let user):
      throw unexpected("user \(user)", "items out of order or range", "ascending from 0 to below \(itemCount)")
    case nil: return IndexLists(offsets: offsets, indices: items)
    }
  }

  /// Whether the run has vectors to retrieve by.
  package var hasEmbeddings: Bool { files.contains(RunFile.embeddings) }

  /// The history of training: a line per epoch, tab-separated, with a header.
  package func history() throws(CheckpointError) -> String { try text(RunFile.history) }

  /// How the models are set.
  package func settings() throws(CheckpointError) -> ModelSettings {
    let settings = try json(ModelSettings.self, in: RunFile.settings)
    if let reranker = settings.reranker, reranker.names.count != reranker.weights.count {
      throw .unexpectedContent(
        path: "\(path)/\(RunFile.settings)", place: "reranker.weights", found: "\(reranker.weights.count)",
        expected: "\(reranker.names.count), one for each name")
    }
    return settings
  }

  /// The vectors of all users and items whose dot products rank.
  package func vectors() throws(CheckpointError) -> RetrievalVectors {
    let file = try safetensors(RunFile.embeddings)
    let queries = try file.tensor("query_embeddings")
    let candidates = try file.tensor("candidate_embeddings")
    let counts = try record().counts
    guard queries.shape.rank == 2, candidates.shape.rank == 2, queries.shape[1] == candidates.shape[1],
      queries.shape[0] == counts["users"], candidates.shape[0] == counts["items"]
    else {
      throw .unexpectedContent(
        path: file.path, place: "embeddings", found: "shapes \(queries.shape) and \(candidates.shape)",
        expected: "[\(counts["users"] ?? 0), d] and [\(counts["items"] ?? 0), d]")
    }
    for (name, tensor) in [("query_embeddings", queries), ("candidate_embeddings", candidates)] where !tensor.isFinite {
      throw .unexpectedContent(
        path: file.path, place: name, found: "a value that is not finite", expected: "finite values")
    }
    return RetrievalVectors(queries: queries, candidates: candidates)
  }

  /// Writes the trained values into `parameters`.
  ///
  /// - Throws: `CheckpointError` when one is missing or of another shape.
  package func restore(_ parameters: [Parameter]) throws(CheckpointError) {
    let file = try safetensors(RunFile.model)
    for parameter in parameters {
      let tensor = try file.tensor(parameter.name, shape: parameter.value.shape)
      parameter.value.buffer.copyFirst(tensor.count, from: tensor.buffer)
    }
  }

  /// The shape of a trained parameter or fitted tensor; nil where there is none of the name.
  package func shape(ofWeights name: String) throws(CheckpointError) -> [Int]? {
    try safetensors(RunFile.model).shape(of: name)
  }

  /// The state that an interrupted run goes on from: readable progress, and tensors by name.
  package func trainingState() throws(CheckpointError) -> (
    progress: Data, tensors: SafetensorsFile, model: SafetensorsFile
  ) {
    (try bytes(RunFile.progress), try safetensors(RunFile.training), try safetensors(RunFile.model))
  }

  // MARK: - Files

  func bytes(_ name: String) throws(CheckpointError) -> Data {
    guard let bytes = try files.bytes(of: name) else {
      throw .unexpectedContent(path: path, place: "run folder", found: "no \(name)", expected: "a run that has one")
    }
    return bytes
  }

  private func text(_ name: String) throws(CheckpointError) -> String {
    guard let text = String(validating: try bytes(name), as: UTF8.self) else {
      throw .unexpectedContent(
        path: "\(path)/\(name)", place: "text", found: "bytes that are not UTF-8", expected: "UTF-8")
    }
    return text
  }

  func safetensors(_ name: String) throws(CheckpointError) -> SafetensorsFile {
    try SafetensorsFile(bytes: try bytes(name), path: "\(path)/\(name)")
  }

  private func json<Value: Decodable>(_ type: Value.Type, in name: String) throws(CheckpointError) -> Value {
    let bytes = try bytes(name)
    do { return try JSONDecoder().decode(type, from: bytes) } catch {
      throw .unexpectedContent(
        path: "\(path)/\(name)", place: "text", found: "another structure", expected: "a file that this version wrote")
    }
  }

  /// The columns of a text file, whose lines are fields between tabs.
  func columns(_ name: String, count: Int) throws(CheckpointError) -> [[String]] {
    let bytes = try bytes(name)
    let span = bytes.span
    var columns = [[String]](repeating: [], count: count)
    var (line, column, start) = (1, 0, 0)
    func unexpected(_ found: String, _ expected: String) -> CheckpointError {
      .unexpectedContent(path: "\(path)/\(name)", place: "line \(line)", found: found, expected: expected)
    }
    for end in 0...span.count {
      let isEnd = end == span.count
      let byte = isEnd ? UInt8(ascii: "\n") : span[end]
      guard byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n") else { continue }
      if isEnd && start == end && column == 0 { break }
      guard column < count else { throw unexpected("more than \(count) fields", "\(count)") }
      guard let text = EscapedText.decode(span.extracting(start..<end)) else {
        throw unexpected("bytes that are not UTF-8", "UTF-8")
      }
      columns[column].append(text)
      column += 1
      start = end + 1
      if byte == UInt8(ascii: "\n") {
        guard column == count else { throw unexpected("\(column) fields", "\(count)") }
        (line, column) = (line + 1, 0)
      }
    }
    return columns
  }
}

/// Text whose tabs, line breaks and backslashes are written as `\t`, `\n`, `\r` and `\\`.
enum EscapedText {
  static func encode(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 9 || $0 == 10 || $0 == 13 || $0 == 92 }) else { return text }
    var encoded = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\t": encoded += "\\t"
      case "\n": encoded += "\\n"
      case "\r": encoded += "\\r"
      case "\\": encoded += "\\\\"
      default: encoded.unicodeScalars.append(scalar)
      }
    }
    return encoded
  }

  /// The text of `bytes`; nil where they are not UTF-8.
  static func decode(_ bytes: Span<UInt8>) -> String? {
    guard let text = try? String(copying: UTF8Span(validating: bytes)) else { return nil }
    guard text.utf8.contains(92) else { return text }
    var decoded = String.UnicodeScalarView()
    var isEscape = false
    for scalar in text.unicodeScalars {
      if isEscape {
        decoded.append(scalar == "t" ? "\t" : scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
        isEscape = false
      } else if scalar == "\\" {
        isEscape = true
      } else {
        decoded.append(scalar)
      }
    }
    return String(decoded)
  }
}
