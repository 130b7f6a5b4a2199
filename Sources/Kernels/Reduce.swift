/// The sum of the elements, accumulated in Double.
package func sum(_ x: Span<Float>) -> Double {
  var lanes = SIMD8<Double>.zero
  let vectors = x.count / 8
  x.withUnsafeBufferPointer { x in
    guard let x = x.baseAddress else { return }
    for v in 0..<vectors { lanes += SIMD8<Double>(load8(x + v &* 8)) }
  }
  var total = lanes.sum()
  for i in (vectors * 8)..<x.count { total += Double(x[i]) }
  return total
}

/// The inner product, accumulated in Double.
///
/// - Precondition: equal counts.
package func dot(_ x: Span<Float>, _ y: Span<Float>) -> Double {
  precondition(x.count == y.count, "dot: counts \(x.count) and \(y.count)")
  return x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      guard let first = x.baseAddress, let second = y.baseAddress else { return 0 }
      return dotProduct(first, second, x.count)
    }
  }
}

/// out[c] += alpha · Σ over rows of x[r, c].
///
/// - Precondition: `x` holds whole rows of `out.count`.
package func addColumnSums(_ alpha: Float, _ x: Span<Float>, into out: inout MutableSpan<Float>) {
  let width = out.count
  let rows = width == 0 ? 0 : x.count / width
  precondition(rows * width == x.count, "addColumnSums: \(x.count) elements are no rows of \(width)")
  withPointers(x, x, &out) { x, _, out in
    parallelForEachColumnBlock(width) { columns in
      for r in 0..<rows {
        let x = x + r &* width
        for c in columns { out[c] += alpha * x[c] }
      }
    }
  }
}

/// out[c] += Σ over rows of x[r, c] · y[r, c].
///
/// - Precondition: `x` and `y` hold the same whole number of rows of `out.count`.
package func addColumnDots(_ x: Span<Float>, _ y: Span<Float>, into out: inout MutableSpan<Float>) {
  let width = out.count
  let rows = width == 0 ? 0 : x.count / width
  precondition(
    rows * width == x.count && y.count == x.count,
    "addColumnDots: \(x.count) and \(y.count) elements are no rows of \(width)")
  withPointers(x, y, &out) { x, y, out in
    parallelForEachColumnBlock(width) { columns in
      for r in 0..<rows {
        let (x, y) = (x + r &* width, y + r &* width)
        for c in columns { out[c] += x[c] * y[c] }
      }
    }
  }
}

/// out[r] = Σ over columns of x[r, c] · y[r, c].
///
/// - Precondition: `x` and `y` are `[out.count, width]`.
package func rowDots(_ x: Span<Float>, _ y: Span<Float>, width: Int, into out: inout MutableSpan<Float>) {
  let rows = out.count
  precondition(
    x.count == rows * width && y.count == rows * width,
    "rowDots: counts \(x.count), \(y.count) are not [\(rows), \(width)]")
  withPointers(x, y, &out) { x, y, out in
    parallelForEach(count: rows, chunkSize: rowsPerChunk(width)) { range in
      for r in range { out[r] = Float(dotProduct(x + r &* width, y + r &* width, width)) }
    }
  }
}

/// out[r, c] += factors[r] · x[r, c].
///
/// - Precondition: `x` and `out` are `[factors.count, width]`.
package func addRowsScaled(
  by factors: Span<Float>, _ x: Span<Float>, width: Int, into out: inout MutableSpan<Float>
) {
  let rows = factors.count
  precondition(
    x.count == rows * width && out.count == rows * width,
    "addRowsScaled: counts \(x.count) into \(out.count) are not [\(rows), \(width)]")
  withPointers(x, factors, &out) { x, factors, out in
    parallelForEach(count: rows, chunkSize: rowsPerChunk(width)) { range in
      for r in range { addScaledRow(factors[r], x + r &* width, into: out + r &* width, width) }
    }
  }
}

/// The position of the first element that is infinite or not a number.
package func firstNonFinite(_ x: Span<Float>) -> Int? {
  // x − x is 0 for finite values alone, and zeros add to zero: one vector pass settles the usual case.
  var lanes = SIMD8<Float>.zero
  let vectors = x.count / 8
  x.withUnsafeBufferPointer { x in
    guard let x = x.baseAddress else { return }
    for v in 0..<vectors {
      let values = load8(x + v &* 8)
      lanes += values - values
    }
  }
  let start = lanes == .zero ? vectors * 8 : 0
  for i in start..<x.count where !x[i].isFinite { return i }
  return nil
}

// MARK: - Pieces of rows

@inline(__always)
func load8(_ x: UnsafePointer<Float>) -> SIMD8<Float> {
  UnsafeRawPointer(x).loadUnaligned(as: SIMD8<Float>.self)
}

/// Σ x[i] · y[i], accumulated in Double in eight partial sums.
@inline(__always)
func dotProduct(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int) -> Double {
  var lanes = SIMD8<Double>.zero
  let vectors = count / 8
  for v in 0..<vectors { lanes += SIMD8<Double>(load8(x + v &* 8)) * SIMD8<Double>(load8(y + v &* 8)) }
  var total = lanes.sum()
  for i in (vectors &* 8)..<count { total += Double(x[i]) * Double(y[i]) }
  return total
}

/// out += alpha · x over one row.
@inline(__always)
func addScaledRow(
  _ alpha: Float, _ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, _ count: Int
) {
  for i in 0..<count { out[i] += alpha * x[i] }
}

/// Calls `body` for blocks of columns, each a multiple of a cache line, in parallel.
///
/// For sums over rows: each column's terms are added in row order whatever the blocks.
func parallelForEachColumnBlock(_ width: Int, _ body: (Range<Int>) -> Void) {
  parallelForEach(count: width, chunkSize: max(16, (width / 4 + 15) / 16 * 16), body)
}
