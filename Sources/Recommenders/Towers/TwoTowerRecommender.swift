import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// A trained two-tower model: a vector per user and item, and what puts people among them who are not in the data.
///
/// A person's vector is put out by the query tower where it knows users by their history alone, else found by folding
/// in with the items as they are.
package struct TwoTowerRecommender: Recommender {
  package static let kind = "retrieval"

  private let trained: RetrievalVectors
  package let parameterCount: Int
  private let queryTower: Lazy<QueryTower?>
  private let foldIn: Lazy<FoldIn>
  /// Whether the last coordinate is the items' popularity, and 1 of everyone.
  private let weighsPopularity: Bool
  /// What the vector of someone with so many items is multiplied by.
  private let queryScale: @Sendable (_ itemCount: Int) -> Float
  package let inputsBesideHistory: [FeatureName]

  /// - Parameters:
  ///   - knownCounts: how many users have each item.
  ///   - queryTower: the trained tower; nil unless it knows users by their history alone.
  private init(
    settings: RetrievalSettings, vectors: RetrievalVectors, parameterCount: Int,
    knownCounts: @escaping @Sendable () throws -> [Int], queryTower: @escaping @Sendable () throws -> QueryTower?
  ) {
    trained = vectors
    self.parameterCount = parameterCount
    self.queryTower = Lazy(queryTower)
    let weighsPopularity = settings.popularityWeight != 0
    self.weighsPopularity = weighsPopularity
    queryScale = settings.queryScale
    inputsBesideHistory = settings.inputsBesideHistory
    foldIn = Lazy {
      FoldIn(
        candidates: weighsPopularity ? vectors.candidates.withoutLastColumn : vectors.candidates,
        offsets: weighsPopularity ? vectors.candidates.lastColumn : [], isNegative: try knownCounts().map { $0 > 0 },
        temperature: settings.temperature,
        radius: settings.similarity == .cosine ? 1 : vectors.queries.meanRowLength)
    }
  }

  /// The model as training left it on `data`.
  package init(trained model: RetrievalModel, data: TowerData) {
    let tower = QueryTower(model)
    let knowsHistories = model.settings.knowsUsersByHistoryAlone
    self.init(
      settings: model.settings,
      vectors: RetrievalVectors(
        queries: model.queryEmbeddings(count: data.userCount),
        candidates: model.candidateEmbeddings(count: data.itemCount)),
      parameterCount: model.parameters.reduce(0) { $0 + $1.value.count },
      knownCounts: { data.knownCounts },
      queryTower: { knowsHistories ? tower : nil })
  }

  package init(loading source: any RecommenderSource) throws {
    guard let settings = source.settings.retrieval else {
      throw source.refusal("model settings", found: "no retrieval task", expected: "one")
    }
    self.init(
      settings: settings, vectors: try source.vectors(), parameterCount: source.parameterCount,
      knownCounts: source.knownCounts,
      queryTower: { settings.knowsUsersByHistoryAlone ? try QueryTower(loading: source, settings: settings) : nil })
  }

  package var userCount: Int { trained.queries.shape[0] }
  package var itemCount: Int { trained.candidates.shape[0] }
  package var scorer: any CandidateScorer { trained.scorer }
  package var vectors: RetrievalVectors? { trained }
  package var directions: RetrievalVectors? { weighsPopularity ? trained.withoutLastColumn : trained }
  package var tensors: [String: StoredArray] { [:] }

  package func scorer(for people: EncodedPeople) throws -> any CandidateScorer {
    EmbeddingScorer(queries: try queries(of: people), candidates: trained.candidates)
  }

  package func vectors(of people: EncodedPeople) throws -> Tensor? { try queries(of: people) }

  private func queries(of people: EncodedPeople) throws -> Tensor {
    let vectors = try queryTower()?(people).scaled(of: people, by: queryScale) ?? foldedIn(people)
    return weighsPopularity ? vectors.withColumn([Float](repeating: 1, count: people.count)) : vectors
  }

  private func foldedIn(_ people: EncodedPeople) throws -> Tensor {
    let foldIn = try foldIn()
    let width = trained.queries.shape[1] - (weighsPopularity ? 1 : 0)
    let vectors = Tensor(zeros: [people.count, width])
    for person in 0..<people.count {
      let range = people.history.range(of: person)
      guard !range.isEmpty else { continue }
      let vector = foldIn.query(
        items: Array(people.history.indices[range]), weights: Array(people.history.weights[range]),
        scale: queryScale(range.count))
      vectors.buffer.copy(vector.buffer, at: person * width)
    }
    return vectors
  }
}

