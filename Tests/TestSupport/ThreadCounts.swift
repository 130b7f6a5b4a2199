import TwoTowerKernels

/// What `body` gives on 1, 2 and 3 threads; other tests that run meanwhile keep theirs.
@discardableResult
package func onThreadCounts<Result>(_ body: () throws -> Result) rethrows -> [Result] {
  try [1, 2, 3].map { try Parallelism.withThreadCount($0, body) }
}
