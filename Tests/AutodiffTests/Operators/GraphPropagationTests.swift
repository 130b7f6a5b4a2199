import Testing
import TwoTowerAutodiff
import TwoTowerKernels

/// A symmetric sparse matrix, some rows empty, and the matrix that it is.
private func randomGraph(
  _ count: Int, _ generator: inout SeededGenerator
) -> (graph: SparseRows, matrix: [[Double]]) {
  var matrix = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
  for row in 0..<count {
    for column in 0...row where generator.below(3) == 0 {
      let weight = Double(0.2 + 0.3 * generator.uniform())
      (matrix[row][column], matrix[column][row]) = (weight, weight)
    }
  }
  var graph = SparseRows()
  for row in matrix {
    for (column, weight) in row.enumerated() where weight != 0 { graph.append(Int32(column), weight: Float(weight)) }
    graph.endRow()
  }
  return (graph, matrix)
}

@Test(arguments: testSizes, 0...3)
func propagationGradients(width: Int, hops: Int) {
  var generator = testGenerator(8)
  for count in [0, 1, 7] {
    let (graph, matrix) = randomGraph(count, &generator)
    checkGradients(at: [randomTensor([count, width], &generator)]) { _, x in
      propagate(x[0], over: graph, hops: hops)
    } reference: { x in
      var (sum, step) = (x[0], x[0])
      for _ in 0..<hops {
        let before = step
        for row in 0..<count {
          for column in 0..<width {
            step[row * width + column] = (0..<count).reduce(0.0) {
              $0 + matrix[row][$1] * before[$1 * width + column]
            }
          }
        }
        for index in sum.indices { sum[index] += step[index] }
      }
      return sum
    }
  }
}
