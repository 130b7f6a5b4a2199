import Testing
import TwoTowerAutodiff

@Test(arguments: testSizes, testSizes)
func scaleRowsGradients(rows: Int, width: Int) {
  var generator = testGenerator(9)
  let factors = (0..<rows).map { _ in generator.uniform() - 0.5 }
  checkGradients(at: [randomTensor([rows, width], &generator)]) { _, x in
    scaleRows(x[0], by: factors)
  } reference: { x in
    (0..<rows * width).map { x[0][$0] * Double(factors[$0 / width]) }
  }
}
