import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerServing

extension Recommender {
  /// Measures the model on rows that it was not fitted on.
  ///
  /// Every item of the catalogue that the user is not known to have competes with each held-out one; of equal scores
  /// the held-out item loses. Weights do not count.
  ///
  /// ```swift
  /// let (training, heldOut) = try data.holdingOut(0.2, seed: 1)
  /// let report = try Recommender.fit(training, settings: .ease()).evaluate(on: heldOut)
  /// print(report["recall@20"]!.value, report["recall@20"]!.popularity!)
  /// ```
  ///
  /// - Parameter heldOut: rows of users and items that the model knows.
  /// - Throws: ``TwoTowerError/unknownUser(_:similar:)``, ``TwoTowerError/unknownItem(_:similar:)``, and
  ///   ``TwoTowerError/interactions(row:problem:)`` naming a row that the model was fitted on.
  public func evaluate(on heldOut: Interactions) throws(TwoTowerError) -> EvaluationReport {
    let rows = heldOut.dataset.interactions
    var pairs = LabeledPairs()
    for row in 0..<heldOut.count {
      let (user, item) = (heldOut.dataset.users[rows.users[row]], heldOut.dataset.items[rows.items[row]])
      let (userNumber, itemNumber) = (try number(ofUser: user), try number(ofItem: item))
      let seen = try translatingErrors { try answerer.isSeen(itemNumber, by: userNumber) }
      guard !seen else {
        throw .interactions(
          row: row,
          problem: "the model was fitted on user \(user.quoted()) and item \(item.quoted()): hold rows out before "
            + "fitting")
      }
      pairs.users.append(userNumber)
      pairs.items.append(itemNumber)
      pairs.labels.append(rows.weights[row])
    }
    return try translatingErrors {
      let assessment = try answerer.evaluate(on: pairs)
      guard let report = assessment.retrieval else { throw TwoTowerError.unsupported("the model retrieves nothing") }
      return EvaluationReport(report, popularity: assessment.popularity)
    }
  }
}
