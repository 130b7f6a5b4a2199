import TwoTowerFiles
import TwoTowerKernels
import TwoTowerRecommenders

/// Users who are measured without a training row.
package struct NewUsers: Sendable, Equatable {
  package let userCount: Int
  /// Those of them who are recommended what is popular, as nothing else says anything of them.
  package let servedPopularityCount: Int
  /// Users with test rows, these among them.
  package let testUserCount: Int

  /// - Parameter fittedItems: what a model knows each user to have.
  /// - Returns: nil where all `users` have something.
  init?(_ users: [Int], fittedItems: IndexLists, scorer: ServedScorer) {
    let new = users.filter { fittedItems.range(of: $0).isEmpty }
    if new.isEmpty { return nil }
    userCount = new.count
    servedPopularityCount = new.count { !scorer.knows($0) }
    testUserCount = users.count
  }

  /// The object `new_users` that `evaluate --json` prints.
  var json: JSONValue {
    .object([
      (key: "users", value: .integer(userCount)), (key: "served_popularity", value: .integer(servedPopularityCount)),
      (key: "test_users", value: .integer(testUserCount)),
    ])
  }
}
