import Testing
import TwoTowerKernels

struct SymmetricEigenTests {
  @Test(arguments: [0, 1, 2, 7, 64, 129]) func theVectorsSpanAndScaleTheMatrix(order: Int) throws {
    var generator = SeededGenerator(seed: UInt64(order), purpose: .sample)
    var matrix = [Float](repeating: 0, count: order * order)
    for i in 0..<order {
      for j in i..<order {
        matrix[i * order + j] = generator.uniform() - 0.5
        matrix[j * order + i] = matrix[i * order + j]
      }
    }
    // What is below the diagonal is not read.
    let buffer = FloatBuffer(matrix.indices.map { $0 % order < $0 / order ? 9 : matrix[$0] })
    var span = buffer.mutableSpan
    let values = try #require(symmetricEigen(&span, order: order))
    let vectors = buffer.array
    #expect(values.count == order && values == values.sorted())
    for k in 0..<order {
      for i in 0..<order {
        let product = (0..<order).reduce(0.0) {
          $0 + Double(matrix[i * order + $1]) * Double(vectors[k * order + $1])
        }
        #expect(abs(product - Double(values[k]) * Double(vectors[k * order + i])) < 2e-5 * Double(order))
        let angle = (0..<order).reduce(0.0) {
          $0 + Double(vectors[k * order + $1]) * Double(vectors[i * order + $1])
        }
        #expect(abs(angle - (k == i ? 1 : 0)) < 1e-5)
      }
    }
  }

  @Test(arguments: [Float.nan, .infinity]) func whatIsNotFiniteHasNone(value: Float) {
    let buffer = FloatBuffer([1, 0, 0, value])
    var span = buffer.mutableSpan
    #expect(symmetricEigen(&span, order: 2) == nil)
  }
}
