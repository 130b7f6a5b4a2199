/// Fixed-size storage for `Float` values, aligned to 64 bytes and freed with its last reference.
///
/// A class with a constant pointer, because per-element access to a class's `var [Float]` blocks vectorisation.
/// Reference semantics: every holder sees writes made through `mutableSpan`.
package final class FloatBuffer: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>

  /// The number of elements.
  package let count: Int

  /// Creates a buffer of `count` zeros.
  ///
  /// - Precondition: `count >= 0`.
  package init(zeros count: Int) {
    precondition(count >= 0, "FloatBuffer: negative count \(count)")
    self.count = count
    base = Self.allocate(count)
    base.initialize(repeating: 0, count: count)
  }

  /// Creates a buffer whose elements have no particular value: scratch that is written before it is read.
  package init(uninitialized count: Int) {
    precondition(count >= 0, "FloatBuffer: negative count \(count)")
    self.count = count
    base = Self.allocate(count)
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    BlockPool.take(count * 4).bindMemory(to: Float.self, capacity: max(count, 1))
  }

  /// Creates a buffer holding a copy of `values`.
  package convenience init(_ values: [Float]) {
    self.init(zeros: values.count)
    values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { base.update(from: start, count: values.count) }
    }
  }

  deinit { BlockPool.giveBack(UnsafeMutableRawPointer(base), count * 4) }

  /// The elements, for reading.
  package var span: Span<Float> {
    @_lifetime(borrow self)
    get {
      let span = unsafe Span(_unsafeStart: UnsafePointer(base), count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The elements, for writing, by one caller at a time: nothing keeps two holders of the buffer from each taking one.
  ///
  /// Parallel loops do not take it: `parallelForEach(rowsOf:width:chunkSize:_:)` hands each chunk its own part.
  package var mutableSpan: MutableSpan<Float> {
    @_lifetime(borrow self)
    get {
      let span = unsafe MutableSpan(_unsafeStart: base, count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Some of the elements, for writing: `mutableSpan` for a part.
  ///
  /// - Precondition: `range` is within 0..<count.
  @_lifetime(borrow self)
  package func mutableSpan(of range: Range<Int>) -> MutableSpan<Float> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "FloatBuffer: \(range) of \(count)")
    let span = unsafe MutableSpan(_unsafeStart: base + range.lowerBound, count: range.count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// A copy of the elements as an array.
  package var array: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }
}

extension FloatBuffer {
  /// Sets the first `count` elements to zero.
  package func zeroFirst(_ count: Int) {
    precondition(count <= self.count, "FloatBuffer.zeroFirst: \(count) of \(self.count)")
    base.update(repeating: 0, count: count)
  }

  /// Copies the first `count` elements of `source` over the first of this buffer.
  package func copyFirst(_ count: Int, from source: FloatBuffer) {
    precondition(count <= self.count && count <= source.count, "FloatBuffer.copyFirst: \(count) elements")
    base.update(from: source.base, count: count)
  }

  /// Copies all of `source` over the elements from `offset` on.
  package func copy(_ source: FloatBuffer, at offset: Int) {
    precondition(
      offset >= 0 && offset + source.count <= count, "FloatBuffer.copy: \(source.count) at \(offset) of \(count)")
    (base + offset).update(from: source.base, count: source.count)
  }
}

extension MutableSpan<Float> {
  /// Some of the elements, for writing while nobody reads or writes the others.
  ///
  /// - Precondition: `range` is within 0..<count.
  @_lifetime(&self)
  package mutating func part(_ range: Range<Int>) -> MutableSpan<Float> { _mutatingExtracting(range) }
}
