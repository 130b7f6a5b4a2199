import Testing
import TwoTowerAutodiff

@Test(arguments: testSizes, testSizes)
func normalizeRowsGradients(rows: Int, width: Int) {
  var generator = testGenerator(17)
  let x = randomTensor([rows, width], &generator, gap: 0.3)
  checkGradients(at: [x], tolerance: 2e-4) { _, v in l2NormalizeRows(v[0]) } reference: { v in
    (0..<rows).flatMap { r -> [Double] in
      let row = v[0][(r * width)..<((r + 1) * width)]
      let norm = row.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / norm }
    }
  }
}

@Test func normalizeGivesZeroRowsZerosAndNoGradient() {
  let tape = Tape(isTraining: true)
  let x = tape.input(Tensor([2, 2], [0, 0, 3, 4]))
  let y = l2NormalizeRows(x)
  #expect(y.value.array == [0, 0, 0.6, 0.8])
  tape.backward(from: y, gradient: Tensor([2, 2], [5, 6, 1, 0]))
  #expect(Array(tape.gradient(of: x)!.array[..<2]) == [0, 0])
}
