import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerRecommenders

/// Why an item was recommended: the known items that speak most for it.
package struct Explanation: Sendable, Equatable {
  /// Items that someone has, the greatest share of what speaks for the recommendation first.
  package var contributions: [(item: Int32, share: Double)]
  /// Genres of the recommended item that one of these has too.
  package var sharedGenres: [String]

  package static func == (left: Explanation, right: Explanation) -> Bool {
    left.sharedGenres == right.sharedGenres
      && left.contributions.elementsEqual(right.contributions) { $0 == $1 }
  }
}

extension Answerer {
  /// Why each of `items` suits someone: what each known item says for it, as a share of all that speaks for it.
  ///
  /// In a model with vectors, that is the known item's likeness to it times how much the known item is liked; in one
  /// without, the score that it gives someone who has this item alone.
  ///
  /// - Parameter limit: how many known items are named for each.
  package func explain(_ items: [Int32], for query: Query, limit: Int = 3) throws -> [Explanation] {
    let likes: [Like]
    switch query {
    case .user(let user): likes = try seenItems(of: user).map { Like(item: $0, weight: 1) }
    case .likes(let given): likes = given
    }
    let effects = hasDirections ? try likenesses(of: likes, to: items) : try effects(of: likes, on: items)
    let genres = try itemGenres()
    return zip(items, effects).map { item, effects in
      let parts = zip(likes, effects).filter { $0.0.item != item && $0.1 > 0 }.map { (item: $0.0.item, share: $0.1) }
      let total = parts.reduce(0) { $0 + $1.share }
      let best = parts.sorted { ($1.share, $0.item) < ($0.share, $1.item) }.prefix(limit)
      let theirs = Set(best.flatMap { genres[$0.item] })
      return Explanation(
        contributions: best.map { (item: $0.item, share: $0.share / total) },
        sharedGenres: genres[item].filter(theirs.contains).map { genres.names[Int($0)] })
    }
  }

  /// For each item, its dot product with what is liked, times the effect of the weight.
  private func likenesses(of likes: [Like], to items: [Int32]) throws -> [[Double]] {
    let candidates = try directions().candidates
    return items.map { item in
      let vector = candidates.row(Int(item))
      return likes.map { like in
        dot(vector.buffer.span, candidates.row(Int(like.item)).buffer.span) * Double(FoldIn.effect(of: like.weight))
      }
    }
  }

  /// For each item, what its score gains from each like alone.
  private func effects(of likes: [Like], on items: [Int32]) throws -> [[Double]] {
    // Someone with each like alone, and someone who has nothing.
    let scorer = try scorer(
      ofHistories: SparseRows(
        offsets: (0...likes.count).map(Int32.init) + [Int32(likes.count)], indices: likes.map(\.item),
        weights: likes.map(\.weight)))
    return items.map { item in
      let scores = FloatBuffer(zeros: likes.count + 1)
      var target = scores.mutableSpan
      scorer.score(Array(0...likes.count), candidates: Int(item)..<Int(item) + 1, into: &target)
      return likes.indices.map { Double(target[$0] - target[likes.count]) }
    }
  }
}
