import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerRecommenders

extension Answerer {
  /// The score of every item.
  ///
  /// - Throws: `QuestionError.question` for a score that is not finite.
  func scores(of query: Query) throws -> [Float] {
    let (scorer, row) = try scorer(of: query)
    let scores = FloatBuffer(zeros: itemCount)
    var target = scores.mutableSpan
    scorer.score([row], candidates: 0..<itemCount, into: &target)
    let values = scores.array
    guard values.allSatisfy(\.isFinite) else {
      throw QuestionError.question("\(runName): a score is not finite: the model has diverged; fit again")
    }
    return values
  }

  /// What scores someone, and which of its users they are.
  func scorer(of query: Query) throws -> (scorer: any CandidateScorer, row: Int) {
    switch query {
    case .user(let user): (try scorer(), Int(user))
    case .likes(let likes): (try scorer(ofHistories: likes.history), 0)
    }
  }

  /// A scorer of people who have these items, a row each.
  func scorer(ofHistories histories: SparseRows) throws -> any CandidateScorer {
    try recommender().scorer(for: encoder().encode(histories: histories))
  }

  /// The vector whose direction tells who is like someone, `[dimension]` or longer.
  ///
  /// - Throws: `QuestionError.noEmbeddings` for a model without such.
  package func vector(of query: Query) throws -> Tensor {
    let vectors = try vectors()
    switch query {
    case .user(let user): return vectors.queries.row(Int(user))
    case .likes(let likes):
      guard let people = try recommender().directions(of: encoder().encode(histories: likes.history)) else {
        throw QuestionError.noRetrieval(runName)
      }
      return people.row(0)
    }
  }

  /// The given items in the order of the ranking model's predictions, or of retrieval's scores without one.
  ///
  /// - Throws: `QuestionError.question` for someone whom the ranking model does not know.
  package func rank(_ items: [Int32], for query: Query) throws -> [RankedItem] {
    if hasRanking, case .user(let user) = query {
      let models = try models()
      if let model = models.rankingWithPairs ?? models.ranking {
        let pairs = LabeledPairs(user: user, items: items)
        return zip(items, model.predictions(for: pairs, data: try data()))
          .map { RankedItem(item: $0, prediction: $1) }.sorted(by: RankedItem.standsBefore)
      }
    }
    if hasRanking && settings.recommenderKind == nil {
      throw QuestionError.question("the ranking model knows users of the data only, and the run has no other")
    }
    let (scorer, row) = try scorer(of: query)
    return scorer.scores(of: Int32(row), items: items).map { RankedItem(item: $0.index, score: $0.score) }
      .sorted(by: RankedItem.standsBefore)
  }
}

extension LabeledPairs {
  /// One user with several items, without labels.
  init(user: Int32, items: [Int32]) {
    self.init(users: items.map { _ in user }, items: items, labels: items.map { _ in 0 })
  }
}
