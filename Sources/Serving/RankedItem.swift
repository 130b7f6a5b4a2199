/// An item in an answer, with the retrieval score, the predicted label or what was made of both, which placed it.
package struct RankedItem: Sendable, Equatable {
  package var item: Int32
  package var score: Float?
  package var prediction: Float?
  /// The reranker's sum.
  package var reranked: Float?

  package init(item: Int32, score: Float? = nil, prediction: Float? = nil, reranked: Float? = nil) {
    self.item = item
    self.score = score
    self.prediction = prediction
    self.reranked = reranked
  }

  /// Higher predictions first, else higher scores, then what has neither; ties by the catalogue's order.
  static func standsBefore(_ left: RankedItem, _ right: RankedItem) -> Bool {
    let (leftValue, rightValue) = (
      left.prediction ?? left.score ?? -.infinity, right.prediction ?? right.score ?? -.infinity
    )
    return leftValue == rightValue ? left.item < right.item : leftValue > rightValue
  }
}
