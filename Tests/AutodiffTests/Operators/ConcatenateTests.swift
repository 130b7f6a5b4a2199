import Testing
import TwoTowerAutodiff

@Test(arguments: testSizes)
func concatenateGradients(rows: Int) {
  var generator = testGenerator(7)
  for widths in [[1], [3, 0, 2], [0, 0], [9, 1, 4, 20]] {
    let inputs = widths.map { randomTensor([rows, $0], &generator) }
    checkGradients(at: inputs) { _, v in concatenateColumns(v) } reference: { v in
      (0..<rows).flatMap { r in
        zip(v, widths).flatMap { values, width in values[(r * width)..<((r + 1) * width)] }
      }
    }
  }
}

@Test func concatenateOfTheSameVariableTwiceAddsBothGradients() {
  var generator = testGenerator(8)
  checkGradients(at: [randomTensor([2, 1], &generator)]) { _, v in concatenateColumns([v[0], v[0]]) } reference: { v in
    [v[0][0], v[0][0], v[0][1], v[0][1]]
  }
}

@Test func concatenateOfUnequalRowCountsTraps() async {
  await #expect(processExitsWith: .failure) {
    let tape = Tape()
    _ = concatenateColumns([tape.constant(Tensor(zeros: [2, 3])), tape.constant(Tensor(zeros: [3, 3]))])
  }
}
