import Testing
import TwoTowerAutodiff

@Test(arguments: testSizes, testSizes)
func sliceGradients(rows: Int, width: Int) {
  var generator = testGenerator(9)
  let x = randomTensor([rows, width], &generator)
  let columns = (width / 3)..<(width - width / 4)
  checkGradients(at: [x]) { _, v in v[0].columns(columns) } reference: { v in
    (0..<rows).flatMap { r in columns.map { v[0][r * width + $0] } }
  }
  let taken = (rows / 3)..<(rows - rows / 4)
  checkGradients(at: [x]) { _, v in v[0].rows(taken) } reference: { v in
    Array(v[0][(taken.lowerBound * width)..<(taken.upperBound * width)])
  }
  checkGradients(at: [x]) { _, v in v[0].reshaped(to: [width, 1, rows]) } reference: { v in v[0] }
}

@Test func sliceOutOfBoundsTraps() async {
  await #expect(processExitsWith: .failure) { _ = Tape().constant(Tensor(zeros: [2, 3])).columns(1..<4) }
  await #expect(processExitsWith: .failure) { _ = Tape().constant(Tensor(zeros: [2, 3])).rows(0..<3) }
}
