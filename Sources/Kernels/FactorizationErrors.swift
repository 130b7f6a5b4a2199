// Matrix factorisation on observed entries: every entry costs one inner product forward and one row added to each
// factor backward. Rows of one factor belong to one chunk, so no two threads write to the same place and each sum has
// its terms in the order of the entries.

/// errors[e] = ⟨rows[r], columns[c]⟩ − value for every entry e at (r, c), in the order of rows.
///
/// - Parameters:
///   - rows: factor of the rows, `[entries.rowCount, width]`.
///   - columns: factor of the columns, `[entries.columnCount, width]`.
/// - Returns: the sum of squared errors.
/// - Precondition: the counts fit.
public func factorizationErrors(
  _ entries: ObservedEntries, rows: Span<Float>, columns: Span<Float>, width: Int, into errors: inout MutableSpan<Float>
) -> Double {
  checkFactors("factorizationErrors", entries, rows.count, columns.count, width, errors.count)
  let table = VectorMath.best.table
  let chunkSize = 64
  let partials = Partials(count: entries.rowCount / chunkSize + 1)
  entries.byRow.indices.withUnsafeBufferPointer { columnOf in
    entries.byRow.weights.withUnsafeBufferPointer { values in
      entries.byRow.offsets.withUnsafeBufferPointer { offsets in
        withPointers(rows, columns, &errors) { rows, columns, errors in
          parallelForEach(count: entries.rowCount, chunkSize: chunkSize) { range in
            var squares = 0.0
            for r in range {
              let row = rows + r &* width
              for e in Int(offsets[r])..<Int(offsets[r &+ 1]) {
                let error = table.pointee.dot(row, columns + Int(columnOf[e]) &* width, width) - values[e]
                errors[e] = error
                squares += Double(error) * Double(error)
              }
            }
            partials[range.lowerBound / chunkSize] = squares
          }
        }
      }
    }
  }
  return partials.total
}

/// gradient[r] += scale · Σ errors[e] · columns[c] over the entries e = (r, c) of each row.
///
/// - Precondition: the counts fit; `gradient` is `[entries.rowCount, width]`.
public func addFactorizationRowGradient(
  _ entries: ObservedEntries, errors: Span<Float>, columns: Span<Float>, width: Int, scale: Float,
  into gradient: inout MutableSpan<Float>
) {
  checkFactors("addFactorizationRowGradient", entries, gradient.count, columns.count, width, errors.count)
  let table = VectorMath.best.table
  entries.byRow.indices.withUnsafeBufferPointer { columnOf in
    entries.byRow.offsets.withUnsafeBufferPointer { offsets in
      withPointers(columns, errors, &gradient) { columns, errors, gradient in
        parallelForEach(count: entries.rowCount, chunkSize: 64) { range in
          for r in range {
            let out = gradient + r &* width
            for e in Int(offsets[r])..<Int(offsets[r &+ 1]) {
              table.pointee.scaled_add(scale * errors[e], columns + Int(columnOf[e]) &* width, 1, out, width)
            }
          }
        }
      }
    }
  }
}

/// gradient[c] += scale · Σ errors[e] · rows[r] over the entries e = (r, c) of each column.
///
/// - Parameter errors: in the order of rows, as `factorizationErrors` writes them.
/// - Precondition: the counts fit; `gradient` is `[entries.columnCount, width]`.
public func addFactorizationColumnGradient(
  _ entries: ObservedEntries, errors: Span<Float>, rows: Span<Float>, width: Int, scale: Float,
  into gradient: inout MutableSpan<Float>
) {
  checkFactors("addFactorizationColumnGradient", entries, rows.count, gradient.count, width, errors.count)
  let table = VectorMath.best.table
  entries.rows.withUnsafeBufferPointer { rowOf in
    entries.byColumn.order.withUnsafeBufferPointer { positions in
      entries.byColumn.offsets.withUnsafeBufferPointer { offsets in
        withPointers(rows, errors, &gradient) { rows, errors, gradient in
          // Some columns have hundreds of entries and most one or two: small chunks even that out.
          parallelForEach(count: entries.columnCount, chunkSize: 256) { range in
            for c in range {
              let out = gradient + c &* width
              for k in Int(offsets[c])..<Int(offsets[c &+ 1]) {
                let weight = scale * errors[Int(positions[k])]
                table.pointee.scaled_add(weight, rows + Int(rowOf[k]) &* width, 1, out, width)
              }
            }
          }
        }
      }
    }
  }
}

private func checkFactors(
  _ name: StaticString, _ entries: ObservedEntries, _ rows: Int, _ columns: Int, _ width: Int, _ errors: Int
) {
  precondition(
    rows == entries.rowCount * width && columns == entries.columnCount * width && errors == entries.count,
    """
    \(name): factors of \(rows) and \(columns), \(errors) errors; expected [\(entries.rowCount), \(width)], \
    [\(entries.columnCount), \(width)] and [\(entries.count)]
    """)
}
