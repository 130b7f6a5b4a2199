import Testing
import TwoTowerKernels

/// A random M·Mᵀ + I.
private func positiveDefinite(_ order: Int, seed: UInt64) -> [Float] {
  var generator = SeededGenerator(seed: seed, purpose: .sample)
  let m = (0..<order * order).map { _ in generator.uniform() - 0.5 }
  var matrix = [Float](repeating: 0, count: order * order)
  for i in 0..<order {
    for j in i..<order {
      let sum = (0..<order).reduce(0.0) { $0 + Double(m[i * order + $1]) * Double(m[j * order + $1]) }
      matrix[i * order + j] = Float(sum) + (i == j ? 1 : 0)
      matrix[j * order + i] = matrix[i * order + j]
    }
  }
  return matrix
}

struct PositiveDefiniteTests {
  @Test(arguments: [0, 1, 2, 17, 64, 65, 200])
  func theInverseTimesTheMatrixIsTheIdentity(order: Int) {
    let matrix = positiveDefinite(order, seed: UInt64(order))
    let inverse = FloatBuffer(matrix)
    var span = inverse.mutableSpan
    #expect(invertPositiveDefinite(&span, order: order))
    for i in 0..<order {
      for j in 0..<order {
        let product = (0..<order).reduce(0.0) {
          $0 + Double(matrix[i * order + $1]) * Double(inverse.span[$1 * order + j])
        }
        #expect(abs(product - (i == j ? 1 : 0)) < 2e-4)
        #expect(inverse.span[i * order + j] == inverse.span[j * order + i])
      }
    }
  }

  @Test(arguments: [(1, 1), (3, 2), (32, 1), (40, 5), (5, 0)])
  func rowsAreSolved(order: Int, count: Int) {
    let matrix = positiveDefinite(order, seed: 9)
    var generator = SeededGenerator(seed: 2, purpose: .sample)
    let right = (0..<count * order).map { _ in generator.uniform() - 0.5 }
    // What is below the diagonal is not read.
    let scratch = FloatBuffer(matrix.indices.map { $0 % order < $0 / order ? .nan : matrix[$0] })
    let solution = FloatBuffer(right)
    var a = scratch.mutableSpan
    var x = solution.mutableSpan
    #expect(solvePositiveDefinite(&a, rows: &x, order: order))
    for row in 0..<count {
      for i in 0..<order {
        let product = (0..<order).reduce(0.0) {
          $0 + Double(matrix[i * order + $1]) * Double(solution.span[row * order + $1])
        }
        #expect(abs(product - Double(right[row * order + i])) < 1e-4)
      }
    }
  }

  @Test(arguments: 
    [[1, 2, 2, 1], [0, 0, 0, 0], [-1, 0, 0, 1], [.infinity, 1, 1, 1], [1, .nan, .nan, 1], [1, 0, 0, .nan]] as [[Float]])
  func otherMatricesAreRefused(matrix: [Float]) {
    let buffer = FloatBuffer(matrix)
    var span = buffer.mutableSpan
    #expect(!invertPositiveDefinite(&span, order: 2))
    let again = FloatBuffer(matrix)
    let rows = FloatBuffer([3, 4])
    var a = again.mutableSpan
    var x = rows.mutableSpan
    #expect(!solvePositiveDefinite(&a, rows: &x, order: 2))
    #expect(rows.array == [3, 4])
  }
}
