/// Elements of one chunk of an elementwise loop: small enough for the second-level cache, large enough to hand out.
private let elementwiseChunk = 1 << 15

// The loops below take spans at the door, check counts once, and run on pointers so that chunks can go to threads.
// Every output element depends on its own inputs alone: chunks cannot change a bit.

/// out = alpha · x + beta · y.
///
/// `out` may be `x` or `y`.
///
/// - Precondition: equal counts.
package func combine(
  _ alpha: Float, _ x: Span<Float>, _ beta: Float, _ y: Span<Float>, into out: inout MutableSpan<Float>
) {
  let count = checkedCount("combine", x.count, y.count, out.count)
  withPointers(x, y, &out) { x, y, out in
    parallelForEach(count: count, chunkSize: elementwiseChunk) { range in
      for i in range { out[i] = alpha * x[i] + beta * y[i] }
    }
  }
}

/// out = x · y, element by element.
///
/// - Precondition: equal counts.
package func multiply(_ x: Span<Float>, _ y: Span<Float>, into out: inout MutableSpan<Float>) {
  let count = checkedCount("multiply", x.count, y.count, out.count)
  withPointers(x, y, &out) { x, y, out in
    parallelForEach(count: count, chunkSize: elementwiseChunk) { range in
      for i in range { out[i] = x[i] * y[i] }
    }
  }
}

/// out += x · y, element by element.
///
/// - Precondition: equal counts.
package func addProduct(_ x: Span<Float>, _ y: Span<Float>, into out: inout MutableSpan<Float>) {
  let count = checkedCount("addProduct", x.count, y.count, out.count)
  withPointers(x, y, &out) { x, y, out in
    parallelForEach(count: count, chunkSize: elementwiseChunk) { range in
      for i in range { out[i] += x[i] * y[i] }
    }
  }
}

/// out += alpha · x.
///
/// - Precondition: equal counts.
package func addScaled(_ alpha: Float, _ x: Span<Float>, into out: inout MutableSpan<Float>) {
  let count = checkedCount("addScaled", x.count, x.count, out.count)
  withPointers(x, x, &out) { x, _, out in
    parallelForEach(count: count, chunkSize: elementwiseChunk) { range in
      for i in range { out[i] += alpha * x[i] }
    }
  }
}

/// out = alpha · x + offset.
///
/// - Precondition: equal counts.
package func affine(_ alpha: Float, _ x: Span<Float>, offset: Float, into out: inout MutableSpan<Float>) {
  let count = checkedCount("affine", x.count, x.count, out.count)
  withPointers(x, x, &out) { x, _, out in
    parallelForEach(count: count, chunkSize: elementwiseChunk) { range in
      for i in range { out[i] = alpha * x[i] + offset }
    }
  }
}

extension FloatBuffer {
  /// Multiplies the first `count` elements by `factor`.
  package func scaleFirst(_ count: Int, by factor: Float) {
    precondition(count <= self.count, "FloatBuffer.scaleFirst: \(count) of \(self.count)")
    for i in 0..<count { base[i] *= factor }
  }
}

/// out += offset, every element.
package func addConstant(_ offset: Float, into out: inout MutableSpan<Float>) {
  for i in 0..<out.count { out[unchecked: i] += offset }
}

/// out = alpha · x + beta · row, for every row of `x` `[rows, row.count]`.
///
/// - Precondition: `x` and `out` hold the same whole number of rows.
package func combineRows(
  _ alpha: Float, _ x: Span<Float>, _ beta: Float, row: Span<Float>, into out: inout MutableSpan<Float>
) {
  let (rows, width) = checkedRows("combineRows", x.count, row.count, out.count)
  withPointers(x, row, &out) { x, row, out in
    parallelForEach(count: rows, chunkSize: rowsPerChunk(width)) { range in
      for r in range {
        let (x, out) = (x + r &* width, out + r &* width)
        for i in 0..<width { out[i] = alpha * x[i] + beta * row[i] }
      }
    }
  }
}

