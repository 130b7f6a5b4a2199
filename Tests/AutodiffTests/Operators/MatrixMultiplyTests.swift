import Testing
import TwoTowerAutodiff

@Test(arguments: [false, true], [false, true])
func matrixMultiplyGradients(transposeX: Bool, transposeY: Bool) {
  var generator = testGenerator(2)
  for _ in 0..<12 {
    let (m, k, n) = (generator.below(7), generator.below(7), generator.below(7))
    let x = randomTensor(transposeX ? [k, m] : [m, k], &generator)
    let y = randomTensor(transposeY ? [n, k] : [k, n], &generator)
    checkGradients(at: [x, y]) { _, v in
      matrixMultiply(v[0], v[1], transposeX: transposeX, transposeY: transposeY)
    } reference: { v in
      (0..<(m * n)).map { i in
        (0..<k).reduce(0.0) { sum, j in
          let (row, column) = (i / n, i % n)
          return sum + v[0][transposeX ? j * m + row : row * k + j] * v[1][transposeY ? column * k + j : j * n + column]
        }
      }
    }
  }
}

@Test func matrixMultiplyOfAVariableByItselfAddsBothGradients() {
  var generator = testGenerator(3)
  checkGradients(at: [randomTensor([4, 4], &generator)]) { _, v in
    matrixMultiply(v[0], v[0], transposeY: true)
  } reference: { v in
    (0..<16).map { (i: Int) -> Double in
      let (left, right) = (i / 4 * 4, i % 4 * 4)
      return (0..<4).reduce(0.0) { sum, j in sum + v[0][left + j] * v[0][right + j] }
    }
  }
}

@Test func matrixMultiplyOfUnequalInnerExtentsTraps() async {
  await #expect(processExitsWith: .failure) {
    let tape = Tape()
    _ = matrixMultiply(tape.constant(Tensor(zeros: [2, 3])), tape.constant(Tensor(zeros: [2, 3])))
  }
}
