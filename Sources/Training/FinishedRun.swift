import Autodiff
import Checkpoints
import Evaluation
import Features
import Files
import TwoTower

/// A trained run, to be measured, asked and exported without the data that it was trained on.
public final class FinishedRun {
  public let userIdentifiers: [String]
  public let itemIdentifiers: [String]
  public let itemNames: [String]
  let folder: RunFolder
  private var loadedRecipe: Recipe?
  private var loadedGenres: ItemGenres?
  private var loadedEmbeddings: (queries: Tensor, candidates: Tensor)?
  private var loadedData: TowerData?
  private var loadedModels: ModelSet?
  private var loadedBaseline: BaselineModel?

  /// Opens the run in the folder `path`; each file is checked against its checksum before it is read.
  ///
  /// - Throws: `CheckpointError` for a folder that is no run, was altered, or is not finished.
  public init(opening path: String) throws {
    folder = try RunFolder(opening: path)
    guard try folder.record().isFinished else { throw RunError.unfinished(path) }
    let catalogue = try folder.catalogue()
    userIdentifiers = catalogue.userIdentifiers
    itemIdentifiers = catalogue.itemIdentifiers
    itemNames = catalogue.itemNames
  }

  public var itemCount: Int { itemIdentifiers.count }
  public var hasRanking: Bool { get throws { try recipe().ranking != nil } }

  // MARK: - Questions

  /// The items of the user's training rows, validation rows included, ascending.
  public func seenItems(of user: Int32) throws -> [Int32] {
    try folder.seenItems(of: user)
  }

  /// The best items for a user by retrieval; reranked, the best of the first hundred by the ranking model.
  ///
  /// - Throws: `CheckpointError`, or `RunError` where the run lacks the task that is asked of.
  public func recommend(user: Int32, top: Int, includingSeen: Bool, reranking: Bool) throws -> [RankedItem] {
    var request = RecommendationRequest(top: top)
    request.includesSeen = includingSeen
    request.reranks = reranking
    return try recommend(to: .user(user), request)
  }

  /// The given items in the order of the ranking model's predictions, or of retrieval's scores without one.
  public func rank(user: Int32, items: [Int32]) throws -> [RankedItem] {
    let models = try hasRanking ? models() : nil
    if let model = models?.rankingWithPairs ?? models?.ranking {
      let predictions = model.predictions(for: LabeledPairs(user: user, items: items), data: try data())
      return zip(items, predictions).map { RankedItem(item: $0, prediction: $1) }.sorted(by: RankedItem.standsBefore)
    }
    if let scorer = try baselineScorer() {
      return scorer.scores(of: user, items: items).map { RankedItem(item: $0.index, score: $0.score) }
        .sorted(by: RankedItem.standsBefore)
    }
    let (queries, candidates) = try embeddings()
    let query = queries.row(Int(user)).array
    return items.map { item in
      let products = zip(query, candidates.row(Int(item)).array).map { Double($0) * Double($1) }
      return RankedItem(item: item, score: Float(products.reduce(0, +)))
    }.sorted(by: RankedItem.standsBefore)
  }

  /// Checks every file of the run, and measures it: the figures on its test rows, or on those of `userLimit` users
  /// drawn at random.
  ///
  /// - Parameters:
  ///   - reordering: of the lists, whose figures then stand beside those of the plain ones.
  ///   - isAllowed: whether each item may be in these lists; nil when every one may.
  /// - Throws: `RunError.question`, before anything is measured, where there are no lists for these to change.
  public func assess(
    userLimit: Int? = nil, reordering: Reordering = Reordering(), isAllowed: [Bool]? = nil
  ) throws -> Assessment {
    if !reordering.changesNothing || isAllowed != nil { try checkListOptions(reordering, isAllowed: isAllowed) }
    try folder.verify()
    let recipe = try recipe()
    let scorer: (any CandidateScorer)? =
      folder.hasEmbeddings ? try embeddingScorer() : try baselineScorer()
    return try Training.assess(
      try data(), scorer: scorer,
      models: recipe.ranking != nil || recipe.matrixFactorization != nil ? try models() : nil, seed: recipe.seed,
      userLimit: userLimit, reordering: reordering, isAllowed: isAllowed)
  }

  /// Checks, before anything is measured, that there are lists for a reordering or a filter to change.
  ///
  /// - Throws: `RunError.question`.
  private func checkListOptions(_ reordering: Reordering, isAllowed: [Bool]?) throws {
    let retrieves = try folder.hasEmbeddings || recipe().baseline != nil
    let hasTestRows = try folder.record().counts["test_rows", default: 0] > 0
    guard retrieves, hasTestRows, RetrievalCutoffs.fitting(candidateCount: itemCount).list != nil else {
      throw RunError.question(
        "\(folder.path): the run makes no lists, or none of the length that is measured, for --exclude, --only, "
          + "--popularity-penalty and --diversity to change: leave these out")
    }
    try reordering.check(hasVectors: folder.hasEmbeddings)
    if let isAllowed, !isAllowed.contains(true) {
      throw RunError.question("--exclude and --only leave no item: leave one of them out")
    }
  }