/// Writes `row` to every row of `out`.
///
/// - Precondition: `out` holds whole rows of `row.count`.
package func repeatRow(_ row: Span<Float>, into out: inout MutableSpan<Float>) {
  let (rows, width) = checkedRows("repeatRow", out.count, row.count, out.count)
  withPointers(row, row, &out) { row, _, out in
    parallelForEach(count: rows, chunkSize: rowsPerChunk(width)) { range in
      for r in range { (out + r &* width).update(from: row, count: width) }
    }
  }
}

/// out = x · row, for every row of `x` `[rows, row.count]`.
///
/// - Precondition: `x` and `out` hold the same whole number of rows.
package func multiplyRows(_ x: Span<Float>, row: Span<Float>, into out: inout MutableSpan<Float>) {
  let (rows, width) = checkedRows("multiplyRows", x.count, row.count, out.count)
  withPointers(x, row, &out) { x, row, out in
    parallelForEach(count: rows, chunkSize: rowsPerChunk(width)) { range in
      for r in range {
        let (x, out) = (x + r &* width, out + r &* width)
        for i in 0..<width { out[i] = x[i] * row[i] }
      }
    }
  }
}

/// out += x · row, for every row of `x` `[rows, row.count]`.
///
/// - Precondition: `x` and `out` hold the same whole number of rows.
package func addProductRows(_ x: Span<Float>, row: Span<Float>, into out: inout MutableSpan<Float>) {
  let (rows, width) = checkedRows("addProductRows", x.count, row.count, out.count)
  withPointers(x, row, &out) { x, row, out in
    parallelForEach(count: rows, chunkSize: rowsPerChunk(width)) { range in
      for r in range {
        let (x, out) = (x + r &* width, out + r &* width)
        for i in 0..<width { out[i] += x[i] * row[i] }
      }
    }
  }
}

/// out = max(x, 0); a NaN stays a NaN, so that it is noticed.
///
/// - Precondition: equal counts.
package func rectify(_ x: Span<Float>, into out: inout MutableSpan<Float>) {
  let count = checkedCount("rectify", x.count, x.count, out.count)
  withPointers(x, x, &out) { x, _, out in
    parallelForEach(count: count, chunkSize: elementwiseChunk) { range in
      for i in range { out[i] = x[i] < 0 ? 0 : x[i] }
    }
  }
}

/// Sets `gradient` to 0 where `y` is not positive: the gradient of `rectify` with result `y`.
///
/// - Precondition: equal counts.
package func rectifyGradient(_ gradient: inout MutableSpan<Float>, y: Span<Float>) {
  let count = checkedCount("rectifyGradient", y.count, y.count, gradient.count)
  withPointers(y, y, &gradient) { y, _, gradient in
    parallelForEach(count: count, chunkSize: elementwiseChunk) { range in
      for i in range {
        let before = gradient[i]  // loaded in any case: a branch on random signs costs more than the arithmetic
        gradient[i] = y[i] > 0 ? before : 0
      }
    }
  }
}

/// Rows that make up about one elementwise chunk.
func rowsPerChunk(_ width: Int) -> Int { max(1, elementwiseChunk / max(width, 1)) }

func checkedCount(_ name: StaticString, _ x: Int, _ y: Int, _ out: Int) -> Int {
  precondition(x == y && x == out, "\(name): counts \(x), \(y) into \(out)")
  return out
}

private func checkedRows(_ name: StaticString, _ x: Int, _ width: Int, _ out: Int) -> (rows: Int, width: Int) {
  let rows = width == 0 ? 0 : x / width
  precondition(x == out && rows * width == x, "\(name): counts \(x) into \(out) are no rows of \(width)")
  return (rows, width)
}

/// Calls `body` with the first elements' addresses; for empty spans too, whose addresses are never read.
func withPointers(
  _ x: Span<Float>, _ y: Span<Float>, _ out: inout MutableSpan<Float>,
  _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      out.withUnsafeMutableBufferPointer { out in
        guard let x = x.baseAddress, let y = y.baseAddress, let out = out.baseAddress else { return }
        body(x, y, out)
      }
    }
  }
}
