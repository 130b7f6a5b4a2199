import Dispatch
import Synchronization

/// How many threads the kernels may use.
///
/// Results never depend on it: work is cut into chunks of fixed size.
package enum Parallelism {
  private static let configured = Mutex<Int?>(nil)
  /// What `withThreadCount` asks for; nil outside of it.
  @TaskLocal fileprivate static var scopedThreadCount: Int?

  /// The greatest number of threads that work on one operation: within `withThreadCount` what that says, else what the
  /// process was set to; by default one per processor, at most 64.
  ///
  /// Values below 1 count as 1. Safe to read and set from any thread.
  package static var threadCount: Int {
    get { scopedThreadCount ?? configured.withLock { $0 } ?? defaultThreadCount }
    set { configured.withLock { $0 = max(1, newValue) } }
  }

  private static let defaultThreadCount = min(64, max(1, BLAS.processorCount))

  /// Calls `body`, whose operations work on at most `count` threads each, as do those that their chunks begin; what
  /// others do meanwhile is not affected.
  package static func withThreadCount<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
    try $scopedThreadCount.withValue(max(1, count), operation: body)
  }
}

/// Calls `body` once for each chunk number in 0..<chunkCount, on up to `Parallelism.threadCount` threads.
///
/// Chunks start in order but finish in any order; each must write to places of its own.
package func parallelForEach(chunkCount: Int, _ body: (_ chunk: Int) -> Void) {
  let workers = min(Parallelism.threadCount, chunkCount)
  guard workers > 1 else {
    for chunk in 0..<max(0, chunkCount) { body(chunk) }
    return
  }
  let nextChunk = Atomic<Int>(0)
  withoutActuallyEscaping(body) { body in
    nonisolated(unsafe) let body = body  // chunks write apart, and all return before this call does
    let scoped = Parallelism.scopedThreadCount
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      // Other threads know nothing of the task that this one belongs to.
      Parallelism.$scopedThreadCount.withValue(scoped) {
        while true {
          let chunk = nextChunk.wrappingAdd(1, ordering: .relaxed).oldValue
          guard chunk < chunkCount else { return }
          body(chunk)
        }
      }
    }
  }
}

/// Cuts 0..<count into ranges of `chunkSize` (the last may be shorter) and calls `body` once for each, in parallel.
///
/// Choose `chunkSize` from the problem, never from the number of threads: partial results that are combined in chunk
/// order then have the same bits on any number of threads.
///
/// - Precondition: `chunkSize > 0`.
package func parallelForEach(count: Int, chunkSize: Int, _ body: (_ range: Range<Int>) -> Void) {
  precondition(chunkSize > 0, "parallelForEach: chunk size \(chunkSize) is not positive")
  guard count > chunkSize else {
    if count > 0 { body(0..<count) }
    return
  }
  parallelForEach(chunkCount: (count - 1) / chunkSize + 1) { chunk in
    let start = chunk * chunkSize
    body(start..<min(start + chunkSize, count))
  }
}

/// One value per chunk, written by the chunk alone and combined in chunk order.
final class Partials: @unchecked Sendable {
  private let values: UnsafeMutableBufferPointer<Double>

  /// Starts with `count` zeros.
  init(count: Int) {
    values = .allocate(capacity: count)
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }

  subscript(chunk: Int) -> Double {
    get { values[chunk] }
    set { values[chunk] = newValue }
  }

  /// The sum in chunk order.
  var total: Double { values.reduce(0, +) }
}
