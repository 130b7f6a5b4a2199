import Testing
import TwoTowerKernels

@Suite struct GemmTests {
  @Test func agreesWithTheReferenceForAllTransposesAndRandomShapes() {
    var generator = SeededGenerator(seed: 1, purpose: .sample)
    for trial in 0..<160 {
      let extents = (0..<3).map { _ in [0, 1, 2, 5, 17, 64, 150][generator.below(7)] }
      let (rows, columns, inner) = (extents[0], extents[1], extents[2])
      let (transposeA, transposeB) = (trial & 1 == 1, trial & 2 == 2)
      let alpha: Float = [1, -0.5][generator.below(2)]
      let beta: Float = [0, 1, 0.25][generator.below(3)]
      let a = FloatBuffer(generator.normals(rows * inner))
      let b = FloatBuffer(generator.normals(inner * columns))
      let start = generator.normals(rows * columns)
      let fast = FloatBuffer(start)
      let slow = FloatBuffer(start)
      var fastSpan = fast.mutableSpan
      var slowSpan = slow.mutableSpan
      matrixMultiply(
        a.span, b.span, into: &fastSpan, rows: rows, columns: columns, inner: inner,
        transposeA: transposeA, transposeB: transposeB, alpha: alpha, beta: beta)
      matrixMultiplyReference(
        a.span, b.span, into: &slowSpan, rows: rows, columns: columns, inner: inner,
        transposeA: transposeA, transposeB: transposeB, alpha: alpha, beta: beta)
      #expect(
        greatestDifference(fast.array, slow.array) < 2e-5,
        "rows \(rows), columns \(columns), inner \(inner), \(transposeA), \(transposeB)")
    }
  }

  @Test func readsNoOldContentWhenBetaIsZero() {
    for inner in [0, 3] {
      let ones = FloatBuffer([Float](repeating: 1, count: 6))
      let c = FloatBuffer([Float](repeating: .nan, count: 4))
      var span = c.mutableSpan
      matrixMultiply(ones.span, ones.span, into: &span, rows: 2, columns: 2, inner: inner)
      #expect(c.array == [Float](repeating: Float(inner), count: 4))
    }
  }

  @Test func hasTheSameBitsOnAnyNumberOfThreads() {
    var generator = SeededGenerator(seed: 2, purpose: .sample)
    for (rows, columns, inner) in [(700, 33, 40), (33, 700, 40), (300, 300, 300)] {
      let a = FloatBuffer(generator.normals(rows * inner))
      let b = FloatBuffer(generator.normals(inner * columns))
      expectSameBitsOnAnyThreadCount {
        let c = FloatBuffer(zeros: rows * columns)
        var span = c.mutableSpan
        matrixMultiply(a.span, b.span, into: &span, rows: rows, columns: columns, inner: inner, transposeA: true)
        return c.array
      }
    }
  }
}