  /// Writes the embeddings as npy and the identifiers as text into the new folder `path`.
  ///
  /// - Throws: `RunError.noEmbeddings` for a baseline that scores otherwise.
  public func exportNpy(to path: String) throws {
    let (queries, candidates) = try embeddings()
    try exportEmbeddings(
      queries: queries, queryIdentifiers: userIdentifiers, candidates: candidates,
      candidateIdentifiers: itemIdentifiers, to: path)
  }

  // MARK: - What is loaded when it is needed

  /// The recipe that the run was trained with.
  public func recipe() throws -> Recipe {
    if let loadedRecipe { return loadedRecipe }
    let recipe = try RecipeReader(text: folder.recipe(), name: "\(folder.path)/recipe.yaml").recipe()
    loadedRecipe = recipe
    return recipe
  }

  /// Each item's genres.
  public func itemGenres() throws -> ItemGenres {
    if let loadedGenres { return loadedGenres }
    let genres = try folder.itemGenres(itemCount: itemCount)
    loadedGenres = genres
    return genres
  }

  /// - Throws: `RunError.noEmbeddings` for a baseline that scores otherwise.
  func embeddings() throws -> (queries: Tensor, candidates: Tensor) {
    if let loadedEmbeddings { return loadedEmbeddings }
    guard folder.hasEmbeddings else {
      if let kind = try recipe().baseline?.kind { throw RunError.noEmbeddings(folder.path, kind: kind.rawValue) }
      throw RunError.noRetrieval(folder.path)
    }
    let embeddings = try folder.embeddings()
    loadedEmbeddings = embeddings
    return embeddings
  }

  private func embeddingScorer() throws -> EmbeddingScorer {
    let (queries, candidates) = try embeddings()
    return EmbeddingScorer(queries: queries, candidates: candidates)
  }

  /// What scores in a run without embeddings; nil where there are some, or nothing that retrieves.
  func baselineScorer() throws -> (any CandidateScorer)? {
    folder.hasEmbeddings ? nil : try baseline()?.scorer
  }

  /// The fitted baseline; nil for a run of another kind.
  func baseline() throws -> BaselineModel? {
    guard let settings = try recipe().baseline else { return nil }
    if let loadedBaseline { return loadedBaseline }
    let model = try folder.baseline(settings, data: try data())
    loadedBaseline = model
    return model
  }

  func data() throws -> TowerData {
    if let loadedData { return loadedData }
    let data = try folder.data()
    loadedData = data
    return data
  }

  func models() throws -> ModelSet {
    if let loadedModels { return loadedModels }
    let models = try ModelSet(recipe: recipe(), data: try data())
    try folder.restore(models.parameters)
    loadedModels = models
    return models
  }
}

/// An item in an answer, with the retrieval score or the predicted label that placed it.
public struct RankedItem: Sendable, Equatable {
  public var item: Int32
  public var score: Float?
  public var prediction: Float?

  public init(item: Int32, score: Float? = nil, prediction: Float? = nil) {
    self.item = item
    self.score = score
    self.prediction = prediction
  }

  /// Higher predictions first, else higher scores; ties by the catalogue's order.
  static func standsBefore(_ left: RankedItem, _ right: RankedItem) -> Bool {
    let (leftValue, rightValue) = (left.prediction ?? left.score ?? 0, right.prediction ?? right.score ?? 0)
    return leftValue == rightValue ? left.item < right.item : leftValue > rightValue
  }
}

/// A question that a run cannot answer.
public enum RunError: UserFacingError, Equatable {
  case noRetrieval(String)
  case noEmbeddings(String, kind: String)
  case noRanking(String)
  case unfinished(String)
  case finished(String)
  case question(String)

  public var description: String {
    switch self {
    case .noRetrieval(let run):
      "\(run): the run has no retrieval task: fit a recipe with a 'retrieval', 'matrix-factorization' or "
        + "'baseline' section"
    case .noEmbeddings(let run, let kind):
      "\(run): found a model of kind '\(kind)', which has no embeddings, expected one that has: take a run of "
        + "'implicit-als', 'retrieval' or 'matrix-factorization', or ask this one with recommend"
    case .noRanking(let run): "\(run): the run has no ranking task: fit a recipe with a 'ranking' section"
    case .unfinished(let run): "\(run): the run is not finished: go on with twotower fit --resume \(run)"
    case .question(let text): text
    case .finished(let run): "\(run): the run is finished already: nothing to resume"
    }
  }
}

extension LabeledPairs {
  /// One user with several items, without labels.
  init(user: Int32, items: [Int32]) {
    self.init(users: items.map { _ in user }, items: items, labels: items.map { _ in 0 })
  }
}

extension ModelSet {
  /// The models of `recipe` on `data`, at their initial values.
  public init(recipe: Recipe, data: TowerData) throws {
    try self.init(
      retrieval: recipe.retrieval?.model, matrixFactorization: recipe.matrixFactorization?.model,
      ranking: recipe.ranking?.model, data: data, trainsSharedTowers: recipe.tasks.order == .joint, seed: recipe.seed)
  }
}
