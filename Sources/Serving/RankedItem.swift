/// An item in an answer, with the retrieval score or the predicted label that placed it.
package struct RankedItem: Sendable, Equatable {
  package var item: Int32
  package var score: Float?
  package var prediction: Float?

  package init(item: Int32, score: Float? = nil, prediction: Float? = nil) {
    self.item = item
    self.score = score
    self.prediction = prediction
  }

  /// Higher predictions first, else higher scores, then what has neither; ties by the catalogue's order.
  static func standsBefore(_ left: RankedItem, _ right: RankedItem) -> Bool {
    let (leftValue, rightValue) = (
      left.prediction ?? left.score ?? -.infinity, right.prediction ?? right.score ?? -.infinity
    )
    return leftValue == rightValue ? left.item < right.item : leftValue > rightValue
  }
}
