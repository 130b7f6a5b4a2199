import Foundation

/// The bytes of one file, mapped read-only for the life of this object (or read whole where it is a pipe).
///
/// Nobody may shorten the file meanwhile: reading a mapped page that is gone ends the process.
/// `@unchecked Sendable`: the bytes never change after `init`.
package final class MappedFile: @unchecked Sendable {
  package let path: String
  package let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// - Parameter acceptsPipes: whether a pipe is read to its end rather than refused, as folders and devices are.
  package init(path: String, acceptsPipes: Bool = false) throws(FileError) {
    self.path = path
    switch PathKind(path) {
    case .file: break
    case .nothing where errno == ENOENT || errno == ENOTDIR: throw .notFound(path: path)
    case .nothing: throw .cannotRead(path: path, reason: systemErrorText())
    case .folder: throw .cannotRead(path: path, reason: "it is a folder")
    // A device may have no end.
    case .special: throw .cannotRead(path: path, reason: "it is a device, expected a file")
    case .pipe where acceptsPipes: break
    case .pipe: throw .cannotRead(path: path, reason: "it is a pipe, expected a file")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemErrorText()) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: systemErrorText()) }
    if status.st_mode & S_IFMT == S_IFREG && status.st_size > 0 {
      guard let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
      else { throw .cannotRead(path: path, reason: systemErrorText()) }
      madvise(start, Int(status.st_size), MADV_SEQUENTIAL)
      bytes = UnsafeRawBufferPointer(start: start, count: Int(status.st_size))
      isMapped = true
    } else {
      let copy = try readBytes(from: descriptor, path: path).withUnsafeBytes { read in
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(read.count, 1), alignment: 16)
        copy.copyMemory(from: read)
        return UnsafeRawBufferPointer(rebasing: copy[..<read.count])
      }
      bytes = copy
      isMapped = false
    }
  }

  /// The file, or nil where there is none.
  package static func openIfPresent(_ path: String, acceptsPipes: Bool = false) throws(FileError) -> MappedFile? {
    do throws(FileError) {
      return try MappedFile(path: path, acceptsPipes: acceptsPipes)
    } catch {
      if case .notFound = error { return nil }
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

  /// The bytes, not copied; they keep the file mapped.
  package var data: Data {
    Data(
      bytesNoCopy: UnsafeMutableRawPointer(mutating: bytes.baseAddress!), count: bytes.count,
      deallocator: .custom { [self] _, _ in withExtendedLifetime(self) {} })
  }

  /// Name (without folders), size and SHA-256 of the bytes.
  package var digest: FileDigest {
    FileDigest(
      name: path.split(separator: "/").last.map(String.init) ?? path, byteCount: bytes.count,
      sha256: SHA256.digest(of: bytes.bytes))
  }
}
