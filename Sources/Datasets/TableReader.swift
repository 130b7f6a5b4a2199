/// Reads a table of interactions with a header line.
///
/// Fields are told apart by tabs in `.tsv`, `.tab` and `.dat` files, by commas in `.csv` files (by semicolons or tabs
/// where the header has no comma), and otherwise by the most frequent of the three in the header. Double quotes as in
/// RFC 4180 are understood in `.csv` files only. Identifiers are strings. Times are ISO 8601 dates, or numbers:
/// milliseconds since 1970-01-01 UTC when any of them is 10¹¹ or more in size, otherwise seconds.
///
/// The catalogue is the items of the table.
package func readTable(
  path: String, columns: TableColumns, duplicates: DuplicateRule = .refuse
) throws(DatasetError) -> Dataset {
  let file = try DelimitedFile(mappedFile(path))
  let digests = DigestTask([file.file])
  var reader = TableReader(columns: columns)
  try reader.read(file)
  var data = reader.finish(name: fileStem(path))
  let merged = try resolveDuplicates(
    &data.interactions, rule: duplicates, users: data.users, items: data.items, source: file)
  data.remark(merged, "row|s repeated a user and item: merged by the rule \(duplicates.rawValue)")
  data.files = digests.wait()
  return data
}

/// Reads a data set that exists as a training table and a test table only, and the split that they are.
///
/// The tables are read as by `readTable`; a user and item may appear once, in one of them. Training rows come first.
package func datasetFromSplitFiles(
  train: String, test: String, columns: TableColumns
) throws(DatasetError) -> (dataset: Dataset, split: Split) {
  let trainFile = try DelimitedFile(mappedFile(train))
  let testFile = try DelimitedFile(mappedFile(test))
  let digests = DigestTask([trainFile.file, testFile.file])
  var reader = TableReader(columns: columns)
  let trainCount = try reader.read(trainFile)
  let testCount = try reader.read(testFile)
  var data = reader.finish(name: fileStem(train))
  if let (first, row) = data.interactions.duplicateRows(userCount: data.users.count, itemCount: data.items.count).first
  {
    let (user, item) = (data.users[data.interactions.users[Int(row)]], data.items[data.interactions.items[Int(row)]])
    let (firstFile, firstRow) = Int(first) < trainCount ? (trainFile, Int(first)) : (testFile, Int(first) - trainCount)
    let (file, fileRow) = Int(row) < trainCount ? (trainFile, Int(row)) : (testFile, Int(row) - trainCount)
    let firstLine = try firstFile.lines(ofRows: [firstRow])[0]
    let line = try file.lines(ofRows: [fileRow])[0]
    if firstFile.file === file.file {
      throw .duplicatePair(path: file.path, line: line, firstLine: firstLine, user: user, item: item)
    }
    throw .pairInBothFiles(
      path: file.path, line: line, otherPath: firstFile.path, otherLine: firstLine, user: user, item: item)
  }
  data.files = digests.wait()
  let split = Split(
    train: Array(0..<Int32(trainCount)), test: Array(Int32(trainCount)..<Int32(trainCount + testCount)))
  return (data, split)
}

private struct TableReader {
  private let columns: TableColumns
  private var users = IdentifierTable()
  private var items = IdentifierTable()
  /// Empty until a row gives the item a name.
  private var itemNames: [String] = []
  private var interactions = Interactions()
  private var times = TimeFields()
  private var unusedColumns: [String] = []

  init(columns: TableColumns) { self.columns = columns }

  /// Adds the rows of `file`; returns how many there are.
  @discardableResult
  mutating func read(_ file: DelimitedFile) throws(DatasetError) -> Int {
    let (user, item) = (try file.column(columns.user), try file.column(columns.item))
    let weight = try optionalColumn(columns.weight, in: file)
    let timestamp = try optionalColumn(columns.timestamp, in: file)
    let itemName = try optionalColumn(columns.itemName, in: file)
    let used = [user, item, weight, timestamp, itemName]
    for (position, name) in file.columns.enumerated() where !used.contains(position) {
      if !name.isEmpty && !unusedColumns.contains(name) { unusedColumns.append(name) }
    }
    interactions.reserveCapacity(interactions.count + file.estimatedRowCount)
    var rows = file.rows()
    while try rows.next() {
      if interactions.count >= Int(Int32.max) { throw .tooManyRows(path: file.path) }
      interactions.users.append(users.insert(bytes: try rows.identifier(user, name: columns.user)))
      let itemIndex = items.insert(bytes: try rows.identifier(item, name: columns.item))
      interactions.items.append(itemIndex)
      if let weight {
        interactions.weights.append(try rows.weight(weight, name: columns.weight ?? "weight"))
      } else {
        interactions.weights.append(1)
      }
      if let timestamp { try times.append(timestamp, of: rows, name: columns.timestamp ?? "timestamp") }
      if let itemName {
        if items.count > itemNames.count { itemNames.append("") }
        if itemNames[Int(itemIndex)].isEmpty && !rows[itemName].isEmpty {
          itemNames[Int(itemIndex)] = String(decoding: rows[itemName], as: UTF8.self)
        }
      }
    }
    if rows.rowCount == 0 { throw .noRows(path: file.path) }
    return rows.rowCount
  }

  func finish(name: String) -> Dataset {
    var data = Dataset(name: name, users: users, items: items, itemNames: items.identifiers, interactions: interactions)
    data.unusedColumns = unusedColumns
    if columns.itemName != nil {
      for (index, name) in itemNames.enumerated() where !name.isEmpty { data.itemNames[index] = name }
      data.remark(itemNames.count { $0.isEmpty }, "item|s without a name: shown by identifier")
    }
    if columns.timestamp != nil {
      data.interactions.timestamps = times.milliseconds()
      data.remark(times.missing, "row|s without a time: treated as unknown")
    }
    return data
  }

  private func optionalColumn(_ name: String?, in file: DelimitedFile) throws(DatasetError) -> Int? {
    guard let name else { return nil }
    return try file.column(name)
  }
}

/// The file's name without folders and extension.
private func fileStem(_ path: String) -> String {
  let name = path.split(separator: "/").last.map(String.init) ?? path
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
  return String(name[..<dot])
}
