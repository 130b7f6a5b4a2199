import Foundation
import TwoTowerAutodiff
import TwoTowerFiles
import TwoTowerRecommenders

/// Everything that a run folder holds, to be written at once.
package struct RunContents: Sendable {
  package var record: RunRecord
  /// The recipe as used, in YAML.
  package var recipe: String
  package var data: TowerData
  /// Parameters by name.
  package var parameters: [String: Tensor]
  /// How the models are set.
  package var settings: ModelSettings
  /// What retrieves; nil without it, or before it is fitted.
  package var recommender: (any Recommender)?
  /// A line per epoch, tab-separated, with a header.
  package var history: String
  /// The vectors of all users and items; nil without a retrieval task or before the end.
  package var vectors: RetrievalVectors?
  /// The figures as JSON; nil before the end.
  package var metrics: String?
  /// What an unfinished run goes on from.
  package var training: (progress: Data, tensors: [String: StoredTensor])?

  package init(
    record: RunRecord, recipe: String, settings: ModelSettings, data: TowerData, parameters: [String: Tensor],
    history: String
  ) {
    self.record = record
    self.recipe = recipe
    self.settings = settings
    self.data = data
    self.parameters = parameters
    self.history = history
  }

  /// Writes the run folder whole or not at all.
  ///
  /// - Parameter replacing: whether an older run in its place may go.
  /// - Throws: `FileError.cannotWrite`.
  package func write(to path: String, replacing: Bool) throws {
    try AtomicFiles.writeFolder(at: path, mayReplace: { replacing && Manifest.exists(in: $0) }) { folder in
      func place(_ name: String) -> String { "\(folder)/\(name)" }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try AtomicFiles.write(try encoder.encode(record), to: place(RunFile.record), inNewFolder: true)
      try AtomicFiles.write(recipe, to: place(RunFile.recipe), inNewFolder: true)
      try AtomicFiles.write(try encoder.encode(settings), to: place(RunFile.settings), inNewFolder: true)
      try AtomicFiles.write(
        data.userIdentifiers.map { EscapedText.encode($0) + "\n" }.joined(), to: place(RunFile.users), inNewFolder: true
      )
      try AtomicFiles.write(
        zip(data.itemIdentifiers, data.itemNames).map { "\(EscapedText.encode($0))\t\(EscapedText.encode($1))\n" }
          .joined(), to: place(RunFile.items), inNewFolder: true)
      try AtomicFiles.write(StoredItemGenres.text(data.itemGenres), to: place(RunFile.itemGenres), inNewFolder: true)
      try StoredTowerData.write(data, to: place(RunFile.data))
      try StoredEncoder.write(data.encoder, to: place(RunFile.encoder))
      for (name, lists) in [(RunFile.seen, data.seenItems), (RunFile.heldOut, data.heldOutItems)] {
        try SafetensorsFile.write(
          ["offsets": StoredTensor(lists.offsets), "items": StoredTensor(lists.indices)], to: place(name),
          inNewFolder: true)
      }
      let weights = parameters.mapValues(StoredTensor.init).merging(
        (recommender?.tensors ?? [:]).mapValues(StoredTensor.init)
      ) { $1 }
      try SafetensorsFile.write(weights, to: place(RunFile.model), inNewFolder: true)
      try AtomicFiles.write(history, to: place(RunFile.history), inNewFolder: true)
      if let vectors {
        try SafetensorsFile.write(
          [
            "query_embeddings": StoredTensor(vectors.queries),
            "candidate_embeddings": StoredTensor(vectors.candidates),
          ], to: place(RunFile.embeddings), inNewFolder: true)
      }
      if let metrics { try AtomicFiles.write(metrics, to: place(RunFile.metrics), inNewFolder: true) }
      if let training {
        try AtomicFiles.write(training.progress, to: place(RunFile.progress), inNewFolder: true)
        try SafetensorsFile.write(training.tensors, to: place(RunFile.training), inNewFolder: true)
      }
      try Manifest.write(in: folder)
    }
  }
}

/// Checks before long work that a run can be written to `path`.
///
/// - Throws: `FileError.cannotWrite`.
package func checkRunFolder(_ path: String, replacing: Bool) throws(FileError) {
  try AtomicFiles.checkFolder(at: path, mayReplace: { replacing && Manifest.exists(in: $0) })
}

/// Writes embeddings as npy and identifiers as text, a line each, into the new folder `path`.
///
/// - Parameters:
///   - queries: `[queryIdentifiers.count, d]`.
///   - candidates: `[candidateIdentifiers.count, d]`.
/// - Throws: `FileError`, or `CheckpointError` for an identifier with a line break, which a line cannot hold.
package func exportEmbeddings(
  queries: Tensor, queryIdentifiers: [String], candidates: Tensor, candidateIdentifiers: [String], to path: String
) throws {
  for (name, identifiers) in [("query_ids.txt", queryIdentifiers), ("candidate_ids.txt", candidateIdentifiers)] {
    if let bad = identifiers.first(where: { $0.contains(where: \.isNewline) }) {
      throw CheckpointError.unexpectedContent(
        path: "\(path)/\(name)", place: "identifier \(bad.debugDescription)", found: "a line break",
        expected: "an identifier that fits a line")
    }
  }
  try AtomicFiles.writeFolder(at: path) { folder in
    try NpyFile.write(queries, to: "\(folder)/query_embeddings.npy", inNewFolder: true)
    try NpyFile.write(candidates, to: "\(folder)/candidate_embeddings.npy", inNewFolder: true)
    try AtomicFiles.write(queryIdentifiers.map { $0 + "\n" }.joined(), to: "\(folder)/query_ids.txt", inNewFolder: true)
    try AtomicFiles.write(
      candidateIdentifiers.map { $0 + "\n" }.joined(), to: "\(folder)/candidate_ids.txt", inNewFolder: true)
  }
}
