import Foundation

/// A file that is being written.
package struct OutputFile: ~Copyable {
  private let descriptor: Int32
  private let path: String

  /// Makes the file at `path`, which must not exist, for a folder that `AtomicFiles.writeFolder` fills.
  package init(creating path: String) throws(FileError) {
    try self.init(opening: path, flags: O_WRONLY | O_CREAT | O_EXCL, named: path)
  }

  /// - Parameter name: the path named in errors: the file's final place.
  init(opening path: String, flags: Int32, named name: String) throws(FileError) {
    let descriptor = open(path, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path: name, reason: systemErrorText()) }
    self.descriptor = descriptor
    self.path = name
  }

  deinit { close(descriptor) }

  /// - Throws: `FileError.cannotWrite`.
  package mutating func write(_ bytes: RawSpan) throws(FileError) {
    var offset = 0
    while offset < bytes.byteCount {
      // Linux writes at most 2 GB at once.
      let length = min(bytes.byteCount - offset, 1 << 30)
      let part = bytes.extracting(offset..<offset + length)
      let written = part.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, length) }
      if written < 0 {
        if errno == EINTR { continue }
        throw .cannotWrite(path: path, reason: systemErrorText())
      }
      offset += written
    }
  }

  /// - Throws: `FileError.cannotWrite`.
  package mutating func write(_ text: String) throws(FileError) {
    let bytes = Array(text.utf8)
    try write(bytes.span.bytes)
  }

  /// Waits until the bytes are on the disk.
  func synchronize() throws(FileError) {
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
      throw .cannotWrite(path: path, reason: systemErrorText())
    }
  }
}

/// Waits until the entries of a folder are on the disk.
func synchronizeFolder(_ path: String) throws(FileError) {
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: systemErrorText()) }
  defer { close(descriptor) }
  // Some file systems cannot synchronise folders and say so with EINVAL.
  guard fsync(descriptor) == 0 || errno == EINVAL else {
    throw .cannotWrite(path: path, reason: systemErrorText())
  }
}
