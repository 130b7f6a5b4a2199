import Testing
import TwoTowerAutodiff

@Test(arguments: testSizes, [0, 1, 5])
func concatenateRowsGradients(width: Int, secondRows: Int) {
  var generator = testGenerator(10)
  for rows in [0, 1, 4] {
    let inputs = [randomTensor([rows, width], &generator), randomTensor([secondRows, width], &generator)]
    checkGradients(at: inputs) { _, x in
      concatenateRows(x[0], x[1])
    } reference: { x in
      x[0] + x[1]
    }
  }
}
