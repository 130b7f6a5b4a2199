#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes a folder all or nothing: its files go into a folder beside it, which takes its name at the end.
final class FolderWriter {
  private let folder: String
  private let partial: String
  private var names: [String] = []

  /// - Throws: where `folder` exists and is not an empty folder, or its parent cannot be written.
  init(_ folder: String) throws(DatasetError) {
    var folder = folder
    while folder.count > 1 && folder.hasSuffix("/") { folder.removeLast() }
    self.folder = folder
    partial = "\(folder).partial-\(getpid())"
    var status = stat()
    if stat(folder, &status) == 0 && !Self.isEmptyFolder(folder) { throw .folderNotEmpty(path: folder) }
    guard mkdir(partial, 0o777) == 0 else { throw .cannotWrite(path: folder, reason: errorText()) }
  }

  func file(_ name: String) throws(DatasetError) -> FileWriter {
    names.append(name)
    return try FileWriter("\(partial)/\(name)", shownAs: "\(folder)/\(name)")
  }

  func commit() throws(DatasetError) {
    try synchronise(partial)
    guard rename(partial, folder) == 0 else {
      if errno == ENOTEMPTY || errno == EEXIST { throw .folderNotEmpty(path: folder) }
      throw .cannotWrite(path: folder, reason: errorText())
    }
    let parent = folder.lastIndex(of: "/").map { $0 == folder.startIndex ? "/" : String(folder[..<$0]) } ?? "."
    try synchronise(parent)
  }

  /// Removes what was written so far.
  func discard() {
    for name in names { unlink("\(partial)/\(name)") }
    rmdir(partial)
  }

  private func synchronise(_ path: String) throws(DatasetError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: errorText()) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, reason: errorText()) }
  }

  private static func isEmptyFolder(_ path: String) -> Bool {
    guard let entries = opendir(path) else { return false }
    defer { closedir(entries) }
    var count = 0
    while readdir(entries) != nil { count += 1 }
    return count <= 2  // "." and ".."
  }
}

/// Writes one new text file through a buffer of fixed size.
final class FileWriter {
  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isClosed = false
  private static let capacity = 1 << 16

  /// - Parameter name: what messages call the file.
  init(_ path: String, shownAs name: String) throws(DatasetError) {
    self.path = name
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path: name, reason: errorText()) }
    buffer.reserveCapacity(Self.capacity + 4096)
  }

  deinit {
    if !isClosed { Self.closeDescriptor(descriptor) }
  }

  func line(_ text: String) throws(DatasetError) {
    buffer.append(contentsOf: text.utf8)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Whole numbers of 0 or more, tab-separated.
  func row(_ values: [Int]) throws(DatasetError) {
    for (position, value) in values.enumerated() {
      if position > 0 { buffer.append(UInt8(ascii: "\t")) }
      let start = buffer.count
      var rest = value
      repeat {
        buffer.append(UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
      } while rest > 0
      buffer[start...].reverse()
    }
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Writes the rest, waits until it is on the disk and closes the file.
  func close() throws(DatasetError) {
    try flush()
    isClosed = true
    let isSafe = fsync(descriptor) == 0
    let reason = isSafe ? "" : errorText()
    guard Self.closeDescriptor(descriptor) == 0, isSafe else {
      throw .cannotWrite(path: path, reason: isSafe ? errorText() : reason)
    }
  }

  private func flush() throws(DatasetError) {
    var written = 0
    while written < buffer.count {
      let result = buffer.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, $0.count - written) }
      if result < 0 && errno == EINTR { continue }
      guard result > 0 else { throw .cannotWrite(path: path, reason: errorText()) }
      written += result
    }
    buffer.removeAll(keepingCapacity: true)
  }

  @discardableResult
  private static func closeDescriptor(_ descriptor: Int32) -> Int32 {
    #if canImport(Glibc)
      Glibc.close(descriptor)
    #elseif canImport(Musl)
      Musl.close(descriptor)
    #else
      Darwin.close(descriptor)
    #endif
  }
}

/// What the system says about the call that just failed.
func errorText() -> String { String(cString: strerror(errno)) }
