/// Why a file of weights or a run folder could not be read or written. Every description is one line.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// There is no file or folder at the path.
  case noSuchFile(path: String)
  /// The file is there but cannot be read.
  case cannotRead(path: String, reason: String)
  /// Nothing was written: no room, no permission, no such folder.
  case cannotWrite(path: String, reason: String)
  /// The file is not what its format says, at `place` (a header, a tensor, a line).
  case malformed(path: String, place: String, found: String, expected: String)
  /// The file is sound but holds something else than the reader asked for.
  case unexpectedContent(path: String, place: String, found: String, expected: String)
  /// The run folder is not the one that was saved.
  case altered(path: String, found: String, expected: String)

  public var description: String {
    let line =
      switch self {
      case .noSuchFile(let path):
        "\(path): no such file or folder; check the path"
      case .cannotRead(let path, let reason):
        "\(path): cannot read: \(reason)"
      case .cannotWrite(let path, let reason):
        "\(path): cannot write: \(reason)"
      case .malformed(let path, let place, let found, let expected):
        "\(path): \(place): found \(found), expected \(expected); the file is damaged: restore it from a copy, or fit again"
      case .unexpectedContent(let path, let place, let found, let expected):
        "\(path): \(place): found \(found), expected \(expected); was it written with another recipe or version?"
      case .altered(let path, let found, let expected):
        "\(path): found \(found), expected \(expected); the run folder was changed after it was saved: "
          + "restore it from a copy, or fit again"
      }
    return line.onOneLine
  }
}

extension String {
  /// The text with its control characters written as escapes, so that names out of a damaged file stay on one line.
  var onOneLine: String {
    unicodeScalars.reduce(into: "") { line, scalar in
      if scalar.properties.generalCategory == .control {
        line += scalar.escaped(asASCII: true)
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
  }

  /// At most `limit` characters, in quotation marks, for messages that quote a file.
  func quoted(limit: Int = 60) -> String {
    count <= limit ? "\"\(self)\"" : "\"\(prefix(limit))…\""
  }
}
