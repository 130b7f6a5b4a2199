/// What is wrong with a user's files: where, what was found, what was expected and what to do, in one line.
public enum DatasetError: Error, Equatable, Sendable {
  case missingFile(path: String)
  case missingFolder(path: String)
  /// A folder without the files by which a format is known.
  case unrecognisedFolder(path: String)
  case unreadable(path: String, reason: String)
  case emptyFile(path: String)
  case noRows(path: String)
  case missingColumn(path: String, column: String, found: [String], nearest: String?)
  case repeatedColumn(path: String, column: String)
  case raggedRow(path: String, line: Int, found: Int, expected: Int)
  /// A row of a file without a header that has not one field for each of `columns`.
  case wrongFieldCount(path: String, line: Int, found: Int, columns: [String])
  case invalidUTF8(path: String, line: Int)
  case unclosedQuote(path: String, line: Int)
  case textAfterQuote(path: String, line: Int)
  /// A field that cannot be read: not a number, negative, not finite, empty, out of range.
  case badField(path: String, line: Int, column: String, found: String, expected: String)
  case duplicatePair(path: String, line: Int, firstLine: Int, user: String, item: String)
  case duplicateIdentifier(path: String, line: Int, firstLine: Int, column: String, identifier: String)
  /// The merged weight of one user and item is larger than a 32-bit float can hold.
  case weightOverflow(path: String, user: String, item: String)
  case tooManyRows(path: String)
  /// A row of a split file whose user and item are no interaction of the data.
  case pairNotInData(path: String, line: Int, user: String, item: String, nearest: String?)
  case weightDiffersFromData(path: String, line: Int, user: String, item: String, found: Float, expected: Float)
  case pairInBothFiles(path: String, line: Int, otherPath: String, otherLine: Int, user: String, item: String)
  /// A share that leaves nothing on one side of a split.
  case emptySplit(share: Double, rows: Int)
  /// A share of users that holds out nobody, or leaves nothing to train on.
  case noUsersHeldOut(share: Double, users: Int)
  case folderNotEmpty(path: String)
  case cannotWrite(path: String, reason: String)
  case sampleSizeOutOfRange(name: String, found: Int, limit: Int)
  /// Whoever called asked to stop (exit code 130).
  case interrupted

  /// Whether a file or folder that was asked for is not there or cannot be opened (exit code 66).
  public var isMissingInput: Bool {
    switch self {
    case .missingFile, .missingFolder, .unrecognisedFolder, .unreadable: true
    default: false
    }
  }

  /// Whether output could not be written (exit code 73). Neither this nor `isMissingInput`: bad data (65).
  public var isUnwritableOutput: Bool {
    switch self {
    case .folderNotEmpty, .cannotWrite: true
    default: false
    }
  }
}

