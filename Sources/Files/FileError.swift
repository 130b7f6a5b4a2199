/// Why a file or folder could not be read or written: where, and the system's words.
///
/// Every description is one line.
package enum FileError: UserFacingError, Equatable {
  /// There is no file or folder at the path.
  case notFound(path: String)
  /// The file is there but cannot be read.
  case cannotRead(path: String, reason: String)
  /// The file holds something else than the reader asked for.
  case unexpectedContent(path: String, found: String, expected: String)
  /// Nothing was written: no room, no permission, no such folder.
  case cannotWrite(path: String, reason: String)
  /// Nothing was written: a file, or a folder with other content, has the name.
  case alreadyExists(path: String)

  package var description: String {
    switch self {
    case .notFound(let path): "\(shown(path)): no such file or folder; check the path"
    case .cannotRead(let path, let reason): "\(shown(path)): cannot read: \(reason.onOneLine())"
    case .unexpectedContent(let path, let found, let expected):
      "\(shown(path)): found \(found.onOneLine()), expected \(expected)"
    case .cannotWrite(let path, let reason): "\(shown(path)): cannot write: \(reason.onOneLine())"
    case .alreadyExists(let path):
      "\(shown(path)): already exists and is not an empty folder; choose another name or remove it"
    }
  }

  package var exitStatus: ExitStatus {
    switch self {
    case .notFound, .cannotRead: .noInput
    case .unexpectedContent: .badData
    case .cannotWrite, .alreadyExists: .cannotWrite
    }
  }

  private func shown(_ path: String) -> String { path.onOneLine(limit: 400) }
}
