import TwoTowerKernels

/// A dense, row-major `Float` tensor of rank 0 to 3.
///
/// Copies share storage. Operations return new tensors; only optimisers and gradient accumulation write in place.
package struct Tensor: Sendable {
  package let shape: Shape
  package let buffer: FloatBuffer

  /// - Precondition: `buffer.count == shape.count`.
  package init(shape: Shape, buffer: FloatBuffer) {
    precondition(
      buffer.count == shape.count, "Tensor: \(buffer.count) values do not fill shape \(shape)")
    self.shape = shape
    self.buffer = buffer
  }

  package init(zeros shape: Shape) { self.init(shape: shape, buffer: FloatBuffer(zeros: shape.count)) }

  /// A tensor to be filled before it is read.
  init(unfilled shape: Shape) { self.init(shape: shape, buffer: FloatBuffer(uninitialized: shape.count)) }

  /// - Precondition: `values.count == shape.count`.
  package init(_ shape: Shape, _ values: [Float]) {
    self.init(shape: shape, buffer: FloatBuffer(values))
  }

  package init(scalar value: Float) { self.init([], [value]) }

  package var count: Int { buffer.count }

  /// A copy of the elements in row-major order.
  package var array: [Float] { buffer.array }

  /// The only element of a tensor of one element.
  package var item: Float {
    precondition(count == 1, "Tensor.item: shape \(shape) has \(count) elements, not 1")
    return buffer.span[0]
  }

  /// The same storage seen under another shape of equal count.
  package func reshaped(to shape: Shape) -> Tensor { Tensor(shape: shape, buffer: buffer) }

  /// The same elements in storage of their own.
  package func copy() -> Tensor {
    let copy = Tensor(unfilled: shape)
    copy.buffer.copyFirst(count, from: buffer)
    return copy
  }

  /// Whether every element is finite.
  package var isFinite: Bool { firstNonFinite(buffer.span) == nil }

  /// The matrix with every row divided by its Euclidean norm; a row of at most `smallestNorm` becomes zeros.
  package var withUnitRows: Tensor {
    precondition(shape.rank == 2, "Tensor.withUnitRows: shape \(shape) is not of rank 2")
    let result = Tensor(unfilled: shape)
    let inverseNorms = FloatBuffer(uninitialized: shape[0])
    var out = result.buffer.mutableSpan
    var inverses = inverseNorms.mutableSpan
    normalizeRows(buffer.span, width: shape[1], epsilon: smallestNorm, into: &out, inverseNorms: &inverses)
    return result
  }

  /// A copy of one row of a matrix, `[shape[1]]`.
  package func row(_ index: Int) -> Tensor {
    precondition(shape.rank == 2 && index >= 0 && index < shape[0], "Tensor.row: \(index) of shape \(shape)")
    let width = shape[1]
    let values = buffer.span.extracting(index * width..<(index + 1) * width)
    return Tensor([width], (0..<width).map { values[$0] })
  }
}