extension DatasetError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missingFile(let path):
      "\(shown(path)): no such file; check the path"
    case .missingFolder(let path):
      "\(shown(path)): no such folder; give the folder that holds user_artists.dat or u.data"
    case .unrecognisedFolder(let path):
      "\(shown(path)): no user_artists.dat (HetRec 2011) and no u.data (MovieLens 100K) in it; "
        + "give the folder that holds one"
    case .unreadable(let path, let reason):
      "\(shown(path)): cannot be read (\(reason))"
    case .emptyFile(let path):
      "\(shown(path)): the file is empty; expected rows"
    case .noRows(let path):
      "\(shown(path)): the file has a header but no rows; expected at least one interaction"
    case .missingColumn(let path, let column, let found, let nearest):
      "\(shown(path)):1: no column \(quoted(column)); found \(list(found))"
        + (nearest.map { "; did you mean \(quoted($0))?" } ?? "; name one of these")
    case .repeatedColumn(let path, let column):
      "\(shown(path)):1: column \(quoted(column)) appears twice in the header; rename one of them"
    case .raggedRow(let path, let line, let found, let expected):
      "\(shown(path)):\(line): found \(found) field\(found == 1 ? "" : "s"), expected \(expected) as in the header; "
        + "complete or remove the row"
    case .wrongFieldCount(let path, let line, let found, let columns):
      "\(shown(path)):\(line): found \(found) field\(found == 1 ? "" : "s"), expected \(columns.count) "
        + "(\(list(columns))); complete or remove the row"
    case .invalidUTF8(let path, let line):
      "\(shown(path)):\(line): found bytes that are not UTF-8; convert the file, for example with iconv -t UTF-8"
    case .unclosedQuote(let path, let line):
      "\(shown(path)):\(line): a quoted field opens here and never closes; close it or double the quote"
    case .textAfterQuote(let path, let line):
      "\(shown(path)):\(line): found text after a closing quote, expected the delimiter; double quotes inside a field"
    case .badField(let path, let line, let column, let found, let expected):
      "\(shown(path)):\(line): \(shown(column)) is \(quoted(found)), expected \(expected); correct or remove the row"
    case .duplicatePair(let path, let line, let firstLine, let user, let item):
      "\(shown(path)):\(line): user \(quoted(user)) and item \(quoted(item)) are already on line \(firstLine); "
        + "remove one, or choose a rule for duplicates (sum, last, first)"
    case .duplicateIdentifier(let path, let line, let firstLine, let column, let identifier):
      "\(shown(path)):\(line): \(shown(column)) \(quoted(identifier)) is already on line \(firstLine), "
        + "expected it once; remove one of the rows"
    case .weightOverflow(let path, let user, let item):
      "\(shown(path)): the summed weight of user \(quoted(user)) and item \(quoted(item)) exceeds 3.4e38; "
        + "scale the weights down"
    case .tooManyRows(let path):
      "\(shown(path)): found more than \(Int32.max) rows, expected fewer; split the file"
    case .pairNotInData(let path, let line, let user, let item, let nearest):
      "\(shown(path)):\(line): user \(quoted(user)) and item \(quoted(item)) are no interaction of the data"
        + (nearest.map { "; did you mean \(oneLine($0, limit: 80))?" } ?? "; use the files that belong to this data")
    case .weightDiffersFromData(let path, let line, let user, let item, let found, let expected):
      "\(shown(path)):\(line): weight of user \(quoted(user)) and item \(quoted(item)) is \(found), "
        + "expected \(expected) as in the data; use the files that belong to this data"
    case .pairInBothFiles(let path, let line, let otherPath, let otherLine, let user, let item):
      "\(shown(path)):\(line): user \(quoted(user)) and item \(quoted(item)) are also on "
        + "\(shown(otherPath)):\(otherLine), expected training and test rows apart; remove one"
    case .emptySplit(let share, let rows):
      "a share of \(share) of \(rows) row\(rows == 1 ? "" : "s") leaves no row on one side; choose another share"
    case .noUsersHeldOut(let share, let users):
      "a share of \(share) of the \(users) user\(users == 1 ? "" : "s") with two rows or more holds out nobody "
        + "or leaves nothing to train on; choose another share of users"
    case .folderNotEmpty(let path):
      "\(shown(path)): already exists and is not an empty folder; choose another or remove it"
    case .cannotWrite(let path, let reason):
      "\(shown(path)): cannot be written (\(reason)); choose another place or make room"
    case .sampleSizeOutOfRange(let name, let found, let limit):
      "number of \(name) is \(found), expected 1 to \(limit); choose another"
    case .interrupted:
      "interrupted; nothing was written"
    }
  }

  private func shown(_ path: String) -> String { oneLine(path, limit: 400) }
  private func quoted(_ text: String) -> String { "\"\(oneLine(text, limit: 60))\"" }

  private func list(_ names: [String]) -> String {
    names.prefix(12).map { oneLine($0, limit: 40) }.joined(separator: ", ") + (names.count > 12 ? ", …" : "")
  }

  /// `text` without control characters and at most `limit` characters long, so that a message stays one line.
  private func oneLine(_ text: String, limit: Int) -> String {
    var result = ""
    for (position, character) in text.enumerated() {
      if position == limit { return result + "…" }
      let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
      result += isControl ? character.unicodeScalars.map { $0.escaped(asASCII: true) }.joined() : String(character)
    }
    return result
  }
}
