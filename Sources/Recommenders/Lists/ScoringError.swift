import TwoTowerFiles

/// Why a model's scores or lists cannot be had.
package enum ScoringError: UserFacingError, Equatable {
  /// A tensor holds NaN or an infinity in `row`.
  case nonFinite(tensor: String, row: Int)
  /// The scores of one query are not finite: those of finite embeddings overflow, or another model's are damaged.
  case nonFiniteScore(queryRow: Int)
  /// A metric "at k" was asked for that the catalogue has too few candidates for.
  case cutoffOutOfRange(cutoff: Int, candidateCount: Int)
  /// Variety is asked for, and there are no vectors to tell likeness by.
  case noVectorsForDiversity

  package var description: String {
    switch self {
    case .nonFinite(let tensor, let row):
      "\(tensor) row \(row): found a value that is not finite; the model has diverged or its weights are damaged"
    case .nonFiniteScore(let row):
      "scores of query row \(row): found a value that is not finite; the model's values are too large"
    case .noVectorsForDiversity:
      "--diversity compares the vectors of items, and a model of this kind has none: leave --diversity out"
    case .cutoffOutOfRange(let cutoff, let count):
      "k = \(cutoff) is out of range: the catalogue has \(count) candidates, so choose k from 1 to \(count)"
    }
  }
}
