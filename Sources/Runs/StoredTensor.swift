import Autodiff
import Files
import Kernels
import Recommenders

/// The type of a tensor's elements in a file, by its name in the safetensors format.
public enum StoredElementType: String, Sendable, CaseIterable {
  case float32 = "F32"
  case int64 = "I64"
  case int32 = "I32"
  case uint8 = "U8"

  public var byteCount: Int {
    switch self {
    case .int64: 8
    case .float32, .int32: 4
    case .uint8: 1
    }
  }
}

/// A tensor of any element type, as files hold it.
public struct StoredTensor: Sendable {
  public enum Values: Sendable {
    case float32(FloatBuffer)
    case int64([Int64])
    case int32([Int32])
    case uint8([UInt8])
  }

  public let shape: [Int]
  public let values: Values

  /// - Precondition: as many values as the shape has places.
  public init(shape: [Int], values: Values) {
    self.shape = shape
    self.values = values
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == count,
      "StoredTensor: \(count) values do not fill shape \(shape)")
  }

  public init(_ tensor: Tensor) {
    self.init(shape: tensor.shape.dimensions, values: .float32(tensor.buffer))
  }

  /// A vector.
  public init(_ values: [Int32]) { self.init(shape: [values.count], values: .int32(values)) }

  public init(_ array: StoredArray) {
    switch array {
    case .floats(let tensor): self.init(tensor)
    case .integers(let values): self.init(values)
    }
  }

  /// A vector.
  public init(_ values: [Int64]) { self.init(shape: [values.count], values: .int64(values)) }

  /// A vector, such as text in UTF-8.
  public init(_ values: [UInt8]) { self.init(shape: [values.count], values: .uint8(values)) }

  /// The number of elements.
  public var count: Int {
    switch values {
    case .float32(let values): values.count
    case .int64(let values): values.count
    case .int32(let values): values.count
    case .uint8(let values): values.count
    }
  }

  public var elementType: StoredElementType {
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
