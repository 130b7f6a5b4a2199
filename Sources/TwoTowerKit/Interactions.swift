import Foundation
import TwoTowerDatasets
import TwoTowerFiles

/// Who had what, and how much of it: what recommenders are fitted on and measured against.
///
/// A row is a user, an item and a weight. Identifiers are strings, kept exactly as given: letter case, accents and
/// leading zeros tell them apart.
///
/// ```swift
/// let data = try Interactions(users: ["a", "a", "b"], items: ["x", "y", "y"], weights: [3, 1, 2])
/// ```
public struct Interactions: Sendable {
  package let dataset: Dataset

  init(_ dataset: Dataset) { self.dataset = dataset }

  /// The number of rows.
  public var count: Int { dataset.interactions.count }

  /// The users, in the order in which they first appear.
  public var users: [String] { dataset.users.identifiers }

  /// The catalogue, every item that can be recommended: those of the rows in the order in which they first appear, then
  /// those that have a name or tags only, sorted.
  public var items: [String] { dataset.items.identifiers }

  /// Interactions by columns of equal length, a row for every pair of a user and an item.
  ///
  /// - Parameters:
  ///   - users: the user of each row.
  ///   - items: the item of each row.
  ///   - weights: how much (a count, a rating), finite and at least 0; nil for 1 each.
  ///   - timestamps: when; nil where it is not known. No settings of this module look at it.
  ///   - itemNames: what people call items; the others are called by their identifiers.
  ///   - itemTags: words for items, such as genres, by which models know those that nobody has had yet.
  /// - Throws: ``TwoTowerError/interactions(row:problem:)``, naming the first row that cannot be used: columns of
  ///   unequal length, no rows, an empty identifier, a weight that is not finite or is negative, a pair that an earlier
  ///   row has.
  public init(
    users: [String], items: [String], weights: [Float]? = nil, timestamps: [Date]? = nil,
    itemNames: [String: String] = [:], itemTags: [String: [String]] = [:]
  ) throws(TwoTowerError) {
    try Self.checkLengths(
      [("items", items.count), ("weights", weights?.count), ("timestamps", timestamps?.count)], users: users.count)
    var columns = Columns()
    for row in users.indices {
      try columns.append(
        user: users[row], item: items[row], weight: weights?[row] ?? 1, time: timestamps?[row], row: row)
    }
    try columns.checkPairs()

    var catalogue = columns.items
    for item in Set(itemNames.keys).union(itemTags.keys).sorted() {
      guard !item.isEmpty else {
        throw .interactions(row: nil, problem: "names or tags: found an item without identifier")
      }
      catalogue.insert(item)
    }
    var tags = IdentifierTable()
    var itemTagRows = ItemTags()
    for (item, identifier) in catalogue.identifiers.enumerated() {
      var own: Set<Int32> = []
      for tag in itemTags[identifier] ?? [] where !tag.isEmpty && own.insert(tags.insert(tag)).inserted {
        itemTagRows.items.append(Int32(item))
        itemTagRows.tags.append(tags.insert(tag))
      }
    }
    dataset = Dataset(
      name: "interactions", users: columns.users, items: catalogue,
      itemNames: catalogue.identifiers.map { itemNames[$0] ?? $0 }, interactions: columns.rows,
      tagNames: tags.identifiers, itemTags: itemTagRows)
  }

  private static func checkLengths(_ columns: [(name: String, count: Int?)], users: Int) throws(TwoTowerError) {
    guard users > 0 else { throw .interactions(row: nil, problem: "found no rows, expected at least one") }
    guard users <= Int(Int32.max) else {
      throw .interactions(row: nil, problem: "found \(users) rows, expected at most \(Int32.max)")
    }
    for case (let name, let count?) in columns where count != users {
      throw .interactions(
        row: min(count, users), problem: "found \(users) users and \(count) \(name), expected as many of each")
    }
  }
}

/// Rows under construction, each checked as it comes.
private struct Columns {
  var users = IdentifierTable()
  var items = IdentifierTable()
  var rows = TwoTowerDatasets.Interactions()

  mutating func append(user: String, item: String, weight: Float, time: Date?, row: Int) throws(TwoTowerError) {
    for (name, identifier) in [("user", user), ("item", item)] where identifier.isEmpty {
      throw .interactions(row: row, problem: "the \(name) is an empty string, expected an identifier")
    }
    guard weight.isFinite && weight >= 0 else {
      throw .interactions(row: row, problem: "the weight is \(weight), expected a finite number, 0 or more")
    }
    rows.users.append(users.insert(user))
    rows.items.append(items.insert(item))
    rows.weights.append(weight)
    guard let time else { return }
    guard let milliseconds = Int64(exactly: (time.timeIntervalSince1970 * 1000).rounded()) else {
      throw .interactions(row: row, problem: "the timestamp is \(time.timeIntervalSince1970) s, beyond all calendars")
    }
    rows.timestamps.append(milliseconds)
  }

  func checkPairs() throws(TwoTowerError) {
    guard let (first, row) = rows.duplicateRows(userCount: users.count, itemCount: items.count).first else { return }
    let (user, item) = (users[rows.users[Int(row)]], items[rows.items[Int(row)]])
    throw .interactions(
      row: Int(row),
      problem: "user \(user.quoted()) and item \(item.quoted()) are those of row \(first) already, expected each pair "
        + "once: add the weights up, or keep one")
  }
}
