import TwoTowerFiles

/// Reads which interactions of `dataset` are for training and which for testing from two tables of (user, item) rows.
///
/// Each row must be an interaction of the data, in one of the files only and once. Where a table has the weight column,
/// its weights must be those of the data. Rows of the data in neither file are not used.
///
/// - Parameter test: nil to hold nothing out.
package func readSplit(
  train: String, test: String?, dataset: Dataset, columns: TableColumns = .hetRec
) throws(DatasetError) -> Split {
  let interactions = dataset.interactions
  let pairs = PairTable(
    users: interactions.users, items: interactions.items, userCount: dataset.users.count,
    itemCount: dataset.items.count)
  let reader = SplitReader(dataset: dataset, pairs: pairs, columns: columns)
  let trainFile = try DelimitedFile(mappedFile(train))
  // For each interaction 0, or its place (from 1) in one of the files: positive in training, negative in test.
  var places = [Int32](repeating: 0, count: dataset.interactions.count)
  guard let test else {
    return Split(train: try reader.rows(of: trainFile, places: &places, sign: 1, other: trainFile), test: [])
  }
  let testFile = try DelimitedFile(mappedFile(test))
  let trainRows = try reader.rows(of: trainFile, places: &places, sign: 1, other: testFile)
  let testRows = try reader.rows(of: testFile, places: &places, sign: -1, other: trainFile)
  return Split(train: trainRows, test: testRows)
}

private struct SplitReader {
  let dataset: Dataset
  let pairs: PairTable
  let columns: TableColumns

  func rows(
    of file: DelimitedFile, places: inout [Int32], sign: Int32, other: DelimitedFile
  ) throws(DatasetError) -> [Int32] {
    let (user, item) = (try file.column(columns.user), try file.column(columns.item))
    let weight = columns.weight.flatMap { file.columns.firstIndex(of: $0) }
    var found: [Int32] = []
    var rows = file.rows()
    while try rows.next() {
      let userBytes = try rows.identifier(user, name: columns.user)
      let itemBytes = try rows.identifier(item, name: columns.item)
      guard let userIndex = dataset.users.index(ofBytes: userBytes),
        let itemIndex = dataset.items.index(ofBytes: itemBytes),
        let row = pairs.position(user: userIndex, item: itemIndex)
      else { throw unknownPair(userBytes, itemBytes, path: file.path, line: rows.line) }
      let (userName, itemName) = (dataset.users[userIndex], dataset.items[itemIndex])
      if places[row] != 0 {
        let firstFile = places[row] * sign > 0 ? file : other
        let firstLine = try firstFile.lines(ofRows: [Int(abs(places[row])) - 1])[0]
        if places[row] * sign > 0 {
          throw .duplicatePair(
            path: file.path, line: rows.line, firstLine: firstLine, user: userName, item: itemName)
        }
        throw .pairInBothFiles(
          path: file.path, line: rows.line, otherPath: other.path, otherLine: firstLine, user: userName,
          item: itemName)
      }
      if let weight {
        let value = try rows.weight(weight, name: columns.weight ?? "weight")
        if value != dataset.interactions.weights[row] {
          throw .weightDiffersFromData(
            path: file.path, line: rows.line, user: userName, item: itemName, found: value,
            expected: dataset.interactions.weights[row])
        }
      }
      places[row] = sign * Int32(rows.rowCount)
      found.append(Int32(row))
    }
    if found.isEmpty { throw .noRows(path: file.path) }
    return found
  }

  private func unknownPair(
    _ user: UnsafeRawBufferPointer, _ item: UnsafeRawBufferPointer, path: String, line: Int
  ) -> DatasetError {
    let (user, item) = (String(decoding: user, as: UTF8.self), String(decoding: item, as: UTF8.self))
    var nearest: String?
    if dataset.users.index(of: user) == nil {
      nearest = nearestNames(to: user, in: dataset.users.identifiers, limit: 1).first.map { "user \"\($0)\"" }
    } else if dataset.items.index(of: item) == nil {
      nearest = nearestNames(to: item, in: dataset.items.identifiers, limit: 1).first.map { "item \"\($0)\"" }
    }
    return .pairNotInData(path: path, line: line, user: user, item: item, nearest: nearest)
  }
}
