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
package func factorizationErrors(
  _ entries: ObservedEntries, rows: Span<Float>, columns: Span<Float>, width: Int, into errors: inout MutableSpan<Float>
) -> Double {
  checkFactors("factorizationErrors", entries, rows.count, columns.count, width, errors.count)
  let table = VectorMath.best.table
  let chunkSize = 64
  let partials = Partials(count: entries.rowCount / chunkSize + 1)
  rows.withUnsafeBufferPointer { rows in
    columns.withUnsafeBufferPointer { columns in
      guard let rows = rows.baseAddress, let columns = columns.baseAddress else { return }
      parallelForEach(listsOf: &errors, lists: entries.byRow.lists, chunkSize: chunkSize) { range, errors in
        let first = entries.byRow.range(of: range.lowerBound).lowerBound
        var squares = 0.0
        for r in range {
          for e in entries.byRow.range(of: r) {
            let column = columns + Int(entries.byRow.indices[e]) &* width
            let error = table.pointee.dot(rows + r &* width, column, width) - entries.byRow.weights[e]
            errors[e &- first] = error
            squares += Double(error) * Double(error)
          }
        }
        partials[range.lowerBound / chunkSize] = squares
      }
    }
  }
  return partials.total
}

/// gradient[r] += scale · Σ errors[e] · columns[c] over the entries e = (r, c) of each row.
///
/// - Precondition: the counts fit; `gradient` is `[entries.rowCount, width]`.
package func addFactorizationRowGradient(
  _ entries: ObservedEntries, errors: Span<Float>, columns: Span<Float>, width: Int, scale: Float,
  into gradient: inout MutableSpan<Float>
) {
  checkFactors("addFactorizationRowGradient", entries, gradient.count, columns.count, width, errors.count)
  addWeightedRows(columns, width: width, into: &gradient, chunkSize: 64) { r, add in
    for e in entries.byRow.range(of: r) { add(scale * errors[e], Int(entries.byRow.indices[e])) }
  }
}

/// gradient[c] += scale · Σ errors[e] · rows[r] over the entries e = (r, c) of each column.
///
/// - Parameter errors: in the order of rows, as `factorizationErrors` writes them.
/// - Precondition: the counts fit; `gradient` is `[entries.columnCount, width]`.
package func addFactorizationColumnGradient(
  _ entries: ObservedEntries, errors: Span<Float>, rows: Span<Float>, width: Int, scale: Float,
  into gradient: inout MutableSpan<Float>
) {
  checkFactors("addFactorizationColumnGradient", entries, rows.count, gradient.count, width, errors.count)
  // Some columns have hundreds of entries and most one or two: small chunks even that out.
  addWeightedRows(rows, width: width, into: &gradient, chunkSize: 256) { c, add in
    for k in entries.byColumn.range(of: c) {
      add(scale * errors[Int(entries.byColumn.order[k])], Int(entries.rows[k]))
    }
  }
}

/// Adds to each row of `gradient` what `terms` says: rows of `factor`, each times a weight.
@inline(__always)
private func addWeightedRows(
  _ factor: Span<Float>, width: Int, into gradient: inout MutableSpan<Float>, chunkSize: Int,
  _ terms: (_ row: Int, _ add: (_ weight: Float, _ factorRow: Int) -> Void) -> Void
) {
  guard width > 0 else { return }
  let table = VectorMath.best.table
  factor.withUnsafeBufferPointer { factor in
    guard let factor = factor.baseAddress else { return }
    parallelForEach(rowsOf: &gradient, width: width, chunkSize: chunkSize) { range, part in
      part.withUnsafeMutableBufferPointer { part in
        guard let part = part.baseAddress else { return }
        for row in range {
          let out = part + (row &- range.lowerBound) &* width
          terms(row) { weight, factorRow in table.pointee.scaled_add(weight, factor + factorRow &* width, 1, out, width)
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
