import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerServing

extension Recommender {
  /// The best items for someone, best first; of equal scores the one that the catalogue has first.
  ///
  /// ```swift
  /// try model.recommend(for: .user("a"), count: 10)
  /// try model.recommend(for: .likes(["x": 3, "y": 1]), count: 10, excluding: .seen(and: ["z"]))
  /// ```
  ///
  /// - Parameters:
  ///   - count: how many; where fewer are left, fewer come.
  ///   - excluding: what the list leaves out; by default, what the person is known to have.
  /// - Throws: ``TwoTowerError/unknownUser(_:similar:)`` and ``TwoTowerError/unknownItem(_:similar:)``, also for items to
  ///   leave out; ``TwoTowerError/question(_:)`` for nobody's likes, a weight that is not above 0, or a negative count.
  public func recommend(
    for person: Person, count: Int, excluding: Exclusion = .seen
  ) throws(TwoTowerError) -> [Recommendation] {
    let query = try query(person)
    var request = RecommendationRequest(top: try length(count))
    request.includesSeen = !excluding.leavesSeenOut
    if !excluding.items.isEmpty {
      var isAllowed = [Bool](repeating: true, count: itemTable.count)
      for item in excluding.items { isAllowed[Int(try number(ofItem: item))] = false }
      request.isAllowed = isAllowed
    }
    return try translatingErrors { try answerer.recommend(to: query, request).map(recommendation) }
  }

  /// The items most like one, itself left out, highest first: by the correlation of who has them, and by the cosine of
  /// their vectors where the model has some.
  ///
  /// - Parameter count: how many; where fewer have anything in common with it, fewer come.
  /// - Throws: ``TwoTowerError/unknownItem(_:similar:)``, ``TwoTowerError/question(_:)`` for an item that nothing is
  ///   known of.
  public func similarItems(to item: String, count: Int) throws(TwoTowerError) -> [Recommendation] {
    let (number, count) = (try number(ofItem: item), try length(count))
    return try translatingErrors {
      try answerer.similarItems(to: number, measure: answerer.defaultItemMeasure, top: count).map {
        recommendation(RankedItem(item: $0.index, score: $0.score))
      }
    }
  }

  /// The given items in the order in which someone would like them, best first: none is left out or added.
  ///
  /// - Throws: ``TwoTowerError/unknownUser(_:similar:)``, ``TwoTowerError/unknownItem(_:similar:)`` and
  ///   ``TwoTowerError/question(_:)``.
  public func rank(_ items: [String], for person: Person) throws(TwoTowerError) -> [Recommendation] {
    let query = try query(person)
    var numbers: [Int32] = []
    for item in items { numbers.append(try number(ofItem: item)) }
    return try translatingErrors { try answerer.rank(numbers, for: query).map(recommendation) }
  }

  private func recommendation(_ ranked: RankedItem) -> Recommendation {
    Recommendation(
      item: itemTable[ranked.item], name: answerer.itemNames[Int(ranked.item)],
      score: ranked.prediction ?? ranked.score ?? -.infinity)
  }

  // MARK: - Identifiers

  func number(ofItem item: String) throws(TwoTowerError) -> Int32 {
    if let number = itemTable.index(of: item) { return number }
    throw .unknownItem(item, similar: nearestNames(to: item, in: items))
  }

  func number(ofUser user: String) throws(TwoTowerError) -> Int32 {
    if let number = userTable.index(of: user) { return number }
    throw .unknownUser(user, similar: nearestNames(to: user, in: users))
  }

  private func query(_ person: Person) throws(TwoTowerError) -> Query {
    switch person {
    case .user(let user): return .user(try number(ofUser: user))
    case .likes(let weights):
      guard !weights.isEmpty else { throw .question("likes: found none, expected at least one item") }
      var likes: [Like] = []
      for (item, weight) in weights.sorted(by: { $0.key < $1.key }) {
        guard weight.isFinite && weight > 0 else {
          throw .question("likes: the weight of \(item.quoted()) is \(weight), expected a finite number above 0")
        }
        likes.append(Like(item: try number(ofItem: item), weight: weight))
      }
      return .likes(likes)
    }
  }

  /// The length of a list that is asked for, within the catalogue.
  private func length(_ count: Int) throws(TwoTowerError) -> Int {
    guard count >= 0 else { throw .question("count: found \(count), expected 0 or more") }
    return min(count, itemTable.count)
  }
}
