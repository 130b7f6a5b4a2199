import Foundation
import TwoTowerFiles

/// The metrics of each user's list, by which models are compared user by user.
package struct UserFigures: Sendable, Equatable {
  /// The users with a test row, by identifier.
  package let users: [String]
  /// For each metric, named by its path such as `recall.20`, a value for each user.
  package let values: [String: [Double]]

  /// - Precondition: every metric has a value for each user.
  package init(users: [String], values: [String: [Double]]) {
    precondition(
      values.values.allSatisfy { $0.count == users.count },
      "UserFigures: not one value for each of \(users.count) users"
    )
    (self.users, self.values) = (users, values)
  }

  /// An object of `users` and, beside it, each metric's values.
  package var json: JSONValue {
    .object(
      [(key: "users", value: .array(users.map(JSONValue.string)))]
        + values.keys.sorted().map { key in (key: key, value: .array(values[key]!.map(JSONValue.number))) })
  }

  /// Reads what `json` writes; nil for anything else.
  package init?(json: Data) {
    guard let members = (try? JSONSerialization.jsonObject(with: json)) as? [String: Any],
      let users = members["users"] as? [String]
    else { return nil }
    var values: [String: [Double]] = [:]
    for (key, member) in members where key != "users" {
      guard let numbers = member as? [Double], numbers.count == users.count else { return nil }
      values[key] = numbers
    }
    self.init(users: users, values: values)
  }
}

extension RetrievalReport {
  /// The metrics of each user's list, seen items excluded; nil where no lists were measured.
  ///
  /// - Parameter identifiers: of all users of the data.
  package func userFigures(_ identifiers: [String]) -> UserFigures? {
    guard let shown else { return nil }
    return UserFigures(
      users: shown.users.map { identifiers[Int($0)] },
      values: Dictionary(uniqueKeysWithValues: ofEachUser.map { ($0.path, $1) }))
  }
}
