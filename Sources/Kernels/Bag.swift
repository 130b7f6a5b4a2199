import TwoTowerCVectorMath

/// out[b] = Σ weights[j] · table[indices[j]] over the entries j of bag b; an empty bag gives zeros.
///
/// Bag b's entries are offsets[b]..<offsets[b + 1] (an EmbeddingBag with per-sample weights).
///
/// - Precondition: offsets ascend from 0 to `indices.count`, every index is in the table, a weight for every index,
///   and `out` is `[offsets.count − 1, width]`.
package func sumBags(
  _ table: Span<Float>, offsets: Span<Int32>, indices: Span<Int32>, weights: Span<Float>, width: Int,
  into out: inout MutableSpan<Float>
) {
  checkBags("sumBags", offsets, indices, weights, rowCount: width == 0 ? Int.max : table.count / width)
  let bags = offsets.count - 1
  precondition(out.count == bags * width, "sumBags: [\(bags), \(width)] into \(out.count)")
  let kernels = VectorMath.best.table
  if indices.count == 0 {  // there may be no address to read from
    for i in 0..<out.count { out[i] = 0 }
    return
  }
  offsets.withUnsafeBufferPointer { offsets in
    indices.withUnsafeBufferPointer { indices in
      withPointers(table, weights, &out) { table, weights, out in
        guard let indices = indices.baseAddress else { return }
        parallelForEach(count: bags, chunkSize: 64) { range in
          for b in range {
            let (start, end) = (Int(offsets[b]), Int(offsets[b &+ 1]))
            kernels.pointee.sum_rows(table, indices + start, weights + start, end &- start, width, out + b &* width)
          }
        }
      }
    }
  }
}

/// table[indices[j]] += weights[j] · gradient[b] for every entry j of every bag b: the gradient of `sumBags`.
///
/// Parallel over columns: every element receives its terms in the order of the entries.
///
/// - Precondition: as for `sumBags`, with `gradient` in the place of `out`.
package func addBagGradients(
  _ gradient: Span<Float>, offsets: Span<Int32>, indices: Span<Int32>, weights: Span<Float>, width: Int,
  into table: inout MutableSpan<Float>
) {
  checkBags("addBagGradients", offsets, indices, weights, rowCount: width == 0 ? Int.max : table.count / width)
  let bags = offsets.count - 1
  precondition(gradient.count == bags * width, "addBagGradients: \(gradient.count) is not [\(bags), \(width)]")
  let kernels = VectorMath.best.table
  offsets.withUnsafeBufferPointer { offsets in
    indices.withUnsafeBufferPointer { indices in
      withPointers(gradient, weights, &table) { gradient, weights, table in
        guard let indices = indices.baseAddress else { return }
        parallelForEachColumnBlock(width) { columns in
          let first = columns.lowerBound
          for b in 0..<bags {
            let (start, end) = (Int(offsets[b]), Int(offsets[b &+ 1]))
            kernels.pointee.add_to_rows(
              gradient + b &* width + first, indices + start, weights + start, end &- start, columns.count, width,
              table + first)
          }
        }
      }
    }
  }
}

/// The weights divided by their bag's sum.
///
/// A bag whose weights sum to 0 gets zeros: it has no mean.
///
/// - Precondition: offsets ascend from 0 to `weights.count`.
package func meanBagWeights(offsets: Span<Int32>, weights: Span<Float>) -> [Float] {
  checkOffsets("meanBagWeights", offsets, count: weights.count)
  var means = [Float](repeating: 0, count: weights.count)
  for b in 0..<(offsets.count - 1) {
    let entries = Int(offsets[b])..<Int(offsets[b + 1])
    var sum = 0.0
    for j in entries { sum += Double(weights[j]) }
    guard sum != 0 else { continue }
    for j in entries { means[j] = Float(Double(weights[j]) / sum) }
  }
  return means
}

private func checkBags(
  _ name: StaticString, _ offsets: Span<Int32>, _ indices: Span<Int32>, _ weights: Span<Float>, rowCount: Int
) {
  checkOffsets(name, offsets, count: indices.count)
  precondition(weights.count == indices.count, "\(name): \(indices.count) indices, \(weights.count) weights")
  checkRows(name, indices, rowCount: rowCount)
}

private func checkOffsets(_ name: StaticString, _ offsets: Span<Int32>, count: Int) {
  precondition(
    offsets.count > 0 && offsets[0] == 0 && Int(offsets[offsets.count - 1]) == count,
    "\(name): offsets do not span \(count) entries")
  for b in 1..<max(offsets.count, 1) {
    precondition(offsets[b - 1] <= offsets[b], "\(name): offset \(b) descends")
  }
}
