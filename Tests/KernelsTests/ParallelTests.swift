import Kernels
import Synchronization
import Testing

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
}
