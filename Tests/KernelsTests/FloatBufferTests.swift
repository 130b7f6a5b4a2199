import Testing
import TwoTowerKernels

@Test(arguments: [0, 1, 100, 16_384, 100_000])
func aNewBufferIsZerosWhateverItsMemoryHeldBefore(count: Int) {
  for _ in 0..<3 {
    let buffers = (0..<4).map { _ in FloatBuffer(zeros: count) }
    for buffer in buffers {
      #expect(buffer.array.allSatisfy { $0 == 0 })
      var span = buffer.mutableSpan
      for i in 0..<count { span[i] = 7 }
    }
  }
}

@Test func buffersInUseNeverShareMemory() {
  let buffers = (0..<64).map { i in FloatBuffer([Float](repeating: Float(i), count: 20_000)) }
  for (i, buffer) in buffers.enumerated() { #expect(buffer.array.allSatisfy { $0 == Float(i) }) }
}

@Test func buffersBeyondWhatIsKeptAreFreedAndMadeAgain() {
  for round in 0..<3 {
    let large = (0..<4).map { i in FloatBuffer([Float](repeating: Float(i + round), count: 12_000_000 + i * 4096)) }
    for (i, buffer) in large.enumerated() {
      #expect(buffer.span[0] == Float(i + round) && buffer.span[buffer.count - 1] == Float(i + round))
    }
  }
}

@Test func anEmptiedPoolKeepsNothing() async {
  // In a process of its own, where no other test gives buffers back.
  await #expect(processExitsWith: .success) {
    do { _ = FloatBuffer(zeros: 100_000) }
    precondition(BlockPool.keptByteCount >= 400_000)
    BlockPool.empty()
    precondition(BlockPool.keptByteCount == 0)
    precondition(FloatBuffer(zeros: 100_000).array.allSatisfy { $0 == 0 })
  }
}
