import Dispatch
import TwoTowerFiles

/// Digests files on another thread while the caller reads them.
///
/// Ends no earlier than that thread does, so that nobody touches the mapped files after a reader has thrown.
final class DigestTask {
  private final class Result: @unchecked Sendable {
    var digests: [FileDigest] = []
  }

  private let group = DispatchGroup()
  private let result = Result()

  init(_ files: [MappedFile]) {
    DispatchQueue.global(qos: .userInitiated).async(group: group) { [result] in
      result.digests = files.map(\.digest)
    }
  }

  deinit { group.wait() }

  /// The digests, in the order of the files.
  ///
  /// Waits until they are there.
  func wait() -> [FileDigest] {
    group.wait()
    return result.digests
  }
}
