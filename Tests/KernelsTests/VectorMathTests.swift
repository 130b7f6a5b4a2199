import Foundation
import Testing
import TwoTowerKernels

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
}
