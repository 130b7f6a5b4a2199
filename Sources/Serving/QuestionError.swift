import TwoTowerFiles

/// A question that a run cannot answer.
package enum QuestionError: UserFacingError, Equatable {
  case noRetrieval(String)
  case noEmbeddings(String, kind: String)
  case noRanking(String)
  case unfinished(String)
  /// Nothing is known of an item or a user; the text says whom.
  case nothingKnown(String)
  case question(String)

  package var description: String {
    switch self {
    case .noRetrieval(let run):
      "\(run): the run has no retrieval task: fit a recipe with a 'retrieval', 'matrix-factorization' or "
        + "'baseline' section"
    case .noEmbeddings(let run, let kind):
      "\(run): found a model of kind '\(kind)', which has no embeddings, expected one that has: take a run of "
        + "'implicit-als', 'retrieval' or 'matrix-factorization', or ask this one with recommend"
    case .noRanking(let run): "\(run): the run has no ranking task: fit a recipe with a 'ranking' section"
    case .unfinished(let run): "\(run): the run is not finished: go on with twotower fit --resume \(run)"
    case .nothingKnown(let text), .question(let text): text
    }
  }
}
