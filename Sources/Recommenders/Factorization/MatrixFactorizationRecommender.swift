import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// A trained matrix factorisation; people who are not in the data are folded in by the labels of what they have.
package struct MatrixFactorizationRecommender: Recommender {
  package static let kind = "matrix-factorization"

  private let trained: RetrievalVectors
  private let foldIn: Lazy<FactorizationFoldIn>

  private init(
    settings: MatrixFactorizationSettings, vectors: RetrievalVectors, rowCount: @escaping @Sendable () throws -> Int
  ) {
    trained = vectors
    foldIn = Lazy {
      FactorizationFoldIn(
        items: vectors.candidates, settings: settings, userCount: vectors.queries.shape[0],
        trainingRowCount: try rowCount())
    }
  }

  /// The model as training left it on `data`.
  package init(trained model: MatrixFactorizationModel, data: TowerData) {
    let (queries, candidates) = model.embeddings
    self.init(
      settings: model.settings, vectors: RetrievalVectors(queries: queries, candidates: candidates),
      rowCount: { data.seenItems.indices.count })
  }

  package init(loading source: any RecommenderSource) throws {
    guard let settings = source.settings.matrixFactorization else {
      throw source.refusal("model settings", found: "no matrix factorisation", expected: "one")
    }
    self.init(
      settings: settings, vectors: try source.vectors(), rowCount: { try source.knownCounts().reduce(0, +) })
  }

  package var userCount: Int { trained.queries.shape[0] }
  package var itemCount: Int { trained.candidates.shape[0] }
  package var parameterCount: Int { trained.queries.count + trained.candidates.count }
  package var scorer: any CandidateScorer { trained.scorer }
  package var vectors: RetrievalVectors? { trained }
  package var tensors: [String: StoredArray] { [:] }

  package func scorer(for people: EncodedPeople) throws -> any CandidateScorer {
    EmbeddingScorer(queries: try queries(of: people), candidates: trained.candidates)
  }

  package func vectors(of people: EncodedPeople) throws -> Tensor? { try queries(of: people) }

  private func queries(of people: EncodedPeople) throws -> Tensor {
    let foldIn = try foldIn()
    let width = trained.queries.shape[1]
    let vectors = Tensor(zeros: [people.count, width])
    for person in 0..<people.count {
      let range = people.labels.range(of: person)
      guard !range.isEmpty else { continue }
      let vector = foldIn.query(items: Array(people.labels.indices[range]), labels: Array(people.labels.weights[range]))
      vectors.buffer.copy(vector.buffer, at: person * width)
    }
    return vectors
  }
}
