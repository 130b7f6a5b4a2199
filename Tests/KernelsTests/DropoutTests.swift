import Testing
import TwoTowerKernels

@Test(arguments: [0, 1, 2, 8_191, 8_192, 20_001])
func dropoutKeepsItsShareScaledAndRepeatsBySeed(count: Int) {
  let x = [Float](repeating: 3, count: count)
  func dropped(seed: UInt64) -> [Float] {
    let out = FloatBuffer([Float](repeating: 1, count: count))
    var span = out.mutableSpan
    dropout(x.span, rate: 0.25, seed: seed, into: &span)
    return out.array
  }
  let result = dropped(seed: 1)
  #expect(result.allSatisfy { $0 == 0 || $0 == 4 })
  #expect(result == dropped(seed: 1))
  if count > 1_000 {
    let share = Double(result.filter { $0 == 0 }.count) / Double(count)
    #expect(abs(share - 0.25) < 0.025)
    for parity in 0..<2 {  // both halves of a draw keep to the rate
      let half = result.indices.filter { $0 % 2 == parity }
      let share = Double(half.filter { result[$0] == 0 }.count) / Double(half.count)
      #expect(abs(share - 0.25) < 0.035)
    }
    #expect(result != dropped(seed: 2))
  }
}

@Test func dropoutHasTheSameBitsOnAnyNumberOfThreads() {
  let x = [Float](repeating: 1, count: 50_000)
  expectSameBitsOnAnyThreadCount {
    let out = FloatBuffer(zeros: 50_000)
    var span = out.mutableSpan
    dropout(x.span, rate: 0.5, seed: 3, into: &span)
    return out.array
  }
}
