import TwoTowerFiles

/// Why a file of weights or a run folder could not be read.
///
/// Every description is one line.
package enum CheckpointError: UserFacingError, Equatable {
  /// The file or folder is not there, or cannot be read.
  case file(FileError)
  /// The file is not what its format says, at `place` (a header, a tensor, a line).
  case malformed(path: String, place: String, found: String, expected: String)
  /// The file is sound but holds something else than the reader asked for.
  case unexpectedContent(path: String, place: String, found: String, expected: String)
  /// The run folder is not the one that was saved.
  case altered(path: String, found: String, expected: String)

  package var description: String {
    let line =
      switch self {
      case .file(let error):
        error.description
      case .malformed(let path, let place, let found, let expected):
        "\(path): \(place): found \(found), expected \(expected); the file is damaged: restore it from a copy, or fit again"
      case .unexpectedContent(let path, let place, let found, let expected):
        "\(path): \(place): found \(found), expected \(expected); was it written with another recipe or version?"
      case .altered(let path, let found, let expected):
        "\(path): found \(found), expected \(expected); the run folder was changed after it was saved: "
          + "restore it from a copy, or fit again"
      }
    return line.onOneLine()
  }

  package var exitStatus: ExitStatus {
    if case .file(let error) = self { error.exitStatus } else { .badData }
  }
}
