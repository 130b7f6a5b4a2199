import TwoTowerKernels

/// Named arrays that what was fitted is saved as, and read back from; names are paths such as `history/item-rows`.
package struct FittedTables: Sendable, Equatable {
  package var integers: [String: [Int32]] = [:]
  package var numbers: [String: [Float]] = [:]
  package var words: [String: String] = [:]

  package init() {}

  /// Adds the arrays of a part, under its name.
  mutating func add(_ part: FittedTables, under name: String) {
    for (key, values) in part.integers { integers["\(name)/\(key)"] = values }
    for (key, values) in part.numbers { numbers["\(name)/\(key)"] = values }
    for (key, text) in part.words { words["\(name)/\(key)"] = text }
  }

  /// Adds lists as `<name>-offsets` and `<name>`.
  mutating func add(lists: IndexLists, as name: String) {
    integers["\(name)-offsets"] = lists.offsets
    integers[name] = lists.indices
  }

  /// Adds numbers of 64 bits, bit for bit, as two integers each: the lower half first.
  mutating func add(bits: [UInt64], as name: String) {
    integers[name] = bits.flatMap { [Int32(truncatingIfNeeded: $0), Int32(truncatingIfNeeded: $0 >> 32)] }
  }
}

/// Reads arrays back and refuses those that do not fit, by name.
struct FittedTablesReader {
  private let tables: FittedTables
  /// What stands before every name.
  private let path: String

  init(_ tables: FittedTables, path: String = "") {
    self.tables = tables
    self.path = path
  }

  /// Reads the arrays of a part.
  func under(_ name: String) -> FittedTablesReader { FittedTablesReader(tables, path: "\(path)\(name)/") }

  /// - Throws: `FeatureError` where the array is missing or of another length.
  func integers(_ name: String, count: Int? = nil) throws -> [Int32] {
    guard let values = tables.integers[path + name] else { throw FeatureError.missingTable(path + name) }
    try check(name, values.count, count, "values")
    return values
  }

  /// A whole number in `range`.
  func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int {
    let value = Int(try integers(name, count: 1)[0])
    guard range.contains(value) else {
      throw unexpected(name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// Finite numbers, at least `minimum` where there is one.
  func numbers(_ name: String, count: Int? = nil, atLeast minimum: Float? = nil) throws -> [Float] {
    guard let values = tables.numbers[path + name] else { throw FeatureError.missingTable(path + name) }
    try check(name, values.count, count, "values")
    guard values.allSatisfy(\.isFinite) else {
      throw unexpected(name, found: "a value that is not finite", expected: "finite values")
    }
    if let minimum, let low = values.first(where: { $0 < minimum }) {
      throw unexpected(name, found: "\(low)", expected: "\(minimum) or more")
    }
    return values
  }

  /// The words of a list between commas.
  func words(_ name: String) throws -> [String] {
    guard let text = tables.words[path + name] else { throw FeatureError.missingTable(path + name) }
    return text.split(separator: ",").map(String.init)
  }

  /// One of the cases of `type`, by its name.
  func choice<Choice: RawRepresentable>(_ name: String, of type: Choice.Type) throws -> Choice
  where Choice.RawValue == String {
    let words = try words(name)
    guard words.count == 1, let choice = Choice(rawValue: words[0]) else {
      throw unexpected(name, found: "'\(words.joined(separator: ","))'", expected: "one that this version knows")
    }
    return choice
  }

  /// Some of the cases of `type`, each once, by their names.
  func choices<Choice: RawRepresentable & Hashable>(_ name: String, of type: Choice.Type) throws -> [Choice]
  where Choice.RawValue == String {
    let words = try words(name)
    let choices = try words.map { word in
      guard let choice = Choice(rawValue: word) else {
        throw unexpected(name, found: "'\(word)'", expected: "names that this version knows")
      }
      return choice
    }
    guard Set(choices).count == choices.count else {
      throw unexpected(name, found: "a name twice", expected: "each once")
    }
    return choices
  }

  /// Numbers of 64 bits, bit for bit.
  func bits(_ name: String, count: Int) throws -> [UInt64] {
    let halves = try integers(name, count: 2 * count)
    return (0..<count).map {
      UInt64(UInt32(bitPattern: halves[2 * $0])) | UInt64(UInt32(bitPattern: halves[2 * $0 + 1])) << 32
    }
  }

  /// Lists of numbers in 0..<bound, as `FittedTables.add(lists:as:)` puts them.
  ///
  /// - Parameters:
  ///   - offsets: the name of the offsets; nil for `<name>-offsets`.
  ///   - bound: nil for any number from 0.
  func lists(
    _ name: String, offsets: String? = nil, count: Int? = nil, below bound: Int? = nil, ascending: Bool = true
  ) throws -> IndexLists {
    let offsets = offsets ?? "\(name)-offsets"
    let (starts, entries) = (try integers(offsets), try integers(name))
    let limit = bound ?? Int(Int32.max)
    switch IndexLists.defect(offsets: starts, indices: entries, below: limit, ascending: ascending) {
    case .offsets:
      throw unexpected(offsets, found: "other offsets", expected: "ascending ones from 0 to \(entries.count)")
    case .index(let index, let last, let row):
      throw unexpected(
        name, found: "\(index) after \(last) in row \(row)",
        expected: "\(ascending ? "ascending" : "numbers from 0 to") below \(limit)")
    case nil: break
    }
    try check(offsets, starts.count - 1, count, "rows")
    return IndexLists(offsets: starts, indices: entries)
  }

  /// The rows of a table that a vocabulary needs, each of which is among the indices `name`; row 0 is the unknown.
  func vocabularySize(_ name: String) throws -> Int {
    let rows = try integers(name)
    let last = Int(rows.max() ?? 0)
    guard last <= rows.count else {
      throw unexpected(name, found: "row \(last)", expected: "at most \(rows.count), as many as there are")
    }
    return last + 1
  }

  func unexpected(_ name: String, found: String, expected: String) -> FeatureError {
    .table(name: path + name, found: found, expected: expected)
  }

  func check(_ name: String, _ found: Int, _ expected: Int?, _ noun: String) throws {
    guard let expected, found != expected else { return }
    throw unexpected(name, found: "\(found) \(noun)", expected: "\(expected)")
  }
}
