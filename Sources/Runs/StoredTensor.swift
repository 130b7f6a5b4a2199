import TwoTowerAutodiff
import TwoTowerFiles
import TwoTowerKernels
import TwoTowerRecommenders

/// The type of a tensor's elements in a file, by its name in the safetensors format.
package enum StoredElementType: String, Sendable, CaseIterable {
  case float32 = "F32"
  case int64 = "I64"
  case int32 = "I32"
  case uint8 = "U8"

  package var byteCount: Int {
    switch self {
    case .int64: 8
    case .float32, .int32: 4
    case .uint8: 1
    }
  }
}

/// A tensor of any element type, as files hold it.
package struct StoredTensor: Sendable {
  package enum Values: Sendable {
    case float32(FloatBuffer)
    case int64([Int64])
    case int32([Int32])
    case uint8([UInt8])
  }

  package let shape: [Int]
  package let values: Values

  /// - Precondition: as many values as the shape has places.
  package init(shape: [Int], values: Values) {
    self.shape = shape
    self.values = values
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == count,
      "StoredTensor: \(count) values do not fill shape \(shape)")
  }

  package init(_ tensor: Tensor) {
    self.init(shape: tensor.shape.dimensions, values: .float32(tensor.buffer))
  }

  /// A vector.
  package init(_ values: [Int32]) { self.init(shape: [values.count], values: .int32(values)) }

  package init(_ array: StoredArray) {
    switch array {
    case .floats(let tensor): self.init(tensor)
    case .integers(let values): self.init(values)
    }
  }

  /// A vector.
  package init(_ values: [Int64]) { self.init(shape: [values.count], values: .int64(values)) }

  /// A vector, such as text in UTF-8.
  package init(_ values: [UInt8]) { self.init(shape: [values.count], values: .uint8(values)) }

  /// The number of elements.
  package var count: Int {
    switch values {
    case .float32(let values): values.count
    case .int64(let values): values.count
    case .int32(let values): values.count
    case .uint8(let values): values.count
    }
  }

  package var elementType: StoredElementType {
    switch values {
    case .float32: .float32
    case .int64: .int64
    case .int32: .int32
    case .uint8: .uint8
    }
  }

  var byteCount: Int { count * elementType.byteCount }

  /// Writes the elements in the machine's order, which is little-endian on all platforms of ours.
  func write(to file: inout OutputFile) throws(FileError) {
    switch values {
    case .float32(let values): try file.write(values.span.bytes)
    case .int64(let values): try file.write(values.span.bytes)
    case .int32(let values): try file.write(values.span.bytes)
    case .uint8(let values): try file.write(values.span.bytes)
    }
  }
}
