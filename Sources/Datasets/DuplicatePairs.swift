import TwoTowerKernels

/// What happens when a file lists the same user and item more than once.
package enum DuplicateRule: String, CaseIterable, Sendable, Codable {
  /// An error that names both lines.
  case refuse
  /// One row with the sum of the weights and the latest time.
  case sum
  /// One row, in the first one's place, with the last one's weight and time.
  case last
  /// The first row; later ones are dropped.
  case first
}

/// Makes the pairs of `interactions`, read row by row from `source`, unique by `rule`; returns how many rows went.
func resolveDuplicates(
  _ interactions: inout Interactions, rule: DuplicateRule, users: IdentifierTable, items: IdentifierTable,
  source: DelimitedFile
) throws(DatasetError) -> Int {
  let duplicates = interactions.duplicateRows(userCount: users.count, itemCount: items.count)
  guard let earliest = duplicates.first else { return 0 }
  if rule == .refuse {
    let lines = try source.lines(ofRows: [Int(earliest.first), Int(earliest.row)])
    throw .duplicatePair(
      path: source.path, line: lines[1], firstLine: lines[0], user: users[interactions.users[Int(earliest.row)]],
      item: items[interactions.items[Int(earliest.row)]])
  }
  var isKept = [Bool](repeating: true, count: interactions.count)
  var sums: [Int32: Double] = [:]
  for (first, row) in duplicates {
    let (first, row) = (Int(first), Int(row))
    isKept[row] = false
    switch rule {
    case .refuse, .first:
      break
    case .last:
      interactions.weights[first] = interactions.weights[row]
      if !interactions.timestamps.isEmpty { interactions.timestamps[first] = interactions.timestamps[row] }
    case .sum:
      let sum = sums[Int32(first), default: Double(interactions.weights[first])] + Double(interactions.weights[row])
      guard Float(sum).isFinite else {
        throw .weightOverflow(
          path: source.path, user: users[interactions.users[row]], item: items[interactions.items[row]])
      }
      sums[Int32(first)] = sum
      if !interactions.timestamps.isEmpty {
        interactions.timestamps[first] = max(interactions.timestamps[first], interactions.timestamps[row])
      }
    }
  }
  for (row, sum) in sums { interactions.weights[Int(row)] = Float(sum) }
  let rows = (0..<interactions.count).filter { isKept[$0] }
  interactions = Interactions(
    users: rows.map { interactions.users[$0] }, items: rows.map { interactions.items[$0] },
    weights: rows.map { interactions.weights[$0] },
    timestamps: interactions.timestamps.isEmpty ? [] : rows.map { interactions.timestamps[$0] })
  return duplicates.count
}

extension Interactions {
  /// Every row whose user and item an earlier row has, with the first such row; in the order of the file.
  ///
  /// - Complexity: O(rows + users + items). Rows are visited user by user while each item remembers its last row, so
  ///   the memory visited at random is the items' alone; files that list user after user need no sorting.
  package func duplicateRows(userCount: Int, itemCount: Int) -> [(first: Int32, row: Int32)] {
    var lastRow = [Int32](repeating: -1, count: itemCount)
    var duplicates: [(first: Int32, row: Int32)] = []
    func visit(_ row: Int) {
      let item = Int(items[row])
      let previous = lastRow[item]
      if previous >= 0 && users[Int(previous)] == users[row] {
        duplicates.append((previous, Int32(row)))
      } else {
        lastRow[item] = Int32(row)
      }
    }
    if zip(users, users.dropFirst()).allSatisfy({ $0 <= $1 }) {
      for row in 0..<count { visit(row) }
    } else {
      for row in Grouping(keys: users, groupCount: userCount).order { visit(Int(row)) }
    }
    return duplicates.sorted { $0.row < $1.row }
  }
}
