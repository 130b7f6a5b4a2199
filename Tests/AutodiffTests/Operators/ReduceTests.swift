import Testing
import TwoTowerAutodiff

@Test func sumAndMeanGradients() {
  var generator = testGenerator(16)
  for shape in [[], [0], [1], [17], [3, 5], [2, 3, 4]] as [Shape] {
    let x = randomTensor(shape, &generator)
    checkGradients(at: [x]) { _, v in v[0].sum() } reference: { v in [v[0].reduce(0, +)] }
    checkGradients(at: [x]) { _, v in v[0].mean() } reference: { v in
      [v[0].isEmpty ? 0 : v[0].reduce(0, +) / Double(v[0].count)]
    }
  }
}

@Test func sumAccumulatesInDouble() {
  let values = [16_777_216] + [Float](repeating: 1, count: 1_000)  // Float alone would stay at 2²⁴
  #expect(Tape().constant(Tensor([1_001], values)).sum().value.item == 16_778_216)
}
