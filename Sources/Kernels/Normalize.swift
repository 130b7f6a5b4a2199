/// Rows of at most this norm have no direction.
package let smallestNorm: Float = 1e-12

/// Divides each row of `x` `[rows, width]` by its Euclidean norm and returns the norms' inverses, one per row.
///
/// Rows whose norm is at most `epsilon` become zeros, with an inverse of 0.
///
/// - Precondition: equal counts, whole rows.
package func normalizeRows(
  _ x: Span<Float>, width: Int, epsilon: Float, into out: inout MutableSpan<Float>,
  inverseNorms: inout MutableSpan<Float>
) {
  let rows = inverseNorms.count
  precondition(
    x.count == rows * width && out.count == x.count,
    "normalizeRows: counts \(x.count) into \(out.count) are not [\(rows), \(width)]")
  inverseNorms.withUnsafeMutableBufferPointer { inverseNorms in
    guard let inverseNorms = inverseNorms.baseAddress else { return }
    withPointers(x, x, &out) { x, _, out in
      parallelForEach(count: rows, chunkSize: rowsPerChunk(width)) { range in
        for r in range {
          let (x, out) = (x + r &* width, out + r &* width)
          let inverse = inverseNorm(x, width, epsilon: epsilon)
          inverseNorms[r] = inverse
          for i in 0..<width { out[i] = x[i] * inverse }
        }
      }
    }
  }
}

/// 1 / ‖x‖; 0 where the norm is at most `epsilon`.
///
/// A norm whose square is not finite in single precision gives NaN, so that vectors that have diverged are noticed.
func inverseNorm(_ x: UnsafePointer<Float>, _ width: Int, epsilon: Float) -> Float {
  let square = dotProduct(x, x, width)
  guard Float(square).isFinite else { return .nan }
  let norm = square.squareRoot()
  return norm <= Double(epsilon) ? 0 : Float(1 / norm)
}

/// out += (gradient − y (gradient · y)) / ‖x‖, row by row: the gradient of `normalizeRows` with result `y`.
///
/// - Precondition: the counts of `normalizeRows`.
package func addNormalizeGradient(
  _ gradient: Span<Float>, y: Span<Float>, inverseNorms: Span<Float>, width: Int, into out: inout MutableSpan<Float>
) {
  let rows = inverseNorms.count
  precondition(
    gradient.count == rows * width && y.count == gradient.count && out.count == gradient.count,
    "addNormalizeGradient: counts \(gradient.count), \(y.count) into \(out.count) are not [\(rows), \(width)]")
  inverseNorms.withUnsafeBufferPointer { inverseNorms in
    withPointers(gradient, y, &out) { gradient, y, out in
      parallelForEach(count: rows, chunkSize: rowsPerChunk(width)) { range in
        for r in range {
          let (gradient, y, out) = (gradient + r &* width, y + r &* width, out + r &* width)
          let inverse = inverseNorms[r]
          let along = Float(dotProduct(gradient, y, width))
          for i in 0..<width { out[i] += inverse * (gradient[i] - along * y[i]) }
        }
      }
    }
  }
}

/// As `addNormalizeGradient` for one row, given `x` instead of its direction.
func addNormalizedRowGradient(
  _ gradient: UnsafePointer<Float>, x: UnsafePointer<Float>, inverseNorm: Float, _ width: Int,
  into out: UnsafeMutablePointer<Float>
) {
  let along = Float(dotProduct(gradient, x, width) * Double(inverseNorm) * Double(inverseNorm))
  for i in 0..<width { out[i] += inverseNorm * (gradient[i] - along * x[i]) }
}
