import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// A fitted model that retrieves items: the one contract of two-tower models, factorisations and baselines.
package protocol Recommender: Sendable {
  /// The word by which recipes and runs name the kind.
  static var kind: String { get }

  var userCount: Int { get }
  var itemCount: Int { get }
  /// Fitted numbers.
  var parameterCount: Int { get }
  /// Scores the users of the fit.
  var scorer: any CandidateScorer { get }
  /// Scores people by what they have, a row each, in the data or not.
  func scorer(for people: EncodedPeople) throws -> any CandidateScorer
  /// What the model takes of users of the data besides what they have.
  var inputsBesideHistory: [FeatureName] { get }

  /// The vectors whose dot products are the scores; nil for a kind that has none.
  var vectors: RetrievalVectors? { get }
  /// The vectors whose directions tell what is alike: `vectors` without what stands for popularity in them.
  var directions: RetrievalVectors? { get }
  /// The vectors of people, `[people.count, dimension]`, zeros for those who have nothing; nil for a kind that has none.
  func vectors(of people: EncodedPeople) throws -> Tensor?

  /// The vectors of people whose directions tell who is alike; what more columns they have than `directions` says nothing.
  func directions(of people: EncodedPeople) throws -> Tensor?
  /// The vectors that a run keeps, with those of users held out whole found from what is given of them.
  func storedVectors(foldingIn given: EncodedPeople) throws -> RetrievalVectors?

  /// What a file keeps beside `vectors`; of a model that is trained step by step, nothing beyond its parameters.
  var tensors: [String: StoredArray] { get }
  /// The model that `source` holds: every size, order, range and value is checked.
  init(loading source: any RecommenderSource) throws
}

/// The kinds of recommenders: a new one is a line here.
package let recommenderTypes: [any Recommender.Type] =
  [TwoTowerRecommender.self, TowersBlend.self, MatrixFactorizationRecommender.self]
  + baselineTypes.map(recommenderType(of:))

/// The vectors whose dot products are scores.
package struct RetrievalVectors: Sendable {
  /// One per user, `[userCount, dimension]`.
  package let queries: Tensor
  /// One per item, `[itemCount, dimension]`.
  package let candidates: Tensor

  /// - Precondition: both of one dimension.
  package init(queries: Tensor, candidates: Tensor) {
    precondition(
      queries.shape.rank == 2 && candidates.shape.rank == 2 && queries.shape[1] == candidates.shape[1],
      "RetrievalVectors: queries \(queries.shape), candidates \(candidates.shape)")
    self.queries = queries
    self.candidates = candidates
  }

  package var scorer: EmbeddingScorer { EmbeddingScorer(queries: queries, candidates: candidates) }

  /// The same, with the rows of `people` who have anything in place of the users' own.
  ///
  /// - Parameter vectors: `[userCount, dimension]`.
  func replacing(_ people: EncodedPeople, by vectors: Tensor) -> RetrievalVectors {
    let users = queries.copy()
    for user in 0..<people.count where !people.history.range(of: user).isEmpty {
      users.buffer.copy(vectors.row(user).buffer, at: user * queries.shape[1])
    }
    return RetrievalVectors(queries: users, candidates: candidates)
  }
}

extension Recommender {
  package var inputsBesideHistory: [FeatureName] { [] }
  package var vectors: RetrievalVectors? { nil }
  package var directions: RetrievalVectors? { vectors }
  package func vectors(of people: EncodedPeople) throws -> Tensor? { nil }
  package func directions(of people: EncodedPeople) throws -> Tensor? { try vectors(of: people) }
  package func storedVectors(foldingIn given: EncodedPeople) throws -> RetrievalVectors? {
    try vectors(foldingIn: given)
  }

  /// The vectors, with those of users held out whole found from what is given of them.
  ///
  /// - Parameter given: a row per user of the data, empty for those who were trained on.
  package func vectors(foldingIn given: EncodedPeople) throws -> RetrievalVectors? {
    guard let vectors, !given.history.indices.isEmpty, let folded = try self.vectors(of: given) else { return vectors }
    return vectors.replacing(given, by: folded)
  }

  /// Scores all users of the data: those of the fit, and those held out whole by what is given of them.
  package func scorer(foldingIn given: EncodedPeople) throws -> any CandidateScorer {
    if given.history.indices.isEmpty { return scorer }
    if let vectors = try vectors(foldingIn: given) { return vectors.scorer }
    return GivenUsersScorer(
      fitted: scorer, given: try scorer(for: given),
      isGiven: (0..<given.count).map {
        !given.history.range(of: $0).isEmpty
      })
  }
}

/// Scores users of the fit by one scorer, and users held out whole, whom it does not know, by another.
private struct GivenUsersScorer: CandidateScorer {
  let fitted, given: any CandidateScorer
  let isGiven: [Bool]

  var userCount: Int { fitted.userCount }
  var candidateCount: Int { fitted.candidateCount }

  func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    checkBlock(users, candidates, scoreCount: scores.count)
    for (scorer, rows) in [
      (fitted, users.indices.filter { !isGiven[users[$0]] }), (given, users.indices.filter { isGiven[users[$0]] }),
    ] where !rows.isEmpty {
      let own = FloatBuffer(zeros: rows.count * candidates.count)
      var target = own.mutableSpan
      scorer.score(rows.map { users[$0] }, candidates: candidates, into: &target)
      for (place, row) in rows.enumerated() {
        for column in 0..<candidates.count {
          scores[row * candidates.count + column] = target[place * candidates.count + column]
        }
      }
    }
  }
}
