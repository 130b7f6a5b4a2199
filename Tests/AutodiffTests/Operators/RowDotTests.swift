import Testing
import TwoTowerAutodiff

@Test(arguments: testSizes, testSizes)
func rowDotGradients(rows: Int, width: Int) {
  var generator = testGenerator(18)
  let (x, y) = (randomTensor([rows, width], &generator), randomTensor([rows, width], &generator))
  checkGradients(at: [x, y]) { _, v in rowDot(v[0], v[1]) } reference: { v in
    (0..<rows).map { r in (0..<width).reduce(0.0) { $0 + v[0][r * width + $1] * v[1][r * width + $1] } }
  }
}
