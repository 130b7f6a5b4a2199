import Foundation
import Kernels
import Testing

@Suite struct VectorMathTests {
  private let counts = [0, 1, 3, 4, 7, 8, 15, 16, 17, 33, 64, 100, 5000]

  @Test func offersTheBaselineEverywhere() {
    #expect(VectorMath.available.first?.name == "baseline")
    #expect(VectorMath.best.name == VectorMath.available.last?.name)
  }

  @Test func exponentialsAreAccurateOverTheWholeRange() {
    let inputs = stride(from: Float(-87.3), through: 88.3, by: 0.0137).map { $0 }
    for variant in VectorMath.available {
      let buffer = FloatBuffer(inputs)
      var span = buffer.mutableSpan
      variant.exponentiate(&span)
      var greatestError = 0.0
      for (x, y) in zip(inputs, buffer.array) {
        greatestError = max(greatestError, abs(Double(y) / exp(Double(x)) - 1))
      }
      #expect(greatestError < 3e-7, "\(variant.name)")
    }
  }

  @Test func exponentialsOfEdgeValuesAreExact() {
    let infinity = Float.infinity
    let inputs: [Float] = [-infinity, -1e30, -104, -89, 0, -0.0, 89, 104, 1e30, infinity]
    let expected: [Float] = [0, 0, 0, 0, 1, 1, infinity, infinity, infinity, infinity]
    for variant in VectorMath.available {
      for padding in [0, 3, 22] {  // reaches the vector part and the remainder
        let buffer = FloatBuffer([Float](repeating: 0, count: padding) + inputs + [.nan])
        var span = buffer.mutableSpan
        let sum = variant.exponentiate(&span)
        #expect(Array(buffer.array.dropFirst(padding).dropLast()) == expected, "\(variant.name)")
        #expect(buffer.array.last!.isNaN && !sum.isFinite, "\(variant.name)")
      }
    }
  }

  @Test func exponentiateShiftsAndSums() {
    var generator = SeededGenerator(seed: 1, purpose: .sample)
    for count in counts {
      let values = generator.normals(count)
      let expected = values.map { Float(exp(Double($0) - 0.75)) }
      for variant in VectorMath.available {
        let buffer = FloatBuffer(values)
        var span = buffer.mutableSpan
        let sum = variant.exponentiate(&span, shift: 0.75)
        #expect(greatestDifference(buffer.array, expected) < 1e-6)
        let exact = expected.reduce(0.0) { $0 + Double($1) }
        #expect(abs(sum - exact) <= 1e-6 * exact, "\(variant.name), \(count)")
      }
    }
  }

  @Test func reductionsAgreeWithSwift() {
    var generator = SeededGenerator(seed: 2, purpose: .sample)
    for count in counts {
      let x = generator.normals(count)
      let y = generator.normals(count)
      let threshold = count > 0 ? x[generator.below(count)] : 0
      let dot = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      let (xBuffer, yBuffer) = (FloatBuffer(x), FloatBuffer(y))
      for variant in VectorMath.available {
        #expect(variant.maximum(xBuffer.span) == x.max() ?? -.infinity)
        #expect(variant.countAtLeast(xBuffer.span, threshold) == x.count { $0 >= threshold })
        #expect(abs(Double(variant.dot(xBuffer.span, yBuffer.span)) - dot) < 1e-6 * Double(count + 1))
      }
    }
  }

  @Test func reductionsPassOverNotANumber() {
    let values: [Float] = [.nan, 1, .nan, 3] + [Float](repeating: .nan, count: 40) + [2, .nan]
    let buffer = FloatBuffer(values)
    for variant in VectorMath.available {
      #expect(variant.maximum(buffer.span) == 3)
      #expect(variant.countAtLeast(buffer.span, 2) == 2)
    }
  }

  @Test func scaledAddTouchesItsRangeAlone() {
    var generator = SeededGenerator(seed: 3, purpose: .sample)
    for count in counts {
      let x = generator.normals(count + 5)
      let y = generator.normals(count + 7)
      var expected = y
      for i in 0..<count { expected[3 + i] = 0.5 * x[2 + i] - 2 * y[3 + i] }
      for variant in VectorMath.available {
        let (xBuffer, yBuffer) = (FloatBuffer(x), FloatBuffer(y))
        var span = yBuffer.mutableSpan
        variant.scaledAdd(0.5, xBuffer.span, from: 2, -2, &span, from: 3, count: count)
        #expect(greatestDifference(yBuffer.array, expected) < 1e-6)
        #expect(yBuffer.array.prefix(3) == y.prefix(3)[...] && yBuffer.array.suffix(4) == y.suffix(4)[...])
      }
    }
  }

  @Test func adagradFollowsItsDefinition() {
    var generator = SeededGenerator(seed: 4, purpose: .sample)
    for count in counts {
      let (p, g) = (generator.normals(count), generator.normals(count))
      let s = generator.normals(count).map { $0 * $0 }
      for (inside, outside) in [(Float(1e-7), Float(0)), (0, 1e-3)] {
        for variant in VectorMath.available {
          let (parameters, squares, gradient) = (FloatBuffer(p), FloatBuffer(s), FloatBuffer([9] + g))
          var pSpan = parameters.mutableSpan
          var sSpan = squares.mutableSpan
          variant.adagrad(
            &pSpan, squares: &sSpan, from: 0, gradient: gradient.span, from: 1, count: count, gradientScale: 0.5,
            rate: 0.1, epsilonInside: inside, epsilonOutside: outside)
          let newS = zip(s, g).map { $0 + 0.25 * $1 * $1 }
          let newP = (0..<count).map { p[$0] - 0.1 * 0.5 * g[$0] / ((newS[$0] + inside).squareRoot() + outside) }
          #expect(greatestDifference(squares.array, newS) < 1e-6)
          #expect(greatestDifference(parameters.array, newP) < 1e-6)
        }
      }
    }
  }

  @Test func adamFollowsItsDefinition() {
    var generator = SeededGenerator(seed: 5, purpose: .sample)
    for count in counts {
      let (p, g, m) = (generator.normals(count), generator.normals(count), generator.normals(count))
      let v = generator.normals(count).map { $0 * $0 }
      for variant in VectorMath.available {
        let (parameters, means, squares) = (FloatBuffer(p), FloatBuffer(m), FloatBuffer(v))
        let gradient = FloatBuffer(g)
        var pSpan = parameters.mutableSpan
        var mSpan = means.mutableSpan
        var vSpan = squares.mutableSpan
        variant.adam(
          &pSpan, means: &mSpan, squares: &vSpan, from: 0, gradient: gradient.span, from: 0, count: count,
          gradientScale: 2, beta1: 0.9, beta2: 0.99, rate: 0.01, correction: 1.5, epsilon: 1e-3, decay: 0.98)
        let newM = zip(m, g).map { 0.9 * $0 + 0.1 * 2 * $1 }
        let newV = zip(v, g).map { 0.99 * $0 + 0.01 * 4 * $1 * $1 }
        let newP = (0..<count).map { 0.98 * p[$0] - 0.01 * newM[$0] / (1.5 * newV[$0].squareRoot() + 1e-3) }
        #expect(greatestDifference(means.array, newM) < 1e-6)
        #expect(greatestDifference(squares.array, newV) < 1e-6)
        #expect(greatestDifference(parameters.array, newP) < 1e-5)
      }
    }
  }
}
