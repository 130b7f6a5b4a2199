import Testing
import TwoTowerKernels

@Test(arguments: [0, 1, 500], [1, 9, 130])
func normalizedRowsHaveLengthOneAndTheirDirection(rows: Int, width: Int) {
  var generator = SeededGenerator(seed: 10, purpose: .sample)
  let x = generator.normals(rows * width)
  let (out, inverses) = (FloatBuffer(zeros: rows * width), FloatBuffer(zeros: rows))
  var outSpan = out.mutableSpan
  var inverseSpan = inverses.mutableSpan
  normalizeRows(x.span, width: width, epsilon: 0, into: &outSpan, inverseNorms: &inverseSpan)
  let y = out.array
  for r in 0..<rows {
    let range = (r * width)..<((r + 1) * width)
    let norm = x[range].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(greatestDifference(Array(y[range]), x[range].map { Float(Double($0) / norm) }) < 1e-6)
  }
}

@Test func aNormOfManySmallElementsBesideALargeOneCountsThemAll() {
  var x = [Float](repeating: 1, count: 32_000)
  x[0] = 4096
  let (out, inverses) = (FloatBuffer(zeros: x.count), FloatBuffer(zeros: 1))
  var outSpan = out.mutableSpan
  var inverseSpan = inverses.mutableSpan
  normalizeRows(x.span, width: x.count, epsilon: 0, into: &outSpan, inverseNorms: &inverseSpan)
  #expect(abs(out.array.reduce(0.0) { $0 + Double($1) * Double($1) } - 1) < 1e-6)
}

@Test func aNormWhoseSquareOverflowsIsNotANumber() {
  let (out, inverses) = (FloatBuffer(zeros: 2), FloatBuffer(zeros: 1))
  var outSpan = out.mutableSpan
  var inverseSpan = inverses.mutableSpan
  for value in [Float(1e30), .infinity, .nan] {
    normalizeRows([value, 1].span, width: 2, epsilon: 0, into: &outSpan, inverseNorms: &inverseSpan)
    #expect(out.array.allSatisfy { $0.isNaN })
  }
}

@Test func rowsUpToEpsilonBecomeZerosAndNotANumberPassesOn() {
  let (out, inverses) = (FloatBuffer(zeros: 4), FloatBuffer(zeros: 4))
  var outSpan = out.mutableSpan
  var inverseSpan = inverses.mutableSpan
  normalizeRows([0, 0.5, 2, Float.nan].span, width: 1, epsilon: 0.5, into: &outSpan, inverseNorms: &inverseSpan)
  #expect(Array(out.array[..<3]) == [0, 0, 1])
  #expect(out.array[3].isNaN)
  #expect(Array(inverses.array[..<3]) == [0, 0, 0.5])
}
