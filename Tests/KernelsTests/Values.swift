import Foundation
import Testing
import TestSupport
import TwoTowerKernels

extension SeededGenerator {
  /// Draws from a standard normal distribution (Box–Muller).
  mutating func normals(_ count: Int) -> [Float] {
    (0..<count).map { _ in
      let radius = (-2 * log(1 - uniformDouble())).squareRoot()
      return Float(radius * cos(2 * Double.pi * uniformDouble()))
    }
  }

  /// Whole numbers in 0..<bound.
  mutating func indices(_ count: Int, below bound: Int) -> [Int32] { (0..<count).map { _ in Int32(below(bound)) } }
}

/// The greatest |x − y| / max(1, |y|); infinite when one is not a number.
func greatestDifference(_ x: [Float], _ y: [Float]) -> Float {
  precondition(x.count == y.count)
  var greatest: Float = 0
  for (x, y) in zip(x, y) where x != y {
    let difference = abs(x - y) / max(1, abs(y))
    greatest = difference.isNaN ? .infinity : max(greatest, difference)
  }
  return greatest
}

/// Runs `body` on 1, 2 and 3 threads and expects the same bits each time.
func expectSameBitsOnAnyThreadCount(_ body: () -> [Float], sourceLocation: SourceLocation = #_sourceLocation) {
  let results = onThreadCounts { body().map(\.bitPattern) }
  #expect(results[0] == results[1], sourceLocation: sourceLocation)
  #expect(results[0] == results[2], sourceLocation: sourceLocation)
}
