import Dispatch

/// Digests files on another thread while the caller reads them.
final class DigestTask: @unchecked Sendable {
  private let group = DispatchGroup()
  private var digests: [FileDigest] = []

  init(_ files: [MappedFile]) {
    DispatchQueue.global(qos: .userInitiated).async(group: group) { self.digests = files.map { $0.digest() } }
  }

  /// The digests, in the order of the files. Waits until they are there.
  func wait() -> [FileDigest] {
    group.wait()
    return digests
  }
}
