import Testing
import TwoTowerAutodiff

@Test func dropoutIsTheIdentityOutsideTraining() {
  let tape = Tape()
  let x = tape.input(Tensor([3], [1, 2, 3]))
  #expect(dropout(x, rate: 0.9).value.array == [1, 2, 3])
  let training = Tape(isTraining: true)
  #expect(dropout(training.input(Tensor([3], [1, 2, 3])), rate: 0).value.array == [1, 2, 3])
}

@Test func dropoutZeroesItsShareAndScalesTheRest() {
  let tape = Tape(isTraining: true, seed: 7)
  let x = tape.input(Tensor([10_000], Array(repeating: 3, count: 10_000)))
  let y = dropout(x, rate: 0.25)
  let kept = y.value.array.filter { $0 != 0 }
  #expect(kept.allSatisfy { $0 == 4 })
  #expect(abs(Double(kept.count) - 7_500) < 200)  // 4.6 standard deviations
  tape.backward(from: y, gradient: Tensor([10_000], Array(repeating: 1, count: 10_000)))
  #expect(zip(tape.gradient(of: x)!.array, y.value.array).allSatisfy { $0 * 3 == $1 })
}

@Test func dropoutDrawsAnewForEachUseAndStepAndRepeatsBySeed() {
  func kept(step: Int) -> [[Bool]] {
    let tape = Tape(isTraining: true, seed: 1, step: step)
    let x = tape.input(Tensor([64], Array(repeating: 1, count: 64)))
    return (0..<2).map { _ in dropout(x, rate: 0.5).value.array.map { $0 != 0 } }
  }
  #expect(kept(step: 0) == kept(step: 0))
  #expect(kept(step: 0)[0] != kept(step: 0)[1])
  #expect(kept(step: 0) != kept(step: 1))
}
