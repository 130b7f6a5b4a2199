import Features
import Kernels
import Recommenders
import Runs

/// A finished run that is asked: it never changes and may be asked from any thread.
///
/// Each part of the run is checked and loaded when an answer first needs it, once.
package final class Answerer: Sendable {
  package let userIdentifiers: [String]
  package let itemIdentifiers: [String]
  package let itemNames: [String]
  /// How the run's models are set.
  package let settings: ModelSettings
  let folder: RunFolder
  private let loadedData: Lazy<TowerData>
  private let loadedGenres: Lazy<ItemGenres>
  private let loadedCounts: Lazy<[Int]>
  private let loadedEncoder: Lazy<FeatureEncoder>
  private let loadedVectors: Lazy<RetrievalVectors>
  private let loadedRecommender: Lazy<(any Recommender)?>
  private let loadedScorer: Lazy<(any CandidateScorer)?>
  private let loadedModels: Lazy<FrozenModels>
  private let loadedDirectory: Lazy<ItemDirectory>

  /// Opens the run in the folder `path`; each file is checked against its checksum before it is read.
  ///
  /// - Throws: `CheckpointError` for a folder that is no run or was altered, `QuestionError.unfinished`.
  package init(opening path: String) throws {
    let folder = try RunFolder(opening: path)
    guard try folder.record().isFinished else { throw QuestionError.unfinished(path) }
    let catalogue = try folder.catalogue()
    let settings = try folder.settings()
    userIdentifiers = catalogue.userIdentifiers
    itemIdentifiers = catalogue.itemIdentifiers
    itemNames = catalogue.itemNames
    self.folder = folder
    self.settings = settings
    let itemCount = catalogue.itemIdentifiers.count
    let data = Lazy { try folder.data() }
    let vectors = Lazy { try folder.vectors() }
    let recommender = Lazy { try folder.recommender(settings) { try data() } }
    let counts = Lazy { try folder.seenCounts(itemCount: itemCount) }
    loadedData = data
    loadedVectors = vectors
    loadedRecommender = recommender
    loadedCounts = counts
    loadedGenres = Lazy { try folder.itemGenres(itemCount: itemCount) }
    loadedEncoder = Lazy { try folder.encoder() }
    loadedScorer = Lazy {
      if folder.hasEmbeddings { return try vectors().scorer }
      guard let model = try recommender() else { return nil }
      let data = try data()
      return try model.scorer(foldingIn: data.encoder.encode(histories: data.givenHistory))
    }
    loadedModels = Lazy { try FrozenModels(folder, settings: settings, data: data()) }
    loadedDirectory = Lazy {
      ItemDirectory(
        identifiers: catalogue.itemIdentifiers, names: catalogue.itemNames, importance: try counts())
    }
  }

  package var itemCount: Int { itemIdentifiers.count }
  package var hasRanking: Bool { settings.ranking != nil }
  /// Whether the run has vectors to retrieve by.
  package var hasVectors: Bool { folder.hasEmbeddings }

  /// Finds items by what people type.
  package func items() throws -> ItemDirectory { try loadedDirectory() }
  /// Each item's genres.
  package func itemGenres() throws -> ItemGenres { try loadedGenres() }
  /// How many users have each item in the training rows.
  package func knownCounts() throws -> [Int] { try loadedCounts() }
  /// The items of the user's training rows, validation rows included, ascending.
  package func seenItems(of user: Int32) throws -> [Int32] { try folder.seenItems(of: user) }

  /// - Throws: `QuestionError` for a run that has none.
  func vectors() throws -> RetrievalVectors {
    guard hasVectors else {
      throw settings.recommenderKind.map { QuestionError.noEmbeddings(folder.path, kind: $0) }
        ?? QuestionError.noRetrieval(folder.path)
    }
    return try loadedVectors()
  }

  func recommender() throws -> any Recommender {
    guard let model = try loadedRecommender() else { throw QuestionError.noRetrieval(folder.path) }
    return model
  }

  /// Scores all users of the data.
  func scorer() throws -> any CandidateScorer {
    guard let scorer = try loadedScorer() else { throw QuestionError.noRetrieval(folder.path) }
    return scorer
  }

  func encoder() throws -> FeatureEncoder { try loadedEncoder() }
  func data() throws -> TowerData { try loadedData() }
  func models() throws -> ModelSet { try loadedModels().models }

  /// Writes the vectors as npy and the identifiers as text into the new folder `path`.
  ///
  /// - Throws: `QuestionError.noEmbeddings` for a model that scores otherwise.
  package func exportNpy(to path: String) throws {
    let vectors = try vectors()
    try exportEmbeddings(
      queries: vectors.queries, queryIdentifiers: userIdentifiers, candidates: vectors.candidates,
      candidateIdentifiers: itemIdentifiers, to: path)
  }
}

/// Trained models that are asked and trained no more.
///
/// Their parameters are reference types, but nothing changes them after this is made: they may be asked from any thread.
private struct FrozenModels: @unchecked Sendable {
  let models: ModelSet

  init(_ folder: RunFolder, settings: ModelSettings, data: TowerData) throws {
    models = try ModelSet(settings, data: data) { try folder.shape(ofWeights: $0) }
    try folder.restore(models.parameters)
  }
}
