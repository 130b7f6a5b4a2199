import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The bytes of one file, mapped read-only for the life of this object (or read whole where it is a pipe).
///
/// Nobody may shorten the file meanwhile: reading a mapped page that is gone ends the process.
/// `@unchecked Sendable`: the bytes never change after `init`.
final class MappedFile: @unchecked Sendable {
  let path: String
  let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  init(path: String) throws(DatasetError) {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw .missingFile(path: path) }
      throw .unreadable(path: path, reason: errorText())
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unreadable(path: path, reason: errorText())
    }
    let kind = status.st_mode & S_IFMT
    if kind == S_IFDIR { throw .unreadable(path: path, reason: "it is a folder, expected a file") }
    // A device may have no end.
    if kind == S_IFCHR || kind == S_IFBLK { throw .unreadable(path: path, reason: "it is a device, expected a file") }
    if kind == S_IFREG && status.st_size > 0 {
      guard let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
      else { throw .unreadable(path: path, reason: errorText()) }
      madvise(start, Int(status.st_size), MADV_SEQUENTIAL)
      bytes = UnsafeRawBufferPointer(start: start, count: Int(status.st_size))
      isMapped = true
    } else {
      bytes = try Self.readWhole(descriptor, path: path)
      isMapped = false
    }
  }

  /// The file, or nil where there is none.
  static func openIfPresent(_ path: String) throws(DatasetError) -> MappedFile? {
    do {
      return try MappedFile(path: path)
    } catch {
      if case .missingFile = error { return nil }
      throw error
    }
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count)
    } else {
      bytes.deallocate()
    }
  }

  /// Name (without folders), size and SHA-256 of the bytes.
  func digest() -> FileDigest {
    FileDigest(name: lastComponent(path), byteCount: bytes.count, sha256: SHA256.digest(of: bytes.bytes))
  }

  private static func readWhole(_ descriptor: Int32, path: String) throws(DatasetError) -> UnsafeRawBufferPointer {
    var capacity = 1 << 16
    var count = 0
    var buffer = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    while true {
      let received = read(descriptor, buffer + count, capacity - count)
      if received < 0 && errno == EINTR { continue }
      guard received >= 0 else {
        buffer.deallocate()
        throw .unreadable(path: path, reason: errorText())
      }
      if received == 0 { return UnsafeRawBufferPointer(start: buffer, count: count) }
      count += received
      if count == capacity {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 16)
        larger.copyMemory(from: buffer, byteCount: count)
        buffer.deallocate()
        buffer = larger
        capacity *= 2
      }
    }
  }
}

/// Whether anything is at `path`.
func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// Whether `path` is a folder.
func folderExists(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
