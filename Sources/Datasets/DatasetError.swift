import TwoTowerFiles

/// What is wrong with a user's files: where, what was found, what was expected and what to do, in one line.
package enum DatasetError: UserFacingError, Equatable {
  /// A file that is not there, cannot be read, or could not be written.
  case file(FileError)
  case missingFolder(path: String)
  /// A folder without the files by which a format is known.
  case unrecognisedFolder(path: String)
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
  /// A minimum weight that leaves no row.
  case everyRowTooLight(minimum: Float, greatest: Float)
  case sampleSizeOutOfRange(name: String, found: Int, limit: Int)
  /// Whoever called asked to stop (exit code 130).
  case interrupted

  package var exitStatus: ExitStatus {
    switch self {
    case .file(let error): error.exitStatus
    case .missingFolder, .unrecognisedFolder: .noInput
    case .emptySplit, .sampleSizeOutOfRange: .usage
    default: .badData
    }
  }
}

extension DatasetError {
  package var description: String {
    switch self {
    case .file(.cannotWrite(let path, let reason)):
      "\(shown(path)): cannot be written (\(reason.onOneLine())); choose another place or make room"
    case .file(let error):
      error.description
    case .missingFolder(let path):
      "\(shown(path)): no such folder; give the folder that holds user_artists.dat or u.data"
    case .unrecognisedFolder(let path):
      "\(shown(path)): no user_artists.dat (HetRec 2011) and no u.data (MovieLens 100K) in it; "
        + "give the folder that holds one"
    case .emptyFile(let path):
      "\(shown(path)): the file is empty; expected rows"
    case .noRows(let path):
      "\(shown(path)): the file has a header but no rows; expected at least one interaction"
    case .missingColumn(let path, let column, let found, let nearest):
      "\(shown(path)):1: no column \(column.quoted()); found \(list(found))"
        + (nearest.map { "; did you mean \($0.quoted())?" } ?? "; name one of these")
    case .repeatedColumn(let path, let column):
      "\(shown(path)):1: column \(column.quoted()) appears twice in the header; rename one of them"
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
      "\(shown(path)):\(line): \(shown(column)) is \(found.quoted()), expected \(expected); correct or remove the row"
    case .duplicatePair(let path, let line, let firstLine, let user, let item):
      "\(shown(path)):\(line): user \(user.quoted()) and item \(item.quoted()) are already on line \(firstLine); "
        + "remove one, or choose a rule for duplicates (sum, last, first)"
    case .duplicateIdentifier(let path, let line, let firstLine, let column, let identifier):
      "\(shown(path)):\(line): \(shown(column)) \(identifier.quoted()) is already on line \(firstLine), "
        + "expected it once; remove one of the rows"
    case .weightOverflow(let path, let user, let item):
      "\(shown(path)): the summed weight of user \(user.quoted()) and item \(item.quoted()) exceeds 3.4e38; "
        + "scale the weights down"
    case .tooManyRows(let path):
      "\(shown(path)): found more than \(Int32.max) rows, expected fewer; split the file"
    case .pairNotInData(let path, let line, let user, let item, let nearest):
      "\(shown(path)):\(line): user \(user.quoted()) and item \(item.quoted()) are no interaction of the data"
        + (nearest.map { "; did you mean \($0.onOneLine(limit: 80))?" } ?? "; use the files that belong to this data")
    case .weightDiffersFromData(let path, let line, let user, let item, let found, let expected):
      "\(shown(path)):\(line): weight of user \(user.quoted()) and item \(item.quoted()) is \(found), "
        + "expected \(expected) as in the data; use the files that belong to this data"
    case .pairInBothFiles(let path, let line, let otherPath, let otherLine, let user, let item):
      "\(shown(path)):\(line): user \(user.quoted()) and item \(item.quoted()) are also on "
        + "\(shown(otherPath)):\(otherLine), expected training and test rows apart; remove one"
    case .emptySplit(let share, let rows):
      "a share of \(share) of \(rows) row\(rows == 1 ? "" : "s") leaves no row on one side; choose another share"
    case .everyRowTooLight(let minimum, let greatest):
      "every row weighs less than the minimum weight \(minimum), found \(greatest) at most; choose a smaller minimum, or "
        + "name the column of weights"
    case .noUsersHeldOut(let share, let users):
      "a share of \(share) of the \(users) user\(users == 1 ? "" : "s") with two rows or more holds out nobody "
        + "or leaves nothing to train on; choose another share of users"
    case .sampleSizeOutOfRange(let name, let found, let limit):
      "number of \(name) is \(found), expected 1 to \(limit); choose another"
    case .interrupted:
      "interrupted; nothing was written"
    }
  }

  private func shown(_ path: String) -> String { path.onOneLine(limit: 400) }

  private func list(_ names: [String]) -> String {
    names.prefix(12).map { $0.onOneLine(limit: 40) }.joined(separator: ", ") + (names.count > 12 ? ", …" : "")
  }
}
