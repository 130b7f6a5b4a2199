import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerRecommenders

extension Answerer {
  /// The score of every item, as it is served: `Float.neverListed` for one of which nothing is known.
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

  /// Why someone is recommended what is popular; nil where it is what the model says.
  package func popularityReason(for query: Query) throws -> PopularityReason? {
    let (scorer, row) = try scorer(of: query)
    return scorer.popularityReason(of: row)
  }

  /// What scores someone as they are served, and which of its users they are.
  func scorer(of query: Query) throws -> (scorer: ServedScorer, row: Int) {
    switch query {
    case .user(let user): return (try scorer(), Int(user))
    case .likes(let likes):
      let history = try history(of: likes)
      let model = try scorer(ofHistories: history)
      return (ServedScorer(model, histories: history.lists, catalogue: try servedCatalogue()), 0)
    }
  }

  /// The likes as one row of histories, without items of which nothing is known: they say nothing.
  func history(of likes: [Like]) throws -> SparseRows {
    let catalogue = try servedCatalogue()
    return likes.filter { !catalogue.isUnknown($0.item) }.history
  }

  /// A model's scorer of people who have these items, a row each.
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
      guard let people = try recommender().directions(of: encoder().encode(histories: history(of: likes))) else {
        throw QuestionError.noRetrieval(runName)
      }
      return people.row(0)
    }
  }

  /// The given items in the order of the ranking model's predictions, or of retrieval's scores without one: those of
  /// which nothing is known come last and have no score.
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
    let scores = try scores(of: query)
    return items.map { item in
      let score = scores[Int(item)]
      return RankedItem(item: item, score: score > .neverListed ? score : nil)
    }.sorted(by: RankedItem.standsBefore)
  }
}

extension LabeledPairs {
  /// One user with several items, without labels.
  init(user: Int32, items: [Int32]) {
    self.init(users: items.map { _ in user }, items: items, labels: items.map { _ in 0 })
  }
}
