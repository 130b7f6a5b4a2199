import TwoTowerCVectorMath

/// Loops that pay for wide registers: compiled for several instruction sets, the best one chosen at run time.
///
/// Swift code is compiled for the oldest processors of an architecture. These kernels, written once in C, use AVX2 or
/// AVX-512 where the processor has them. Variants differ in rounding; one variant always gives the same bits.
package struct VectorMath: @unchecked Sendable {
  let table: UnsafePointer<vector_math_table>

  /// The variants that this processor can run, slowest first.
  ///
  /// Never empty.
  package static let available: [VectorMath] = [VECTOR_MATH_BASELINE, VECTOR_MATH_AVX2, VECTOR_MATH_AVX512]
    .compactMap { vector_math_of($0).map(VectorMath.init(table:)) }

  /// The fastest variant that this processor can run.
  package static let best = available[available.count - 1]

  /// The instruction set: "baseline", "avx2" or "avx512".
  package var name: String { String(cString: table.pointee.name) }

  /// The greatest element; -infinity for none.
  ///
  /// Elements that are not numbers are passed over.
  package func maximum(_ x: Span<Float>) -> Float {
    x.withUnsafeBufferPointer { x in
      guard let start = x.baseAddress else { return -.infinity }
      return table.pointee.maximum(start, x.count)
    }
  }

  /// Replaces each element by exp(x − shift), to about 2e-7 relative, and returns the sum.
  ///
  /// exp(−infinity) is exactly 0, and so are results below 1e-38; results above 2e38 are infinite.
  @discardableResult
  package func exponentiate(_ x: inout MutableSpan<Float>, shift: Float = 0) -> Double {
    x.withUnsafeMutableBufferPointer { x in
      guard let start = x.baseAddress else { return 0 }
      return table.pointee.exponentiate(start, x.count, shift)
    }
  }

  /// The inner product, summed in Float in several partial sums.
  ///
  /// - Precondition: equal counts.
  package func dot(_ x: Span<Float>, _ y: Span<Float>) -> Float {
    precondition(x.count == y.count, "VectorMath.dot: \(x.count) and \(y.count) elements")
    return x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        guard let x0 = x.baseAddress, let y0 = y.baseAddress else { return 0 }
        return table.pointee.dot(x0, y0, x.count)
      }
    }
  }

  /// y = a · x + b · y over `count` elements, from `xStart` of `x` and from `yStart` of `y` on: a row into a row.
  ///
  /// - Precondition: both ranges exist.
  package func scaledAdd(
    _ a: Float, _ x: Span<Float>, from xStart: Int = 0, _ b: Float = 1, _ y: inout MutableSpan<Float>,
    from yStart: Int = 0, count: Int
  ) {
    precondition(
      count >= 0 && xStart >= 0 && yStart >= 0 && count <= x.count - xStart && count <= y.count - yStart,
      "VectorMath.scaledAdd: \(count) elements from \(xStart) of \(x.count) into \(yStart) of \(y.count)")
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        guard let x0 = x.baseAddress, let y0 = y.baseAddress else { return }
        table.pointee.scaled_add(a, x0 + xStart, b, y0 + yStart, count)
      }
    }
  }

  /// The number of elements at or above `threshold`; elements that are not numbers do not count.
  package func countAtLeast(_ x: Span<Float>, _ threshold: Float) -> Int {
    x.withUnsafeBufferPointer { x in
      guard let start = x.baseAddress else { return 0 }
      return table.pointee.count_at_least(start, x.count, threshold)
    }
  }
}