/// A trained query tower that is asked and trained no more.
///
/// Its parameters are reference types, but nothing changes them after this is made: it may be asked from any thread.
private struct QueryTower: @unchecked Sendable {
  private let tower: Tower
  private let similarity: RetrievalSettings.Similarity

  init(_ model: RetrievalModel) {
    tower = model.queryTower
    similarity = model.settings.similarity
  }

  init(loading source: any RecommenderSource, settings: RetrievalSettings) throws {
    // Columns without rows, for the shapes of the inputs.
    let shapes = try source.encoder().encode(histories: SparseRows()).features
    var features: [String: Feature] = [:]
    for input in settings.queryTower.features {
      let name = input.feature.rawValue
      guard let column = shapes[name] else { throw TowerError.missingFeature(name) }
      features[name] = Feature(name: name, entity: column)
    }
    for input in settings.queryTower.features { try input.checkTable(features, scope: "retrieval", source.shape(of:)) }
    var tables: [String: Parameter] = [:]
    tower = Tower(
      name: "query", scope: "retrieval", settings: settings.queryTower, features: features, tables: &tables,
      seed: source.settings.seed)
    for parameter in tower.parameters {
      let tensor = try source.floats(parameter.name, shape: parameter.value.shape)
      parameter.value.buffer.copyFirst(tensor.count, from: tensor.buffer)
    }
    similarity = settings.similarity
  }

  /// `[people.count, outputSize]`.
  func callAsFunction(_ people: EncodedPeople) -> Tensor {
    let output = tower(columns: people.features, count: people.count, on: Tape()).value
    return similarity == .cosine ? output.withUnitRows : output
  }
}

extension RetrievalSettings {
  /// Whether the query tower can place people who are not in the data: it knows users by what they have, not by who
  /// they are.
  package var knowsUsersByHistoryAlone: Bool {
    let names = queryTower.features.map(\.feature)
    return names.contains { $0 == .history || $0 == .historyTags } && !names.contains(.userIdentifier)
  }

  /// The inputs of the query tower that can say something of users who have nothing.
  package var inputsBesideHistory: [FeatureName] {
    queryTower.features.map(\.feature).filter { $0 == .friends || $0 == .userTags }
  }
}

extension RetrievalVectors {
  /// The vectors whose directions tell what is alike, by the settings of the towers that they came from.
  package func directions(of settings: RetrievalSettings?) -> RetrievalVectors {
    settings?.popularityWeight ?? 0 == 0 ? self : withoutLastColumn
  }

  /// The same with the candidates' last coordinate multiplied: popularity weighs more or less in serving.
  package func scalingLastColumn(by factor: Float) -> RetrievalVectors {
    let popularity = candidates.lastColumn.map { $0 * factor }
    return RetrievalVectors(queries: queries, candidates: candidates.withoutLastColumn.withColumn(popularity))
  }

  fileprivate var withoutLastColumn: RetrievalVectors {
    RetrievalVectors(queries: queries.withoutLastColumn, candidates: candidates.withoutLastColumn)
  }
}

extension Tensor {
  /// The vectors of people, each multiplied by what belongs to the number of items they have.
  fileprivate func scaled(of people: EncodedPeople, by scale: (Int) -> Float) -> Tensor {
    scaleRows(
      Tape().constant(self), by: (0..<people.count).map { scale(people.history.range(of: $0).count) }
    ).value
  }

  fileprivate var lastColumn: [Float] {
    let (values, width) = (array, shape[1])
    return (0..<shape[0]).map { values[$0 * width + width - 1] }
  }

  /// The mean length of a matrix's rows; 1 where they are all zero.
  fileprivate var meanRowLength: Float {
    let width = shape[1]
    let values = array
    let lengths = (0..<shape[0]).map { row in
      values[row * width..<(row + 1) * width].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    let mean = lengths.reduce(0, +) / Double(max(1, lengths.count))
    return mean > 0 ? Float(mean) : 1
  }
}
