import TwoTowerFeatures
import TwoTowerFiles
import TwoTowerRecommenders

/// How well people are served who were never in the data, by what is given of them: figures of users held out whole,
/// with what else could be done for them beside it.
package struct UnseenUsersReport {
  /// Rows that the model is told of all these users together.
  package var givenRowCount: Int
  /// What is given is no candidate: of these reports, the figures with seen excluded count.
  package var model: RetrievalReport
  /// Recommending everyone the most popular items, without intervals.
  package var popularity: RetrievalReport
  /// A matrix factorisation of the training rows (iALS) with its usual settings, into which each user is folded by what
  /// is given, without intervals.
  package var implicitALS: RetrievalReport

  /// The object that `evaluate --json` prints.
  package var json: JSONValue {
    var own: [(key: String, value: JSONValue)] = [(key: "seen_excluded", value: model.seenExcluded.json)]
    if !model.intervals.seenExcluded.isEmpty {
      own.append((key: "intervals", value: .object([(key: "seen_excluded", value: model.intervals.seenExcluded.json)])))
    }
    func seenExcluded(_ figures: RetrievalMetrics<Double>) -> JSONValue {
      .object([(key: "seen_excluded", value: figures.json)])
    }
    return .object([
      (key: "users", value: .integer(model.userCount)), (key: "given_rows", value: .integer(givenRowCount)),
      (key: "hidden_rows", value: .integer(model.rowCount)), (key: "model", value: .object(own)),
      (key: "popularity", value: seenExcluded(popularity.seenExcluded)),
      (key: "ials_fold_in", value: seenExcluded(implicitALS.seenExcluded)),
      (key: "chance", value: seenExcluded(model.chance.seenExcluded)),
    ])
  }
}

/// Measures on users held out whole, of whom training saw nothing.
func assessUnseenUsers(
  _ data: TowerData, recommender: any Recommender, cutoffs: RetrievalCutoffs, seed: UInt64
) throws -> UnseenUsersReport {
  let truth = RetrievalTruth(
    userCount: data.userCount, candidateCount: data.itemCount, trainingUsers: data.training.users + data.given.users,
    trainingItems: data.training.items + data.given.items, testUsers: data.hidden.users, testItems: data.hidden.items)
  func report(_ scorer: any CandidateScorer, bootstrapSamples: Int = 0) throws -> RetrievalReport {
    try evaluateRetrieval(
      scorer: scorer, truth: truth, cutoffs: cutoffs, bootstrapSamples: bootstrapSamples, seed: seed)
  }
  let interactions = try InteractionMatrix(data, weights: .binary)
  let people = data.encoder.encode(histories: data.givenHistory)
  let given = people.history.withWeights()
  let model = ServedScorer(
    try recommender.scorer(for: people), histories: people.history.lists, catalogue: data.servedCatalogue)
  return UnseenUsersReport(
    givenRowCount: data.given.count, model: try report(model, bootstrapSamples: 1000),
    popularity: try report(Popularity(fitting: interactions).scorer(of: given)),
    implicitALS: try report(ImplicitALS(fitting: interactions, seed: seed).scorer(of: given)))
}
