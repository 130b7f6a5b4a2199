import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders
import TwoTowerRuns

/// Where an answerer has the parts of its run from; each is asked for once, when an answer first needs it.
struct RunParts: Sendable {
  typealias Catalogue = (userIdentifiers: [String], itemIdentifiers: [String], itemNames: [String])

  let name: String
  let folder: RunFolder?
  let catalogue: Catalogue
  let settings: ModelSettings
  /// Whether the run keeps vectors, whose directions tell what is alike.
  let keepsVectors: Bool
  let data: @Sendable () throws -> TowerData
  let vectors: @Sendable () throws -> RetrievalVectors
  /// The model that retrieves, of a run on the given data; nil without one.
  let recommender: @Sendable (_ data: @escaping @Sendable () throws -> TowerData) throws -> (any Recommender)?
  /// The items of each user's rows that are known, ascending.
  let seenItems: @Sendable () throws -> IndexLists
  /// The items of each user's rows that were held out, ascending.
  let heldOutItems: @Sendable () throws -> IndexLists
  let itemGenres: @Sendable () throws -> ItemGenres
  /// Whether each item has a genre.
  let hasTags: @Sendable () throws -> [Bool]
  /// Whether some of what is seen was held out to choose when to stop.
  let hasValidationRows: @Sendable () throws -> Bool
  let encoder: @Sendable () throws -> FeatureEncoder
  /// All models with their trained values.
  let models: @Sendable (_ data: TowerData) throws -> ModelSet

  /// The parts of a run in a folder.
  init(_ folder: RunFolder) throws {
    let catalogue = try folder.catalogue()
    let settings = try folder.settings()
    name = folder.path
    self.folder = folder
    self.catalogue = catalogue
    self.settings = settings
    keepsVectors = folder.hasEmbeddings
    data = { try folder.data() }
    vectors = { try folder.vectors() }
    recommender = { try folder.recommender(settings, data: $0) }
    seenItems = { try folder.seenItems() }
    heldOutItems = { try folder.heldOutItems() }
    itemGenres = { try folder.itemGenres(itemCount: catalogue.itemIdentifiers.count) }
    hasTags = { try folder.itemsWithGenres(itemCount: catalogue.itemIdentifiers.count) }
    hasValidationRows = { try folder.record().counts["validation_rows", default: 0] > 0 }
    encoder = { try folder.encoder() }
    models = { data in
      let models = try ModelSet(settings, data: data) { try folder.shape(ofWeights: $0) }
      try folder.restore(models.parameters)
      return models
    }
  }

  /// The parts of a finished run in memory.
  init(_ contents: RunContents, name: String) {
    let run = contents.data
    self.name = name
    folder = nil
    catalogue = (run.userIdentifiers, run.itemIdentifiers, run.itemNames)
    settings = contents.settings
    keepsVectors = contents.vectors != nil
    data = { run }
    vectors = {
      guard let vectors = contents.vectors else {
        throw QuestionError.noEmbeddings(name, kind: contents.settings.recommenderKind ?? "ranking")
      }
      return vectors
    }
    recommender = { _ in contents.recommender }
    seenItems = { run.seenItems.lists }
    heldOutItems = { run.heldOutItems.lists }
    itemGenres = { run.itemGenres }
    hasTags = { run.itemGenres.hasTags }
    hasValidationRows = { run.validation.count > 0 }
    encoder = { run.encoder }
    models = { data in
      let models = try ModelSet(contents.settings, data: data)
      for parameter in models.parameters {
        guard let tensor = contents.parameters[parameter.name] else {
          preconditionFailure("RunParts: no values of parameter \(parameter.name)")
        }
        parameter.value.buffer.copyFirst(tensor.count, from: tensor.buffer)
      }
      return models
    }
  }
}

/// Trained models that are asked and trained no more.
///
/// Their parameters are reference types, but nothing changes them after this is made: they may be asked from any thread.
struct FrozenModels: @unchecked Sendable {
  let models: ModelSet
  /// What lists are reranked by; nil without a ranking model.
  let rerankingInputs: RerankingInputs?

  init(_ parts: RunParts, data: TowerData) throws {
    models = try parts.models(data)
    rerankingInputs = models.ranking.map { RerankingInputs($0, data: data) }
  }
}
