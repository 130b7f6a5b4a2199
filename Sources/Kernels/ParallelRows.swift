// Parallel loops that hand each chunk the part of the output that is its own, so that no two chunks can write to one
// place. What follows is where they take that part from the whole: ranges of different chunks do not overlap.

/// Cuts rows of `width` numbers into chunks of `chunkSize` rows and calls `body` once for each, in parallel, with the
/// rows of the chunk and their numbers, `[rows.count, width]`, to write.
///
/// - Precondition: `values` holds whole rows, `width` and `chunkSize` are positive.
package func parallelForEach(
  rowsOf values: inout MutableSpan<Float>, width: Int, chunkSize: Int,
  _ body: (_ rows: Range<Int>, _ part: inout MutableSpan<Float>) -> Void
) {
  precondition(
    width > 0 && values.count % width == 0, "parallelForEach: \(values.count) elements are no rows of \(width)")
  forEachPart(of: &values, count: values.count / width, chunkSize: chunkSize, start: { $0 * width }, body)
}

/// As `parallelForEach(rowsOf:width:chunkSize:_:)`, over all of a buffer that nobody else writes to meanwhile.
package func parallelForEach(
  rowsOf buffer: FloatBuffer, width: Int, chunkSize: Int,
  _ body: (_ rows: Range<Int>, _ part: inout MutableSpan<Float>) -> Void
) {
  var values = buffer.mutableSpan
  parallelForEach(rowsOf: &values, width: width, chunkSize: chunkSize, body)
}

/// Cuts lists that lie end to end in `values` into chunks of `chunkSize` lists and calls `body` once for each, in
/// parallel, with the lists of the chunk and their numbers, those of the first list first.
///
/// - Parameter lists: where each list lies.
/// - Precondition: `lists` has an index for each of `values`, `chunkSize` is positive.
package func parallelForEach(
  listsOf values: inout MutableSpan<Float>, lists: IndexLists, chunkSize: Int,
  _ body: (_ lists: Range<Int>, _ part: inout MutableSpan<Float>) -> Void
) {
  precondition(
    lists.indices.count == values.count, "parallelForEach: \(values.count) elements for \(lists.indices.count) indices")
  let offsets = lists.offsets
  forEachPart(of: &values, count: lists.count, chunkSize: chunkSize, start: { Int(offsets[$0]) }, body)
}

/// - Parameter start: where in `values` the rows from the given one on begin; ascends, at most `values.count`.
private func forEachPart(
  of values: inout MutableSpan<Float>, count: Int, chunkSize: Int, start: (Int) -> Int,
  _ body: (Range<Int>, inout MutableSpan<Float>) -> Void
) {
  values.withUnsafeMutableBufferPointer { values in
    parallelForEach(count: count, chunkSize: chunkSize) { rows in
      let part = UnsafeMutableBufferPointer(rebasing: values[start(rows.lowerBound)..<start(rows.upperBound)])
      var span = part.mutableSpan
      body(rows, &span)
    }
  }
}
