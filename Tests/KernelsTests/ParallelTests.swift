import Foundation
import Synchronization
import Testing
import TwoTowerKernels

@Suite struct ParallelTests {
  @Test(arguments: [0, 1, 2, 7, 100, 1001]) func visitsEveryIndexOnce(count: Int) {
    for chunkSize in [1, 3, 100, 2000] {
      let visits = Mutex([Int](repeating: 0, count: count))
      parallelForEach(count: count, chunkSize: chunkSize) { range in
        visits.withLock { visits in
          #expect(range.lowerBound % chunkSize == 0 && !range.isEmpty && range.count <= chunkSize)
          for i in range { visits[i] += 1 }
        }
      }
      #expect(visits.withLock { $0.allSatisfy { $0 == 1 } })
    }
  }

  @Test func visitsEveryChunkOnceAlsoWhenNested() {
    let visits = Mutex([Int](repeating: 0, count: 35))
    parallelForEach(chunkCount: 5) { outer in
      parallelForEach(chunkCount: 7) { inner in visits.withLock { $0[outer * 7 + inner] += 1 } }
    }
    #expect(visits.withLock { $0.allSatisfy { $0 == 1 } })
  }

  @Test(arguments: [0, 1, 5, 64, 1001]) func eachChunkGetsItsOwnRows(rowCount: Int) {
    for (width, chunkSize) in [(1, 1), (3, 2), (4, 64), (2, 5000)] {
      let buffer = FloatBuffer(zeros: rowCount * width)
      let visits = Mutex([Int](repeating: 0, count: rowCount))
      parallelForEach(rowsOf: buffer, width: width, chunkSize: chunkSize) { rows, part in
        #expect(part.count == rows.count * width)
        for (position, row) in rows.enumerated() {
          visits.withLock { $0[row] += 1 }
          for column in 0..<width { part[position * width + column] += Float(row * width + column) }
        }
      }
      #expect(buffer.array == (0..<rowCount * width).map { Float($0) })
      #expect(visits.withLock { $0.allSatisfy { $0 == 1 } })
    }
  }

  @Test(arguments: 0..<10) func eachChunkGetsItsOwnLists(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample)
    var lists = IndexLists()
    for list in 0..<(seed < 2 ? seed : generator.below(40)) {
      for _ in 0..<generator.below(4) { lists.append(Int32(list)) }
      lists.endList()
    }
    let buffer = FloatBuffer(zeros: lists.indices.count)
    var values = buffer.mutableSpan
    parallelForEach(listsOf: &values, lists: lists, chunkSize: 3) { range, part in
      let first = lists.range(of: range.lowerBound).lowerBound
      for list in range {
        for entry in lists.range(of: list) { part[entry - first] += Float(list) }
      }
    }
    #expect(buffer.array == lists.indices.map { Float($0) })
  }

  @Test func partsOfRowsTrap() async {
    await #expect(processExitsWith: .failure) {
      parallelForEach(rowsOf: FloatBuffer(zeros: 5), width: 2, chunkSize: 1) { _, _ in }
    }
  }

  // MARK: - Numbers of threads

  @Test func withinAThreadCountOfOneAllChunksRunOnTheCallingThread() {
    let caller = pthread_self()
    Parallelism.withThreadCount(1) {
      #expect(Parallelism.threadCount == 1)
      parallelForEach(chunkCount: 50) { _ in #expect(pthread_equal(pthread_self(), caller) != 0) }
    }
  }

  @Test(.enabled(if: Parallelism.threadCount >= 2, "needs two processors"))
  func withinAThreadCountOfTwoTwoThreadsWorkAndKeepToIt() {
    let threads = Mutex<Set<pthread_t>>([])
    Parallelism.withThreadCount(2) {
      meetInTwoChunks {
        threads.withLock { _ = $0.insert(pthread_self()) }
        #expect(Parallelism.threadCount == 2)
        Parallelism.withThreadCount(1) { #expect(Parallelism.threadCount == 1) }
      }
    }
    #expect(threads.withLock { $0.count } == 2)
  }

  @Test(.enabled(if: Parallelism.threadCount >= 2, "needs two processors"))
  func loopsThatRunMeanwhileElsewhereAreNotAffected() {
    let before = Parallelism.threadCount
    Parallelism.withThreadCount(1) {
      let ended = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        meetInTwoChunks { #expect(Parallelism.threadCount == before) }
        ended.signal()
      }
      ended.wait()
      #expect(Parallelism.threadCount == 1)
    }
    #expect(Parallelism.threadCount == before)
  }
}

/// Runs a loop of two chunks that wait for each other, which one thread alone would not end, and `body` in each.
private func meetInTwoChunks(_ body: () -> Void) {
  let arrivals = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
  parallelForEach(chunkCount: 2) { chunk in
    (chunk == 0 ? arrivals.0 : arrivals.1).signal()
    let other = chunk == 0 ? arrivals.1 : arrivals.0
    #expect(other.wait(timeout: .now() + 60) == .success, "the chunks run on one thread")
    body()
  }
}
