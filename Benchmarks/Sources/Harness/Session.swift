import Foundation
import TwoTowerKernels

/// One thing to measure.
struct Case {
  let name: String
  let threads: Int
  /// What one call does, in `unit`.
  let work: Double
  let unit: WorkUnit
  var reference: Reference?
  let body: () throws -> Void
}

/// The measuring of one suite.
final class Session {
  let scale: Scale
  let repeats: Int
  private var measurements: [Measurement] = []
  private var remarks: [String] = []

  init(scale: Scale, repeats: Int) {
    self.scale = scale
    self.repeats = repeats
  }

  /// As many threads as the machine has processors.
  let allThreads = Parallelism.threadCount
  /// One thread, and all of them.
  var threadCounts: [Int] { allThreads > 1 ? [1, allThreads] : [1] }

  /// Measures cases in turns, with the references they are compared with, after a round that does not count.
  func measure(_ cases: [Case], rounds limit: Int? = nil) throws {
    let all = references(of: cases) + cases
    var results = all.map {
      Measurement(name: $0.name, threads: $0.threads, work: $0.work, unit: $0.unit, reference: $0.reference)
    }
    let calls = try all.map { max(1, Int(0.02 / max(1e-7, try seconds(of: $0, calls: 1)))) }
    for _ in 0..<min(repeats, limit ?? repeats) {
      for (index, one) in all.enumerated() {
        results[index].seconds.append(try seconds(of: one, calls: calls[index]))
      }
    }
    measurements += results
  }

  /// Measures a stage of a long story, once.
  func stage<Result>(_ name: String, work: Double, unit: WorkUnit, _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try body()
    measurements.append(
      Measurement(
        name: name, threads: allThreads, work: work, unit: unit, reference: nil,
        seconds: [(ContinuousClock.now - start) / .seconds(1)]))
    return result
  }

  /// A sentence to stand below the table.
  func remark(_ sentence: String) { remarks.append(sentence) }

  func report(of suite: Suite) -> SuiteReport {
    SuiteReport(
      name: suite.name, summary: suite.summary, measurements: measurements, remarks: remarks,
      peakBytes: Machine.peakBytes)
  }

  private func seconds(of one: Case, calls: Int) throws -> Double {
    Parallelism.threadCount = one.threads
    defer { Parallelism.threadCount = allThreads }
    let start = ContinuousClock.now
    for _ in 0..<calls { try one.body() }
    let taken = (ContinuousClock.now - start) / .seconds(1) / Double(calls)
    // The threads of OpenBLAS spin for a while after their work.
    if one.reference == nil && one.unit == .operations { Thread.sleep(forTimeInterval: 0.3) }
    return taken
  }

  private func references(of cases: [Case]) -> [Case] {
    var found: [Case] = []
    for one in cases {
      switch one.reference {
      case .sgemm where !found.contains(where: { $0.unit == .operations && $0.threads == one.threads }):
        found.append(.sgemm(threads: one.threads))
      case .bandwidth where !found.contains(where: { $0.unit == .bytes && $0.threads == one.threads }):
        found.append(.bandwidth(threads: one.threads))
      default: break
      }
    }
    return found
  }
}
