import Autodiff
import Datasets
import Features
import Foundation
import Kernels
import TwoTower

extension FinishedRun {
  /// The score of every item for a listener.
  ///
  /// - Throws: `RunError.question` for a score that is not finite.
  func scores(of listener: Listener) throws -> [Float] {
    let scores = FloatBuffer(zeros: itemCount)
    var target = scores.mutableSpan
    if let model = try baselineScorer() {
      switch listener {
      case .user(let user): model.score([Int(user)], candidates: 0..<itemCount, into: &target)
      case .person(let likes):
        try historyScorer([likes]).score([0], candidates: 0..<itemCount, into: &target)
      }
    } else {
      let candidates = try embeddings().candidates
      let query = try query(of: listener)
      matrixMultiply(
        query.buffer.span, candidates.buffer.span, into: &target, rows: 1, columns: itemCount, inner: query.count,
        transposeB: true)
    }
    let values = scores.array
    guard values.allSatisfy(\.isFinite) else {
      throw RunError.question("\(folder.path): a score is not finite: the model has diverged; fit again")
    }
    return values
  }

  /// The run's baseline as the scorer of people who have these likes, a row each.
  func historyScorer(_ people: [[Like]]) throws -> any CandidateScorer {
    guard let model = try baseline(), let settings = try recipe().baseline else {
      throw RunError.noRetrieval(folder.path)
    }
    var histories = SparseRows()
    for likes in people {
      let likes = likes.sorted { $0.item < $1.item }
      let weights = settings.weights == .labels ? try labels(of: likes) : likes.map { _ in 1 }
      for (like, weight) in zip(likes, weights) { histories.append(like.item, weight: weight) }
      histories.endRow()
    }
    return try model.scorer.scorer(of: histories)
  }

  /// How much each is liked, scaled as the labels of users are.
  func labels(of likes: [Like]) throws -> [Float] { try data().encoder.labelScaler.labels(ofHistory: likes.map(\.weight)) }
}
