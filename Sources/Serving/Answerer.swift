import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders
import TwoTowerRuns

/// A finished run that is asked: it never changes and may be asked from any thread.
///
/// Each part of the run is checked and loaded when an answer first needs it, once.
package final class Answerer: Sendable {
  package let userIdentifiers: [String]
  package let itemIdentifiers: [String]
  package let itemNames: [String]
  /// How the run's models are set.
  package let settings: ModelSettings
  /// What messages call the run: its folder's path.
  let runName: String
  /// The folder; nil for a run in memory.
  let folder: RunFolder?
  /// Whether the run has vectors to retrieve by.
  package let hasVectors: Bool
  /// Whether the run has vectors whose directions tell what is alike.
  package let hasDirections: Bool
  private let loadedData: Lazy<TowerData>
  private let loadedGenres: Lazy<ItemGenres>
  private let loadedSeen: Lazy<IndexLists>
  private let loadedHeldOut: Lazy<IndexLists>
  private let loadedCounts: Lazy<[Int]>
  private let loadedEncoder: Lazy<FeatureEncoder>
  private let loadedVectors: Lazy<RetrievalVectors>
  private let loadedDirections: Lazy<RetrievalVectors>
  private let loadedRecommender: Lazy<(any Recommender)?>
  private let loadedCatalogue: Lazy<ServedCatalogue>
  private let loadedScorer: Lazy<ServedScorer?>
  private let loadedLikeness: Lazy<ItemLikeness>
  private let loadedModels: Lazy<FrozenModels>
  private let loadedDirectory: Lazy<ItemDirectory>

  private init(_ parts: RunParts) {
    runName = parts.name
    folder = parts.folder
    settings = parts.settings
    userIdentifiers = parts.catalogue.userIdentifiers
    itemIdentifiers = parts.catalogue.itemIdentifiers
    itemNames = parts.catalogue.itemNames
    hasDirections = parts.keepsVectors
    let hasVectors = parts.keepsVectors && parts.settings.scoresByVectors
    self.hasVectors = hasVectors
    let catalogue = parts.catalogue
    let seen = Lazy(parts.seenItems)
    let counts = Lazy {
      var counts = [Int](repeating: 0, count: catalogue.itemIdentifiers.count)
      for item in try seen().indices { counts[Int(item)] += 1 }
      return counts
    }
    let data = Lazy(parts.data)
    let vectors = Lazy(parts.vectors)
    let recommender = Lazy { try parts.recommender { try data() } }
    loadedData = data
    loadedVectors = vectors
    let directions = Lazy { try vectors().directions(of: parts.settings.retrieval) }
    loadedDirections = directions
    loadedRecommender = recommender
    loadedSeen = seen
    loadedHeldOut = Lazy(parts.heldOutItems)
    loadedCounts = counts
    loadedGenres = Lazy(parts.itemGenres)
    loadedEncoder = Lazy(parts.encoder)
    let servedCatalogue = Lazy { ServedCatalogue(counts: try counts(), hasTags: try parts.hasTags()) }
    loadedCatalogue = servedCatalogue
    loadedScorer = Lazy {
      func served(_ scorer: any CandidateScorer) throws -> ServedScorer {
        // What was held out for validation is seen, and no model knows it.
        let histories = try parts.hasValidationRows() ? data().fittedItems.lists : seen()
        let inputs = parts.settings.retrieval?.inputsBesideHistory ?? []
        let hasNewUsers = (0..<histories.count).contains { histories.range(of: $0).isEmpty }
        return ServedScorer(
          scorer, histories: histories,
          isPlaced: hasNewUsers && !inputs.isEmpty ? try data().usersPlaced(by: inputs) : nil,
          catalogue: try servedCatalogue())
      }
      if hasVectors { return try served(vectors().scorer) }
      guard let model = try recommender() else { return nil }
      let data = try data()
      return try served(model.scorer(foldingIn: data.encoder.encode(histories: data.givenHistory)))
    }
    loadedLikeness = Lazy {
      ItemLikeness(
        vectors: parts.keepsVectors ? try directions().candidates : nil,
        correlation: ItemCorrelation(try seen(), itemCount: catalogue.itemIdentifiers.count),
        unknownItems: try servedCatalogue().unknownItems)
    }
    loadedModels = Lazy { try FrozenModels(parts, data: data()) }
    loadedDirectory = Lazy {
      ItemDirectory(
        identifiers: catalogue.itemIdentifiers, names: catalogue.itemNames, importance: try counts())
    }
  }

  /// Opens the run in the folder `path`; each file is checked against its checksum before it is read.
  ///
  /// - Throws: `CheckpointError` for a folder that is no run or was altered, `QuestionError.unfinished`.
  package convenience init(opening path: String) throws {
    let folder = try RunFolder(opening: path)
    guard try folder.record().isFinished else { throw QuestionError.unfinished(path) }
    self.init(try RunParts(folder))
  }

  /// Answers from a finished run that is in memory.
  ///
  /// - Precondition: the contents are of a finished run.
  package convenience init(_ contents: RunContents, name: String) {
    precondition(contents.record.isFinished, "Answerer: the run is not finished")
    self.init(RunParts(contents, name: name))
  }

  /// Loads now what answers of retrieval ask for, and checks every file of a folder.
  ///
  /// - Throws: `CheckpointError` naming what is damaged.
  package func load() throws {
    try folder?.verify()
    _ = try loadedScorer()
    if try loadedRecommender() != nil { _ = try (loadedEncoder(), loadedCounts()) }
  }

  package var itemCount: Int { itemIdentifiers.count }
  package var hasRanking: Bool { settings.ranking != nil }

  /// Whether nothing is known of an item: it has no training row and no tag, and no list has it.
  package func isUnknown(_ item: Int32) throws -> Bool { try loadedCatalogue().isUnknown(item) }
  /// What is known of the items, apart from any model.
  func servedCatalogue() throws -> ServedCatalogue { try loadedCatalogue() }

  /// Finds items by what people type.
  package func items() throws -> ItemDirectory { try loadedDirectory() }
  /// Each item's genres.
  package func itemGenres() throws -> ItemGenres { try loadedGenres() }
  /// How many users have each item in the training rows.
  package func knownCounts() throws -> [Int] { try loadedCounts() }
  /// The items of the user's training rows, validation rows included, ascending.
  ///
  /// - Precondition: the user exists.
  package func seenItems(of user: Int32) throws -> [Int32] { Array(try loadedSeen()[Int(user)]) }

  /// The items of the user's rows that were held out to be measured on, ascending: the user has them, and no model was
  /// told.
  ///
  /// - Precondition: the user exists.
  package func heldOutItems(of user: Int32) throws -> [Int32] { Array(try loadedHeldOut()[Int(user)]) }

  /// Whether the item is one of the user's `seenItems`.
  package func isSeen(_ item: Int32, by user: Int32) throws -> Bool {
    try loadedSeen().entry(of: Int(user), index: item) != nil
  }

  /// The vectors that the run keeps.
  ///
  /// - Throws: `QuestionError` for a run that has none.
  func vectors() throws -> RetrievalVectors {
    guard hasDirections else { throw noVectors }
    return try loadedVectors()
  }

  private var noVectors: QuestionError {
    settings.recommenderKind.map { .noEmbeddings(runName, kind: $0) } ?? .noRetrieval(runName)
  }

  func recommender() throws -> any Recommender {
    guard let model = try loadedRecommender() else { throw QuestionError.noRetrieval(runName) }
    return model
  }

  /// Scores all users of the data, as they are served.
  func scorer() throws -> ServedScorer {
    guard let scorer = try loadedScorer() else { throw QuestionError.noRetrieval(runName) }
    return scorer
  }

  func encoder() throws -> FeatureEncoder { try loadedEncoder() }
  func data() throws -> TowerData { try loadedData() }
  /// The vectors whose directions tell what is alike.
  ///
  /// - Throws: `QuestionError.noEmbeddings` for a model that scores otherwise.
  func directions() throws -> RetrievalVectors {
    _ = try vectors()
    return try loadedDirections()
  }
  /// How alike the items are.
  func likeness() throws -> ItemLikeness { try loadedLikeness() }
  func models() throws -> ModelSet { try loadedModels().models }

  /// Whether there is something to rerank, and something to do it by.
  package var canRerank: Bool { settings.recommenderKind != nil && hasRanking }

  /// Whether the run learnt how to rerank; where not, lists stay as retrieved.
  package var knowsHowToRerank: Bool { settings.reranker != nil }

  /// What reranks, and what it reranks by.
  ///
  /// - Throws: `QuestionError.noRanking`, `CheckpointError` for a reranker of another model.
  func reranking() throws -> (reranker: Reranker, inputs: RerankingInputs) {
    guard canRerank, let inputs = try loadedModels().rerankingInputs else {
      throw QuestionError.noRanking(runName)
    }
    let reranker = settings.reranker ?? Reranker(keepingOrderOf: inputs.names)
    guard reranker.names == inputs.names else {
      throw CheckpointError.unexpectedContent(
        path: "\(runName)/model.json", place: "reranker.names", found: reranker.names.joined(separator: ", "),
        expected: inputs.names.joined(separator: ", "))
    }
    return (reranker, inputs)
  }

  /// Writes the vectors as npy and the identifiers as text into the new folder `path`.
  ///
  /// - Throws: `QuestionError.noEmbeddings` for a model that scores otherwise.
  package func exportNpy(to path: String) throws {
    guard hasVectors else { throw noVectors }
    let vectors = try vectors()
    try exportEmbeddings(
      queries: vectors.queries, queryIdentifiers: userIdentifiers, candidates: vectors.candidates,
      candidateIdentifiers: itemIdentifiers, to: path)
  }
}
