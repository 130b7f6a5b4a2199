import Foundation

/// What stands at a path.
package enum PathKind {
  case nothing, file, folder
  /// A device or a socket.
  case special
  case pipe

  /// Symbolic links are followed.
  ///
  /// Where the answer is `.nothing`, `errno` says why.
  package init(_ path: String) {
    var information = stat()
    guard stat(path, &information) == 0 else {
      self = .nothing
      return
    }
    switch information.st_mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    case S_IFIFO: self = .pipe
    default: self = .special
    }
  }
}
