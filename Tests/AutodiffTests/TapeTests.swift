import Testing
import TwoTowerAutodiff

@Test func gradientsFollowEveryPath() {
  // f = mean(relu(x w + b)²) + Σ x: x, used twice, collects both.
  var generator = testGenerator(21)
  let shapes: [Shape] = [[3, 2], [2, 4], [4]]
  checkGradients(at: shapes.map { randomTensor($0, &generator, gap: 0.2) }) { _, v in
    let hidden = relu(matrixMultiply(v[0], v[1]) + v[2])
    return (hidden * hidden).mean() + v[0].sum()
  } reference: { v in
    var total = 0.0
    for r in 0..<3 {
      for c in 0..<4 {
        let hidden = max(0, v[0][r * 2] * v[1][c] + v[0][r * 2 + 1] * v[1][4 + c] + v[2][c])
        total += hidden * hidden
      }
    }
    return [total / 12 + v[0].reduce(0, +)]
  }
}

@Test func parameterGradientsAddUpUntilCleared() {
  let weight = Parameter(name: "weight", value: Tensor([2], [1, 2]))
  for _ in 0..<2 {
    let tape = Tape(isTraining: true)
    tape.backward(from: (tape.parameter(weight) + tape.parameter(weight)).sum())
  }
  #expect(denseGradient(of: weight) == [4, 4])
  weight.clearGradient()
  #expect(denseGradient(of: weight) == [0, 0])
}

@Test func parametersAreConstantsOutsideTraining() {
  let weight = Parameter(name: "weight", value: Tensor([2], [1, 2]))
  let tape = Tape()
  #expect(!tape.parameter(weight).sum().requiresGradient)
  guard case .none = weight.gradient else { Issue.record("a gradient was made"); return }
}

@Test func aTapeIsFreedAfterBackwardOrDiscard() {
  weak var weakTape: Tape?
  let weight = Parameter(name: "weight", value: Tensor([2], [1, 2]))
  for runsBackward in [true, false] {
    do {
      let tape = Tape(isTraining: true)
      let loss = tape.parameter(weight).sum()
      if runsBackward { tape.backward(from: loss) } else { tape.discard() }
      weakTape = tape
    }
    #expect(weakTape == nil)
  }
}

@Test func misuseOfBackwardTraps() async {
  await #expect(processExitsWith: .failure) {
    let tape = Tape(isTraining: true)
    tape.backward(from: tape.input(Tensor(zeros: [2])))
  }
  await #expect(processExitsWith: .failure) {
    let tape = Tape(isTraining: true)
    let loss = tape.input(Tensor(scalar: 1))
    tape.backward(from: loss)
    tape.backward(from: loss)
  }
}
