import Testing
import TwoTowerKernels

@Test(arguments: [0, 1, 7, 8, 1_003])
func sumsAndDotsAreTakenInDouble(count: Int) {
  var generator = SeededGenerator(seed: 3, purpose: .sample)
  let (x, y) = (generator.normals(count), generator.normals(count))
  #expect(abs(sum(x.span) - x.reduce(0.0) { $0 + Double($1) }) < 1e-10)
  #expect(abs(dot(x.span, y.span) - zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }) < 1e-10)
}

@Test(arguments: [0, 1, 5, 300], [0, 1, 9, 130])
func columnAndRowReductionsFollowTheirDefinitions(rows: Int, width: Int) {
  var generator = SeededGenerator(seed: 4, purpose: .sample)
  let (x, y) = (generator.normals(rows * width), generator.normals(rows * width))
  let (oldRow, factors) = (generator.normals(width), generator.normals(rows))

  let sums = FloatBuffer(oldRow)
  var sumsSpan = sums.mutableSpan
  addColumnSums(2, x.span, into: &sumsSpan)
  let expectedSums = (0..<width).map { c in (0..<rows).reduce(oldRow[c]) { $0 + 2 * x[$1 * width + c] } }
  #expect(greatestDifference(sums.array, expectedSums) < 1e-5)

  let dots = FloatBuffer(oldRow)
  var dotsSpan = dots.mutableSpan
  addColumnDots(x.span, y.span, into: &dotsSpan)
  let expectedDots = (0..<width).map { c in
    (0..<rows).reduce(oldRow[c]) { $0 + x[$1 * width + c] * y[$1 * width + c] }
  }
  #expect(greatestDifference(dots.array, expectedDots) < 1e-5)

  let products = FloatBuffer(zeros: rows)
  var productsSpan = products.mutableSpan
  rowDots(x.span, y.span, width: width, into: &productsSpan)
  let expectedProducts = (0..<rows).map { r in
    Float((0..<width).reduce(0.0) { $0 + Double(x[r * width + $1]) * Double(y[r * width + $1]) })
  }
  #expect(greatestDifference(products.array, expectedProducts) < 1e-5)

  let scaled = FloatBuffer(y)
  var scaledSpan = scaled.mutableSpan
  addRowsScaled(by: factors.span, x.span, width: width, into: &scaledSpan)
  let expectedScaled = x.indices.map { y[$0] + factors[$0 / width] * x[$0] }
  #expect(greatestDifference(scaled.array, expectedScaled) < 1e-6)
}

@Test(arguments: [1, 8]) func rowDotsKeepWhatLargeTermsLeave(lanes: Int) {
  // 10⁸ + 1 − 10⁸, in one partial sum each.
  var (x, y) = ([Float](repeating: 0, count: 3 * lanes), [Float](repeating: 1, count: 3 * lanes))
  (x[0], x[lanes], x[2 * lanes]) = (1e8, 1, 1e8)
  y[2 * lanes] = -1
  let product = FloatBuffer(zeros: 1)
  var span = product.mutableSpan
  rowDots(x.span, y.span, width: x.count, into: &span)
  #expect(product.array == [1])
}

@Test func columnSumsHaveTheSameBitsOnAnyNumberOfThreads() {
  var generator = SeededGenerator(seed: 5, purpose: .sample)
  let x = generator.normals(500 * 100)
  expectSameBitsOnAnyThreadCount {
    let out = FloatBuffer(zeros: 100)
    var span = out.mutableSpan
    addColumnSums(1, x.span, into: &span)
    return out.array
  }
}

@Test func theFirstElementThatIsNotFiniteIsFoundAnywhere() {
  #expect(firstNonFinite([Float]().span) == nil)
  let large = [Float](repeating: .greatestFiniteMagnitude, count: 21)
  #expect(firstNonFinite(large.span) == nil)
  for position in large.indices {
    for value in [Float.nan, .infinity, -.infinity] {
      var x = large
      x[position] = value
      #expect(firstNonFinite(x.span) == position)
      x[20] = .nan
      #expect(firstNonFinite(x.span) == position)
    }
  }
}
