import Foundation

/// What stands at a path.
enum PathKind {
  case nothing, file, folder
  /// A device, a pipe or a socket.
  case special

  init(_ path: String) {
    var information = stat()
    guard stat(path, &information) == 0 else {
      self = .nothing
      return
    }
    switch information.st_mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    default: self = .special
    }
  }
}

/// The bytes of a file, mapped rather than copied.
func mappedBytes(of path: String) throws(CheckpointError) -> Data {
  switch PathKind(path) {
  case .file: break
  case .nothing where errno == ENOENT || errno == ENOTDIR: throw .noSuchFile(path: path)
  case .nothing: throw .cannotRead(path: path, reason: systemMessage(errno))
  case .folder: throw .cannotRead(path: path, reason: "it is a folder")
  case .special: throw .cannotRead(path: path, reason: "it is not a regular file")
  }
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
  close(descriptor)
  do {
    return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
  } catch {
    throw .cannotRead(path: path, reason: "\(error.localizedDescription)")
  }
}

/// The system's own words for an error number.
func systemMessage(_ number: Int32) -> String { String(cString: strerror(number)) }

/// A file that is being written.
///
/// The one place of this module that hands memory to the system: `write(2)` takes a pointer.
public struct OutputFile: ~Copyable {
  private let descriptor: Int32
  private let path: String

  /// - Parameter path: the path named in errors: the file's final place.
  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  public mutating func write(_ bytes: RawSpan) throws(CheckpointError) {
    var offset = 0
    while offset < bytes.byteCount {
      // Linux writes at most 2 GB at once.
      let length = min(bytes.byteCount - offset, 1 << 30)
      let part = bytes.extracting(offset..<offset + length)
      let written = part.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, length) }
      if written < 0 {
        if errno == EINTR { continue }
        throw .cannotWrite(path: path, reason: systemMessage(errno))
      }
      offset += written
    }
  }

  public mutating func write(_ text: String) throws(CheckpointError) {
    let bytes = Array(text.utf8)
    try write(bytes.span.bytes)
  }

  /// Waits until the bytes are on the disk.
  func synchronize() throws(CheckpointError) {
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
      throw .cannotWrite(path: path, reason: systemMessage(errno))
    }
  }
}

/// Waits until the entries of a folder are on the disk.
func synchronizeFolder(_ path: String) throws(CheckpointError) {
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: systemMessage(errno)) }
  defer { close(descriptor) }
  // Some file systems cannot synchronise folders and say so with EINVAL.
  guard fsync(descriptor) == 0 || errno == EINVAL else {
    throw .cannotWrite(path: path, reason: systemMessage(errno))
  }
}
