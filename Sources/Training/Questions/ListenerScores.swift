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

  /// How much each is liked, as the recipe scales the labels of users.
  ///
  /// The smallest and the largest weight of the data are not known any more: where labels are scaled by them, someone's
  /// largest weight counts as the data's largest.
  func labels(of likes: [Like]) throws -> [Float] {
    let weights = likes.map(\.weight)
    switch try recipe().labels {
    case .binary: return weights.map { _ in 1 }
    case .log: return weights.map { Float(log1p(Double($0))) }
    case .none: return weights
    case .perUserMaximum, .globalMinMax:
      let largest = weights.max() ?? 1
      return weights.map { $0 / largest }
    case .perUserL2:
      let norm = weights.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      return weights.map { Float(Double($0) / norm) }
    }
  }
}
