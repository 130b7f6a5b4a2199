/// out[i] = table[rows[i]], for rows of `width` elements.
///
/// - Precondition: every row is in the table; `out` is `[rows.count, width]`.
package func gatherRows(
  _ table: Span<Float>, rows: Span<Int32>, width: Int, into out: inout MutableSpan<Float>
) {
  checkRows("gatherRows", rows, rowCount: width == 0 ? Int.max : table.count / width)
  precondition(out.count == rows.count * width, "gatherRows: [\(rows.count), \(width)] into \(out.count)")
  rows.withUnsafeBufferPointer { rows in
    withPointers(table, table, &out) { table, _, out in
      parallelForEach(count: rows.count, chunkSize: rowsPerChunk(width)) { range in
        for i in range { (out + i &* width).update(from: table + Int(rows[i]) &* width, count: width) }
      }
    }
  }
}

/// table[rows[i]] += x[i], for rows of `width` elements; rows may repeat.
///
/// Parallel over columns: every element receives its terms in the order of `rows`.
///
/// - Precondition: every row is in the table; `x` is `[rows.count, width]`.
package func scatterAddRows(
  _ x: Span<Float>, rows: Span<Int32>, width: Int, into table: inout MutableSpan<Float>
) {
  checkRows("scatterAddRows", rows, rowCount: width == 0 ? Int.max : table.count / width)
  precondition(x.count == rows.count * width, "scatterAddRows: \(x.count) is not [\(rows.count), \(width)]")
  rows.withUnsafeBufferPointer { rows in
    withPointers(x, x, &table) { x, _, table in
      parallelForEachColumnBlock(width) { columns in
        for i in 0..<rows.count {
          let (from, to) = (x + i &* width, table + Int(rows[i]) &* width)
          for c in columns { to[c] += from[c] }
        }
      }
    }
  }
}

/// Copies columns `from` of `x` `[rows, width]` to the columns of `out` `[rows, outWidth]` that start at `to`.
///
/// - Precondition: the columns exist, and the counts fit.
package func copyColumns(
  _ x: Span<Float>, width: Int, columns from: Range<Int>, rows: Int,
  into out: inout MutableSpan<Float>, width outWidth: Int, at to: Int
) {
  checkColumns("copyColumns", x.count, width, from, rows, out.count, outWidth, to)
  withPointers(x, x, &out) { x, _, out in
    for r in 0..<rows {
      (out + r &* outWidth + to).update(from: x + r &* width + from.lowerBound, count: from.count)
    }
  }
}

/// As `copyColumns`, adding.
package func addColumns(
  _ x: Span<Float>, width: Int, columns from: Range<Int>, rows: Int,
  into out: inout MutableSpan<Float>, width outWidth: Int, at to: Int
) {
  checkColumns("addColumns", x.count, width, from, rows, out.count, outWidth, to)
  withPointers(x, x, &out) { x, _, out in
    for r in 0..<rows {
      addScaledRow(1, x + r &* width + from.lowerBound, into: out + r &* outWidth + to, from.count)
    }
  }
}

private func checkColumns(
  _ name: StaticString, _ x: Int, _ width: Int, _ from: Range<Int>, _ rows: Int, _ out: Int, _ outWidth: Int, _ to: Int
) {
  precondition(
    from.lowerBound >= 0 && from.upperBound <= width && x == rows * width
      && to >= 0 && to + from.count <= outWidth && out == rows * outWidth,
    "\(name): columns \(from) of [\(rows), \(width)] to column \(to) of [\(rows), \(outWidth)]")
}

func checkRows(_ name: StaticString, _ rows: Span<Int32>, rowCount: Int) {
  for i in 0..<rows.count {
    let row = Int(rows[i])
    precondition(row >= 0 && row < rowCount, "\(name): row \(row) at \(i) is not in 0..<\(rowCount)")
  }
}
